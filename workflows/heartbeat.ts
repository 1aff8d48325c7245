/** One heartbeat as a workflow: it keeps the deadline and tells its incident; every rule is in domain/heartbeat.ts. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  log,
  makeContinueAsNewFunc,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { IntakeActivities } from '../activities/contract.ts';
import type { HeartbeatState } from '../domain/heartbeat.ts';
import {
  afterMessage,
  afterNobodyTold,
  afterTold,
  beginWatch,
  heartbeatLook,
  lookedAt,
  owedWord,
} from '../domain/heartbeat.ts';
import type { HeartbeatView } from '../domain/heartbeatTelling.ts';
import { heartbeatDetails, heartbeatEvent, heartbeatSentence, heartbeatView } from '../domain/heartbeatTelling.ts';
import { Alarm } from './alarm.ts';
import type { HeartbeatInput, HeartbeatMemo, HeartbeatResult } from './heartbeatMessages.ts';
import { heartbeatQuery, heartbeatSignal } from './heartbeatMessages.ts';

const SECOND = 1_000;

/** Of what one worker does not know, and after a reload another may. */
const UNKNOWN_FOR = 15 * 60 * SECOND;

const taking = (summary: string, unknownFor: number = UNKNOWN_FOR) =>
  proxyActivities<IntakeActivities>({
    startToCloseTimeout: 30 * SECOND,
    scheduleToCloseTimeout: unknownFor,
    retry: { initialInterval: SECOND, maximumInterval: 30 * SECOND },
    summary,
  });

/** Not to be cancelled: the Temporal UI's button for that must not end a watch unseen. "Terminate" ends one by force. */
export async function heartbeat(input: HeartbeatInput): Promise<HeartbeatResult> {
  return CancellationScope.nonCancellable(() => live(input));
}

async function live(input: HeartbeatInput): Promise<HeartbeatResult> {
  let state = input.carried ?? beginWatch(input.watch, workflowInfo().startTime.getTime());
  let changed = false;
  let isTelling = false;
  const memo = new Memo();
  const alarm = new Alarm();
  const become = (next: HeartbeatState): void => {
    state = next;
    changed = true;
  };

  /** Not awaited: beats come in meanwhile, and what it comes to then is told next; so is what nobody was there to take. */
  const tell = async (word: 'trigger' | 'resolve'): Promise<void> => {
    isTelling = true;
    const event = heartbeatEvent(state, word);
    try {
      await taking(event.summary, input.unknownFor).takeIn(state.integration, [event]);
      become(afterTold(state, word));
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      if (isIntegrationGone(error)) {
        become(afterNobodyTold(state));
        log.warn('a heartbeat is watched no more', { heartbeat: state.name, why: state.over });
      }
    } finally {
      isTelling = false;
      changed = true;
    }
  };

  setHandler(heartbeatSignal, (message) => become(afterMessage(state, message, Date.now())), {
    description: 'A beat, or a change of how it is watched',
  });
  setHandler(heartbeatQuery, () => heartbeatView(state), { description: 'The heartbeat as it is now' });

  for (;;) {
    state = lookedAt(state, Date.now());
    changed = false;
    setCurrentDetails(heartbeatDetails(state));
    memo.publish(heartbeatView(state));
    const word = owedWord(state);
    if (word !== null && !isTelling) void tell(word);
    if (!isTelling && state.over !== null) return { heartbeat: heartbeatView(state), outcome: state.over };
    if (shouldContinueAsNew(input, isTelling)) {
      const { carried: _carried, ...same } = input;
      await makeContinueAsNewFunc<typeof heartbeat>({ memo: memoOf(state) })({ ...same, carried: state });
    }
    alarm.set(heartbeatLook(state) ?? undefined, heartbeatSentence(state), () => (changed = true));
    await condition(() => changed);
  }
}

/** Not while the worker or the store is away: then nobody can say. */
const isIntegrationGone = ({ cause }: ActivityFailure): boolean =>
  cause instanceof ApplicationFailure && cause.type === 'UNKNOWN_INTEGRATION';

/** At the server's suggestion, once nothing is under way; what is still under way at twice that length is told anew. */
function shouldContinueAsNew({ maxHistoryLength }: HeartbeatInput, isTelling: boolean): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  const isLong = maxHistoryLength === undefined ? continueAsNewSuggested : historyLength > maxHistoryLength;
  return isLong && (!isTelling || historyLength > 2 * (maxHistoryLength ?? 4_096));
}

const memoOf = (state: HeartbeatState): HeartbeatMemo => ({ heartbeat: heartbeatView(state) });

/** Milliseconds by which a list may be behind in what alone moves with each beat. */
const BEHIND = 30 * SECOND;

/** What lists show, written only when it changed: many beats cost the history no more than their signals. */
class Memo {
  private written = workflowInfo().memo?.['heartbeat'] as HeartbeatView | undefined;

  publish(view: HeartbeatView): void {
    if (this.written !== undefined && isNear(this.written, view)) return;
    upsertMemo({ heartbeat: view } satisfies HeartbeatMemo);
    this.written = view;
  }
}

function isNear(written: HeartbeatView, view: HeartbeatView): boolean {
  const still = ({ lastBeat: _lastBeat, deadline: _deadline, beats: _beats, ...rest }: HeartbeatView): string =>
    JSON.stringify(rest);
  const isClose = (one: string | null, other: string | null): boolean =>
    one === null || other === null ? one === other : Math.abs(Date.parse(one) - Date.parse(other)) < BEHIND;
  return (
    still(written) === still(view) &&
    isClose(written.lastBeat, view.lastBeat) &&
    isClose(written.deadline, view.deadline)
  );
}
