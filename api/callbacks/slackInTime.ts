/** Slack waits 3 s for an answer. A press it gives once, and tells who pressed where it is kept waiting; an event it sends again, until it is taken. */
import type { SlackPayload } from './slackPayloads.ts';

const ANSWERED_WITHIN = 2_500;

/**
 * Waits until Slack is to be answered: of a press for 2.5 s at the most, for whoever pressed is told by the work itself what
 * came of it; `late` hears of a failure after that. Of all else until it is done: what was not done is not to be taken.
 */
export async function inTime(
  { kind }: SlackPayload,
  work: Promise<void>,
  late: (error: unknown) => void,
): Promise<void> {
  if (kind !== 'press') return work;
  let waits = true;
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, ANSWERED_WITHIN)));
  work.catch((error: unknown) => (waits ? undefined : late(error)));
  try {
    return await Promise.race([work, enough]);
  } finally {
    waits = false;
    clearTimeout(timer);
  }
}
