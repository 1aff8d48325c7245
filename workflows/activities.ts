/** How the workflow calls the world: queues, timeouts, and what a failure means. */
import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
  proxyActivities,
} from '@temporalio/workflow';
import type { IncidentActivities, NotifyActivities, RecordActivities, TellActivities } from '../activities/contract.ts';
import { ATTEMPT_FAILURES, queueOf } from '../activities/contract.ts';
import type { AttemptResult } from '../domain/commands.ts';
import type { Channel } from '../domain/channels.ts';
import type { Effect } from '../domain/effects.ts';
import type { ErrorCode } from '../domain/errors.ts';

const SECOND = 1_000;

/** Look-ups in the worker's own memory: they fail only with the worker, so Temporal repeats them for ever. */
export const lookups = proxyActivities<IncidentActivities>({
  startToCloseTimeout: 5 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 10 * SECOND },
});

/** They fail only while the store is away, and are repeated until it is back: no events in the history meanwhile. */
export const records = proxyActivities<RecordActivities>({
  startToCloseTimeout: 5 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 30 * SECOND },
});

/**
 * One execution is one attempt, so that the ledger holds each of them, and the incident decides about the next
 * (lifecycle §5.5). 60 s in all (design §2.5): after 50 s in the queue it was not begun; after 10 s in a worker it is
 * unknown what became of it. Cancelling calls back only what has not begun; what has, reports how it ended.
 */
const channel = (channel: Channel, summary: string) =>
  proxyActivities<NotifyActivities & TellActivities>({
    taskQueue: queueOf(channel),
    scheduleToStartTimeout: 50 * SECOND,
    startToCloseTimeout: 10 * SECOND,
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  });

/** Makes one attempt. Never rejects: whatever happens is an outcome. */
export async function attempt(effect: Extract<Effect, { kind: 'notify' | 'tell' }>): Promise<AttemptResult> {
  try {
    const { notify, tell } = channel(effect.channel, effect.summary);
    const receipt = await (effect.kind === 'notify' ? notify(effect.request()) : tell(effect.request()));
    return { ...receipt, outcome: 'sent', at: Date.now() };
  } catch (error) {
    return resultOf(error);
  }
}

function resultOf(error: unknown): AttemptResult {
  const at = Date.now();
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof CancelledFailure) return { outcome: 'cancelled', at };
  if (cause instanceof TimeoutFailure) {
    return cause.timeoutType === 'SCHEDULE_TO_START'
      ? { outcome: 'retryable', at, code: 'NOT_STARTED', detail: 'no worker took it within 50s' }
      : { outcome: 'unknown', at, code: 'WORKER_LOST', detail: 'no outcome within 10s' };
  }
  if (cause instanceof ApplicationFailure && cause.type && Object.hasOwn(ATTEMPT_FAILURES, cause.type)) {
    return failureResult(cause.type as keyof typeof ATTEMPT_FAILURES, cause.details ?? [], at);
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { outcome: 'retryable', at, code: 'INTERNAL', detail };
}

function failureResult(outcome: keyof typeof ATTEMPT_FAILURES, details: readonly unknown[], at: number): AttemptResult {
  const [code, detail, after] = details as [ErrorCode, string, number?];
  return { outcome, at, code, detail, ...(typeof after === 'number' ? { after } : {}) };
}
