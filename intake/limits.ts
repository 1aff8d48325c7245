/**
 * What an event may weigh: it travels in Temporal's history, where a payload of 2 MiB is refused. Longer parts are cut
 * and marked, never refused: an alert with a long text is still an alert (interfaces §4).
 */
import type { Link, SourceEvent } from '../domain/event.ts';
import { cut, webAddress } from '../domain/text.ts';
import { type Members, membersOf } from './members.ts';

/** Bytes of the details, as JSON in UTF-8. */
export const MAX_DETAILS = 32 * 1024;
/** Characters; PagerDuty's own limit (wire-formats §1a). */
export const MAX_SUMMARY = 1024;
const MAX_TEXT = 255;
const MAX_LINKS = 20;
const MAX_HREF = 2048;
/** 2100-01-01: a time that no source means, and that cannot be written as an instant further on, is not taken. */
const MAX_AT = 4_102_444_800_000;

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '', 'utf8');

/** The details if they are small enough; else what fits of them, marked with `detailsTruncated: true`. */
export function withinDetailsLimit(details: Members): Members {
  if (sizeOf(details) <= MAX_DETAILS) return details;
  const mark = { detailsTruncated: true };
  return { ...fitting(details, MAX_DETAILS - sizeOf(mark)), ...mark };
}

/** The small members first, so that one long text does not push out a host name; their order stays. */
function fitting(members: Members, limit: number): Members {
  const bySize = Object.entries(members)
    .map(([name, value]) => ({ name, value, size: sizeOf(value) }))
    .toSorted((one, other) => one.size - other.size);
  const kept = new Map<string, unknown>();
  let room = limit - 2; // braces
  for (const { name, value } of bySize) {
    const forValue = room - sizeOf(name) - 2; // colon and comma
    const fits = cutToSize(value, forValue);
    if (fits === undefined) continue;
    kept.set(name, fits);
    room = forValue - sizeOf(fits);
  }
  const inOrder = Object.entries(members).flatMap(([name]) =>
    kept.has(name) ? [[name, kept.get(name)] as const] : [],
  );
  return Object.fromEntries(inOrder);
}

/** The value if its JSON has at most `limit` bytes; a text, and what an object holds, is cut to that; undefined for what cannot be. */
function cutToSize(value: unknown, limit: number): unknown {
  if (sizeOf(value) <= limit) return value;
  const members = membersOf(value);
  if (members !== undefined && limit > 2) return fitting(members, limit);
  if (typeof value !== 'string') return undefined;
  // Escapes and other scripts make JSON up to six times as long as the text: as much less as it is too long, until it fits.
  for (let characters = limit; characters > 0;) {
    const shorter = cut(value, characters);
    const size = sizeOf(shorter);
    if (size <= limit) return shorter;
    characters = Math.min(characters - 1, Math.floor((characters * limit) / size));
  }
  return undefined;
}

/** Links a person can follow: http and https only, for they are put into e-mails and pages. */
function usableLinks(links: readonly Link[]): readonly Link[] {
  return links
    .filter((link) => link.href.length <= MAX_HREF && webAddress(link.href) !== undefined)
    .slice(0, MAX_LINKS)
    .map((link) => (link.text === undefined ? link : { ...link, text: cut(link.text, MAX_TEXT) }));
}

/** What of an event is cut, and of whatever else a source sends. */
type Parts = Pick<SourceEvent, 'summary' | 'source' | 'component' | 'group' | 'class' | 'details' | 'links' | 'at'>;

/** The event with every part cut to its limit. The dedup key is not cut: it is the identity. */
export function withinLimits(event: SourceEvent): SourceEvent {
  const { links: _links, at: _at, ...rest } = event;
  return { ...rest, ...partsWithinLimits(event) };
}

/** Each cut to its limit; without a time that no source means, and without links that nobody can follow. */
export function partsWithinLimits({
  summary,
  source,
  component,
  group,
  class: kind,
  details,
  at,
  ...rest
}: Parts): Parts {
  const links = usableLinks(rest.links ?? []);
  return {
    summary: cut(summary, MAX_SUMMARY),
    source: cut(source, MAX_TEXT),
    ...(component !== undefined && { component: cut(component, MAX_TEXT) }),
    ...(group !== undefined && { group: cut(group, MAX_TEXT) }),
    ...(kind !== undefined && { class: cut(kind, MAX_TEXT) }),
    ...(details !== undefined && { details: withinDetailsLimit(details) }),
    ...(links.length > 0 && { links }),
    ...(at !== undefined && at >= 1 && at < MAX_AT && { at: Math.trunc(at) }),
  };
}
