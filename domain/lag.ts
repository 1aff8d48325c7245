/**
 * What a poll of a consumer group's lag comes to: the topics over their threshold are alerts of one group, which is the
 * monitor, so that those of one poll are one incident and one message. Each poll says again what it sees; what it does not
 * see any more is resolved. Polls that fail are an incident of their own.
 */
import type { SourceEvent } from './event.ts';
import type { KafkaLagSettings } from './monitors.ts';
import { cut } from './text.ts';

export interface PartitionLag {
  readonly partition: number;
  /** Unread messages; null where the group has committed nothing there. */
  readonly lag: number | null;
  /** Why nobody can say it. */
  readonly error?: string;
}

export interface TopicLag {
  readonly topic: string;
  /** The sum over the partitions of which it is known; those without a committed offset count 0. */
  readonly lag: number;
  /** Of the others why it is not: `partition 3: error 5`. */
  readonly unknown: readonly string[];
}

/** What a poll read, or why it could not. */
export type LagReading = { readonly topics: readonly TopicLag[] } | { readonly failure: string };

/** What the next poll must know of this one. */
export interface LagStanding {
  /** Topics over their threshold, and those that may be; null: nobody knows. */
  readonly over: readonly string[] | null;
  /** Whether their incident may be open: not before a poll has found all of them below. */
  readonly open: boolean;
  /** Failed polls in a row, this one included. */
  readonly failures: number;
  /** Whether that is told, or may be: nobody knows what was before. */
  readonly failureTold: boolean;
}

export interface LagVerdict extends LagStanding {
  readonly events: readonly SourceEvent[];
  /** For people: "2 of 3 topics of group g are over their threshold". */
  readonly sentence: string;
  /** The largest first. */
  readonly sums: readonly Lag[];
}

interface Lag {
  readonly topic: string;
  readonly lag: number;
}

/** Alerts of one poll; an incident keeps 1,000, and those that are left out are told as that. */
const ALERTS_GIVEN = 100;
/** Where nobody knows which were over: those nearest to their threshold may have been. */
const RESOLVES_GIVEN = 1_000;
/** Topics that an event names beside its own. */
const TOPICS_NAMED = 20;
/** Characters of what could not be read. */
const MAX_FAILURE = 500;
/** Partitions of a topic whose errors are named. */
const ERRORS_NAMED = 3;
/** All partitions of a topic together. */
export function topicLag(topic: string, partitions: readonly PartitionLag[]): TopicLag {
  const known = partitions.filter(({ error }) => error === undefined);
  const more = partitions.length - known.length - ERRORS_NAMED;
  return {
    topic,
    lag: known.reduce((sum, { lag }) => sum + Math.max(0, lag ?? 0), 0),
    unknown: [
      ...partitions
        .flatMap(({ partition, error }) => (error === undefined ? [] : [`partition ${partition}: ${error}`]))
        .slice(0, ERRORS_NAMED),
      ...(more > 0 ? [`and so ${more} more`] : []),
    ],
  };
}

/** `before`: null where this monitor was never polled, or nobody knows any more. */
export function judgeLag(settings: KafkaLagSettings, reading: LagReading, before: LagStanding | null): LagVerdict {
  if ('failure' in reading) return unread(settings, reading.failure, before);
  const { topics, group } = settings;
  if (topics === null && reading.topics.length === 0) {
    return unread(settings, `group ${group} has committed no offset: is it called that?`, before);
  }
  const missing = (topics ?? []).filter((name) => !reading.topics.some(({ topic }) => topic === name));
  const read = [
    ...reading.topics.filter(({ topic }) => topics?.includes(topic) ?? true),
    ...missing.map((topic): TopicLag => ({ topic, lag: 0, unknown: ['the group has committed nothing of it'] })),
  ].toSorted((one, other) => other.lag - one.lag || (one.topic < other.topic ? -1 : 1));
  const isKnown = before !== null && before.over !== null;
  const known = new Set(before?.over ?? []);
  const over = read.filter(({ topic, lag }) => lag > thresholdOf(settings, topic));
  // As far as it is known it is below; until it is known wholly, it stays as it was, and where nobody knows how, as if over.
  const undecided = read.filter((each) => !over.includes(each) && each.unknown.length > 0);
  const still = new Set(
    [...over, ...undecided.filter(({ topic }) => !isKnown || known.has(topic))].map(({ topic }) => topic),
  );
  const below = read.filter((each) => !over.includes(each) && !undecided.includes(each)).map(({ topic }) => topic);
  const back = isKnown ? [...known].filter((topic) => !still.has(topic)) : below.slice(0, RESOLVES_GIVEN);
  const wasOpen = before?.open ?? true;
  const open = still.size > 0 || (undecided.length > 0 && wasOpen);
  const failure = cut(
    read.flatMap(({ topic, unknown }) => unknown.map((why) => `topic ${topic}: ${why}`)).join('; '),
    MAX_FAILURE,
  );
  const polls = failure === '' ? recovered(settings, before) : failed(settings, failure, before);
  const sums = read.map(({ topic, lag }) => ({ topic, lag }));
  return {
    ...polls,
    over: [...still],
    open,
    sums,
    sentence: sentenceOf(settings, over.length, read.length, failure),
    events: [
      ...triggers(settings, over, sums),
      ...resolves(settings, open || !wasOpen ? back : lastOf(back, sums), sums, !open),
      ...polls.events,
    ],
  };
}

