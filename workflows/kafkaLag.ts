/** One poll of a monitor, by its schedule: how far a consumer group is behind, and what that makes of its incident. */
import { proxyActivities, setCurrentDetails, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { IntakeActivities, MonitorActivities } from '../activities/contract.ts';
import type { LagStanding, LagVerdict } from '../domain/lag.ts';
import { judgeLag, sumLines } from '../domain/lag.ts';

const SECOND = 1_000;

/** The poll ends by itself before that (activities/monitors/reading.ts); only one whose worker is lost is made again. */
const { pollKafkaLag } = proxyActivities<MonitorActivities>({
  startToCloseTimeout: 30 * SECOND,
  retry: { maximumAttempts: 2 },
  summary: 'Reads the lag',
});

/** Until Temporal has it, or the execution's time is over: the next poll says it again. */
const { takeIn } = proxyActivities<IntakeActivities>({
  startToCloseTimeout: 30 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 10 * SECOND },
  summary: 'Gives in what it found',
});

/** What the Temporal UI has of a poll, and the next poll knows. */
export type PolledLag = LagStanding & Pick<LagVerdict, 'sentence'>;

/** Fails where its integration is not in the configuration; that the lag cannot be read is a result, for the next poll counts it. */
export async function kafkaLag(monitor: string): Promise<PolledLag | null> {
  const before = (workflowInfo().lastResult as PolledLag | null | undefined) ?? null;
  const poll = await pollKafkaLag(monitor);
  // Between two reloads of several workers; its schedule goes with the last.
  if (poll === null) return before;
  const { events, sums, sentence, ...standing } = judgeLag(poll.settings, poll.reading, before);
  const lines = sumLines(poll.settings, sums);
  setCurrentDetails([`**${sentence}**`, ...lines.map((line) => `- ${line}`)].join('\n'));
  upsertMemo({ summary: sentence, lags: lines });
  if (events.length > 0) await takeIn(poll.settings.integration, events);
  return { ...standing, sentence };
}
