/** One poll of a monitor, by its schedule: how far a consumer group is behind, and what that makes of its incident. */
import { proxyActivities, setCurrentDetails, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { IntakeActivities, MonitorActivities } from '../activities/contract.ts';
import type { LagStanding, LagVerdict } from '../domain/lag.ts';
import { judgeLag, sumLines } from '../domain/lag.ts';
import type { KafkaLagSettings } from '../domain/monitors.ts';

const SECOND = 1_000;

/** The poll ends by itself before that (activities/monitors/reading.ts); only one whose worker is lost is made again. */
const { pollKafkaLag } = proxyActivities<MonitorActivities>({
  startToCloseTimeout: 30 * SECOND,
  retry: { maximumAttempts: 2 },
  summary: 'Reads the lag',
});

/** No longer than until the next poll is due, which says it again: while this one goes on, it is skipped. */
const giving = ({ every }: KafkaLagSettings) =>
  proxyActivities<IntakeActivities>({
    startToCloseTimeout: 30 * SECOND,
    scheduleToCloseTimeout: Math.min(every, 60 * SECOND),
    retry: { initialInterval: SECOND, maximumInterval: 10 * SECOND },
    summary: 'Gives in what it found',
  });

/** What the Temporal UI has of a poll, and the next poll knows. */
export type PolledLag = LagStanding & Pick<LagVerdict, 'sentence'>;

/**
 * Fails where what it found cannot be given in, as with its integration not in the configuration: the next poll then goes by
 * what the one before knew. That the lag cannot be read is a result, for the next poll counts it.
 */
export async function kafkaLag(monitor: string): Promise<PolledLag | null> {
  const before = (workflowInfo().lastResult as PolledLag | null | undefined) ?? null;
  const poll = await pollKafkaLag(monitor);
  // Between two reloads of several workers; its schedule goes with the last.
  if (poll === null) return before;
  const { events, sums, sentence, ...standing } = judgeLag(poll.settings, poll.reading, before);
  const lines = sumLines(poll.settings, sums);
  setCurrentDetails([`**${sentence}**`, ...lines.map((line) => `- ${line}`)].join('\n'));
  upsertMemo({ summary: sentence, lags: lines });
  const { takeIn } = giving(poll.settings);
  // Apart, and those that wake people first: with the store away a resolve may be refused, and would have them taken in again.
  for (const action of ['trigger', 'resolve'] as const) {
    const said = events.filter((event) => event.action === action);
    if (said.length > 0) await takeIn(poll.settings.integration, said);
  }
  return { ...standing, sentence };
}
