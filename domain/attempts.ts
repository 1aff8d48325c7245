/** Attempts of pages and of notices: how each ended, as the ledger has it, and how long it is until the next. */
import type { AttemptResult } from './commands.ts';
import { minutes, seconds } from './duration.ts';
import type { Milliseconds } from './duration.ts';
import type { MadeAttempt } from './incident.ts';

/** The longest gap between two attempts, whatever a provider asks for. */
export const LONGEST_GAP = minutes(5);
const FIRST_GAP = seconds(2);

/** 2 s after the first failed attempt, twice as long after each further one, 5 min at the most. */
export function gapAfter(attempts: number): Milliseconds {
  return Math.min(LONGEST_GAP, FIRST_GAP * 2 ** Math.min(attempts - 1, 20)) as Milliseconds;
}

/** The line that an outcome is in the ledger. */
export function attemptOf(result: AttemptResult): MadeAttempt {
  const { at } = result;
  switch (result.outcome) {
    case 'sent': {
      const { providerId, detail } = result;
      return {
        at,
        outcome: 'sent',
        ...(providerId === undefined ? {} : { providerId }),
        ...(detail === undefined ? {} : { detail }),
      };
    }
    case 'terminal':
    case 'retryable':
      return { at, outcome: 'failed', code: result.code, detail: result.detail };
    case 'unknown':
      return { at, outcome: 'unknown', code: result.code, detail: result.detail };
    case 'cancelled':
      return { at, outcome: 'cancelled' };
    default:
      return result satisfies never;
  }
}
