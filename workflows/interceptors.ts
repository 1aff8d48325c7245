/**
 * Refuses a task that runs with the clock of an earlier one (docs/adr/0006). The SDK's core (1.24) makes one where a query
 * that waited for a worker is the first thing a new worker is given, and something has happened to the incident meanwhile.
 * What it decided would not replay, and the incident would be stuck for good. Refused, only that query fails: the worker
 * forgets the incident, and its own task, which comes next, replays it with the true clock.
 */
import type { WorkflowInterceptors } from '@temporalio/workflow';
import { STALE_CLOCK } from './messages.ts';

export function interceptors(): WorkflowInterceptors {
  let historyLength = 0;
  let time = 0;
  return {
    internals: [
      {
        activate(input, next) {
          const { activation } = input;
          const length = activation.historyLength ?? 0;
          const now = Number(activation.timestamp?.seconds ?? 0) * 1_000 + (activation.timestamp?.nanos ?? 0) / 1e6;
          const acts = activation.jobs?.some((job) => !job.queryWorkflow && !job.removeFromCache) ?? false;
          // History that grew brings a task that was started since, and with that a later clock.
          const stale = historyLength > 0 && length > historyLength && now <= time;
          if (stale && acts && !activation.isReplaying) throw new Error(STALE_CLOCK);
          historyLength = length;
          time = now;
          return next(input);
        },
      },
    ],
  };
}
