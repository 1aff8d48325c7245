/** What the readers of a group's lag have in common: how long a poll may take, and how its answers are put together. */
import type { LagReading, PartitionLag, TopicLag } from '../../domain/lag.ts';

/** Milliseconds for a whole poll, all its pages included; its activity ends a little later (workflows/kafkaLag.ts). */
export const POLL_TIMEOUT = 20_000;
/** Topics of one page: Tencent gives no more. */
export const PAGE = 50;
/** Beyond it a poll is given up: no group has so many topics, but an API that always says that there are more may be met. */
const MAX_PAGES = 100;

/** A poll that could not be read; its message is for people. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** What Tencent says of a partition, by both of its APIs. */
export interface SaidOfPartition {
  readonly partition: unknown;
  readonly offset: unknown;
  readonly end: unknown;
  readonly lag: unknown;
  readonly error: unknown;
}

/** -1, or nothing, is what stands there where the group has committed nothing; an error that is not 0 makes the rest void. */
export function partitionLag({ partition, offset, end, lag, error }: SaidOfPartition): PartitionLag {
  const known = whole(lag) ?? difference(whole(end), whole(offset));
  return {
    partition: Number(partition),
    lag: known,
    ...(error === undefined || error === null || error === 0 ? {} : { error: `error ${JSON.stringify(error)}` }),
  };
}

const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

const difference = (end: number | null, offset: number | null): number | null =>
  end === null || offset === null ? null : Math.max(0, end - offset);

export interface Page {
  readonly total: number;
  readonly topics: readonly TopicLag[];
}

/** All pages; a topic that moved from one to the next while they were read counts once. */
export async function allPages(pageFrom: (offset: number) => Promise<Page>): Promise<LagReading> {
  const topics = new Map<string, TopicLag>();
  for (let read = 0, pages = 0; ; pages++) {
    if (pages === MAX_PAGES) throw new Unreadable(`there are more than ${MAX_PAGES * PAGE} topics`);
    const page = await pageFrom(read);
    for (const each of page.topics) topics.set(each.topic, each);
    read += page.topics.length;
    if (read >= page.total || page.topics.length === 0) return { topics: [...topics.values()] };
  }
}
