/**
 * A change event: what people changed of a service (a deployment, a setting), told by the programs that do it. It notifies
 * nobody; an incident of the service that opens soon after shows it.
 */
import { minutes } from './duration.ts';
import type { Instant } from './duration.ts';
import type { Link } from './event.ts';
import { cut } from './text.ts';

export interface ChangeEvent {
  readonly id: string;
  /** Null where it came by an integration of no service: no incident shows it. */
  readonly service: string | null;
  readonly integration: string;
  /** When it happened, as its source says; not after `receivedAt`. */
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly summary: string;
  readonly source: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly links: readonly Link[];
}

/** As an incident carries it: short, for it goes into every message. */
export type RecentChange = Pick<ChangeEvent, 'id' | 'at' | 'summary' | 'source' | 'links'>;

/** How long before an incident a change may have been that it shows, and how many it shows, the newest. */
export const SHOWN_FOR = minutes(30);
export const SHOWN_MOST = 5;

/** Characters. */
const SUMMARY_KEPT = 200;
const SOURCE_KEPT = 100;
/** The first link, and none that is longer: cut, it would lead elsewhere. */
const LINKS_KEPT = 1;
const HREF_KEPT = 500;

/** What an incident of `service` that opens at `at` shows of the changes that are known, the newest first. */
export function changesBefore(known: readonly ChangeEvent[], service: string, at: Instant): readonly RecentChange[] {
  // What is known has happened, whatever the clock of the process says that took it in.
  return known
    .filter((change) => change.service === service && change.at > at - SHOWN_FOR)
    .toSorted((one, other) => other.at - one.at)
    .slice(0, SHOWN_MOST)
    .map(shortened);
}

const shortened = ({ id, at, summary, source, links }: ChangeEvent): RecentChange => ({
  id,
  at,
  summary: cut(summary, SUMMARY_KEPT),
  source: cut(source, SOURCE_KEPT),
  links: links
    .filter(({ href }) => href.length <= HREF_KEPT)
    .slice(0, LINKS_KEPT)
    .map(({ href, text }) => ({ href, ...(text === undefined ? {} : { text: cut(text, SOURCE_KEPT) }) })),
});
