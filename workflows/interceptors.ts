/**
 * Refuses to answer from a task that ran with the clock of an earlier one (docs/adr/0006). The SDK's core (1.24) makes one
 * where a query that waited for a worker is the first thing a new worker is given, and something has happened to the
 * incident meanwhile. What it decided would not replay, and the incident would be stuck for good. Refused, only that query
 * fails: the worker forgets the incident, and its own task, which comes next, replays it with the true clock.
 *
 * A run that has ended (by force, with something it never heard) gets no task of its own any more, and nothing that is
 * decided there counts: the query that says so is answered.
 */
import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter, type WorkflowInterceptors } from '@temporalio/workflow';
import { STALE_CLOCK } from './messages.ts';

export function interceptors(): WorkflowInterceptors {
  let historyLength = 0;
  let time = 0;
  let stale = false;
  return {
    internals: [
      {
        activate(input, next) {
          const { activation } = input;
          const length = activation.historyLength ?? 0;
          const now = Number(activation.timestamp?.seconds ?? 0) * 1_000 + (activation.timestamp?.nanos ?? 0) / 1e6;
          const jobs = activation.jobs ?? [];
          const queries = jobs.flatMap(({ queryWorkflow }) => queryWorkflow ?? []);
          const acts = jobs.some((job) => !job.queryWorkflow && !job.removeFromCache);
          if (stale && (acts || !queries.every(ofAnEndedRun))) throw new Error(STALE_CLOCK);
          // History that grew brings a task that was started since, and with that a later clock.
          stale ||= historyLength > 0 && length > historyLength && now <= time && acts && !activation.isReplaying;
          historyLength = length;
          time = now;
          return next(input);
        },
      },
    ],
  };
}

/** Whether the one who asks has seen that the run has ended: the second argument of workflows/messages.ts' queries. */
function ofAnEndedRun({ arguments: given }: { readonly arguments?: readonly Payload[] | null }): boolean {
  const ended = given?.[1];
  return ended !== undefined && defaultPayloadConverter.fromPayload(ended) === true;
}
