/**
 * Any JSON, by the mapping of its integration: expressions in the configuration, or a ready one (docs/guides/generic.md,
 * docs/adr/0023). Forms are maps of texts.
 */
import { TocsinError } from '../../domain/errors.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { withinLimits } from '../../intake/limits.ts';
import type { Members } from '../../intake/members.ts';
import { type Draft, mapped } from '../../mapping/mapped.ts';
import { madeKeyOf } from './dedupKey.ts';
import type { Received, Source } from './source.ts';
import { parseSeconds, parseTimestamp } from './timestamp.ts';

/** What a sender proves itself by is nobody's matter but its receiver's. */
const SECRET = /^(?:proxy-)?authorization$|cookie|token|secret|password|api-?key|signature/;
/** Seconds since 1970 have fewer digits until the year 5138, milliseconds have had more since 1973. */
const FIRST_MILLISECONDS = 100_000_000_000;

/** One of what came. `event` is absent where the mapping's `when` leaves it out. */
export interface Translated {
  readonly event?: SourceEvent;
  readonly remarks: readonly string[];
}

/** Throws BAD_EVENT that names the mapping's member, and the item. */
export function translated(received: Received, newKey: () => string): readonly Translated[] {
  const { body, query, integration } = received;
  const { mapping } = integration;
  if (mapping === undefined) throw new TocsinError('BAD_EVENT', `integration ${integration.id} has no mapping`);
  return mapped(mapping, { body, headers: headersOf(received), query }).map((draft) =>
    draft === null ? { remarks: [] } : eventOf(draft, integration.id, newKey),
  );
}

function eventOf(draft: Draft, integration: string, newKey: () => string): Translated {
  const { dedupKey, groupKey, summary = '', source = integration, severity, at, remarks, ...rest } = draft;
  const instant = instantOf(at);
  const [key, group] = [madeKeyOf(dedupKey), madeKeyOf(groupKey)];
  const event = withinLimits({
    ...rest,
    dedupKey: key ?? newKey(),
    ...(group !== undefined && { groupKey: group }),
    summary,
    source,
    // Only a trigger says how bad it is.
    ...(severity !== undefined && rest.action === 'trigger' && { severity }),
    ...(instant !== undefined && { at: instant }),
  });
  const unread = at === undefined || event.at !== undefined ? [] : [`at: '${at.slice(0, 64)}' is no time`];
  return { event, remarks: [...remarks, ...unread] };
}

/** ISO 8601, or seconds or milliseconds since 1970; undefined for anything else: a strange time loses no alert. */
function instantOf(at: string | undefined): number | undefined {
  const seconds = parseSeconds(at);
  if (seconds === undefined) return parseTimestamp(at);
  return Number(at) < FIRST_MILLISECONDS ? seconds : Number(at);
}

/** Those of CloudEvents are percent-encoded (CloudEvents 1.0.2, HTTP protocol binding §3.1.3.2). */
function headersOf({ headers }: Received): Members {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined || SECRET.test(name)) return [];
      const text = Array.isArray(value) ? value.join(', ') : value;
      return [[name, name.startsWith('ce-') ? decoded(text) : text] as const];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const generic: Source = {
  name: 'generic',
  jsonHint: 'A mapping takes JSON, also of CloudEvents, and forms',
  alsoTakes: {
    'application/cloudevents+json': 'json',
    'application/cloudevents-batch+json': 'json',
    'text/plain': 'json',
    'application/x-www-form-urlencoded': 'form',
    'multipart/form-data': 'multipart',
  },
  translate: (received, newKey) => translated(received, newKey).flatMap(({ event }) => event ?? []),
};