/** The largest sums, for people: `orders: 5000 (threshold 2000)`. */
export const sumLines = (settings: KafkaLagSettings, sums: readonly Lag[]): readonly string[] =>
  sums.slice(0, TOPICS_NAMED).map(({ topic, lag }) => `${topic}: ${lag} (threshold ${thresholdOf(settings, topic)})`);

const thresholdOf = ({ threshold, thresholds }: KafkaLagSettings, topic: string): number =>
  (Object.hasOwn(thresholds, topic) ? thresholds[topic] : undefined) ?? threshold;

function sentenceOf({ group }: KafkaLagSettings, over: number, all: number, failure: string): string {
  const topics = `${over} of ${all} topics of group ${group} are over their threshold`;
  return failure === '' ? topics : `${topics}; not all could be read: ${failure}`;
}

/** Of its monitor: in a group that a service makes, alerts are told apart by integration and dedup key alone. */
const keyOf = ({ id }: KafkaLagSettings, topic: string): string => `${id}/topic/${topic}`;

const common = ({ id, group }: KafkaLagSettings) => ({ source: group, group, class: 'kafka-lag', groupKey: id });

function triggers(settings: KafkaLagSettings, over: readonly TopicLag[], sums: readonly Lag[]): readonly SourceEvent[] {
  const given = over.slice(0, ALERTS_GIVEN);
  const leftOut = over.length - given.length;
  const named = sums.slice(0, Math.min(over.length, TOPICS_NAMED));
  return given.map(({ topic, lag }) => ({
    action: 'trigger',
    dedupKey: keyOf(settings, topic),
    ...common(settings),
    component: topic,
    severity: settings.severity,
    summary: `${described(settings, topic)}: lag ${lag} (threshold ${thresholdOf(settings, topic)})`,
    details: { monitor: settings.id, threshold: thresholdOf(settings, topic), topics: named },
    ...(leftOut > 0 && { leftOut }),
  }));
}

const described = ({ group }: KafkaLagSettings, topic: string): string => `topic ${topic} of group ${group}`;

/** The whole incident is resolved by a topic's event: any of them, where none is known to have been over. */
const lastOf = (back: readonly string[], sums: readonly Lag[]): readonly string[] =>
  back.length > 0 ? back : sums.slice(0, 1).map(({ topic }) => topic);

/** `whole`: with the last of them the whole incident. */
function resolves(
  settings: KafkaLagSettings,
  topics: readonly string[],
  sums: readonly Lag[],
  whole: boolean,
): readonly SourceEvent[] {
  return topics.map((topic, index) => {
    const lag = sums.find((each) => each.topic === topic)?.lag;
    const now = lag === undefined ? 'not consumed any more' : `lag ${lag} (threshold ${thresholdOf(settings, topic)})`;
    return {
      action: 'resolve',
      dedupKey: keyOf(settings, topic),
      ...common(settings),
      component: topic,
      summary: `${described(settings, topic)}: ${now}`,
      ...(whole && index === topics.length - 1 && { groupResolved: true as const }),
    };
  });
}

type Polls = Pick<LagVerdict, 'failures' | 'failureTold' | 'events'>;

/** Nothing is known of the topics: they stay as they were. */
function unread(settings: KafkaLagSettings, failure: string, before: LagStanding | null): LagVerdict {
  const polls = failed(settings, failure, before);
  const times = polls.failures === 1 ? '' : `, ${polls.failures} times in a row`;
  return {
    ...polls,
    over: before?.over ?? null,
    open: before?.open ?? true,
    sums: [],
    sentence: `The poll failed${times}: ${failure}`,
  };
}

function failed(settings: KafkaLagSettings, failure: string, before: LagStanding | null): Polls {
  const { id, group, tellAfterFailures } = settings;
  const failures = (before?.failures ?? 0) + 1;
  if (failures < tellAfterFailures) return { failures, failureTold: before?.failureTold ?? true, events: [] };
  const event: SourceEvent = {
    action: 'trigger',
    ...ofPolls(settings),
    severity: 'error',
    summary: `The lag of group ${group} cannot be read: ${failure}`,
    details: { monitor: id, failedPolls: failures, reason: failure },
  };
  return { failures, failureTold: true, events: [event] };
}

function recovered(settings: KafkaLagSettings, before: LagStanding | null): Polls {
  const event: SourceEvent = {
    action: 'resolve',
    ...ofPolls(settings),
    summary: `The lag of group ${settings.group} is read again`,
  };
  return { failures: 0, failureTold: false, events: before === null || before.failureTold ? [event] : [] };
}

const ofPolls = ({ id, group }: KafkaLagSettings) => ({
  dedupKey: `${id}/polls`,
  source: group,
  group,
  class: 'kafka-lag',
});
