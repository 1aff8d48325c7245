/**
 * PagerDuty Events API v2, `POST /v2/enqueue`: github.com/PagerDuty/developer-docs, docs/events-API-v2, and what real
 * senders do with it (wire-formats §1a). Unknown, null and empty members are tolerated, as there.
 */
import { TocsinError } from '../../domain/errors.ts';
import type { EventAction, Link, Severity, SourceEvent } from '../../domain/event.ts';
import { dedupKeyOf } from './dedupKey.ts';
import { withinLimits } from '../../intake/limits.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import { parseTimestamp } from './timestamp.ts';

const ACTIONS: readonly string[] = ['trigger', 'acknowledge', 'resolve'];
const EVENT_SEVERITIES: readonly string[] = ['critical', 'warning', 'error', 'info'];

/** Every complaint about the body, in PagerDuty's words; empty where it can be translated. */
export function complaints(body: Members): readonly string[] {
  const found: string[] = [];
  const demand = (value: unknown, member: string): void => {
    if (textOf(value) === undefined) found.push(`'${member}' is missing or blank`);
  };
  const demandOneOf = (value: unknown, member: string, allowed: readonly string[]): void => {
    const text = textOf(value);
    if (text === undefined) found.push(`'${member}' is missing or blank`);
    else if (!allowed.includes(text)) {
      const quoted = allowed.map((name) => `'${name}'`);
      const last = quoted.pop() ?? '';
      found.push(`'${member}' is invalid (must be one of the following: ${quoted.join(', ')} or ${last})`);
    }
  };
  demand(body['routing_key'], 'routing_key');
  demandOneOf(body['event_action'], 'event_action', ACTIONS);
  const action = textOf(body['event_action']) ?? '';
  if (action === 'trigger') {
    const payload = membersOf(body['payload']) ?? {};
    demand(payload['summary'], 'payload.summary');
    demand(payload['source'], 'payload.source');
    demandOneOf(payload['severity'], 'payload.severity', EVENT_SEVERITIES);
  } else if (ACTIONS.includes(action)) {
    demand(body['dedup_key'], 'dedup_key');
  }
  return found;
}

/** The objects of a list. */
export const listed = (value: unknown): readonly Members[] =>
  Array.isArray(value) ? value.map(membersOf).filter((item) => item !== undefined) : [];

/** `client_url`, of a trigger alone; `links`, and `images` with where they lead. */
export function linksOf(body: Members, trigger: boolean): readonly Link[] {
  const links: Link[] = [];
  const add = (href: unknown, text: unknown): void => {
    const address = textOf(href);
    const label = textOf(text);
    if (address !== undefined) links.push({ href: address, ...(label !== undefined && { text: label }) });
  };
  // The source's own page is the first of them: by it, other systems are told who says so.
  if (trigger) add(body['client_url'], body['client']);
  for (const link of listed(body['links'])) add(link['href'], link['text']);
  for (const image of listed(body['images'])) {
    add(image['src'], image['alt']);
    if (image['href'] !== image['src']) add(image['href'], image['alt']);
  }
  return links;
}

/** An object as it is; anything else under the one name that it has. */
export function detailsOf(value: unknown): Members | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  return membersOf(value) ?? { custom_details: value };
}

function translate(body: unknown, newKey: () => string): readonly [SourceEvent] {
  const members = membersOf(body) ?? {};
  const wrong = complaints(members);
  if (wrong.length > 0) throw new TocsinError('BAD_EVENT', wrong.join('; '));
  const action = textOf(members['event_action']) as EventAction;
  const payload = membersOf(members['payload']) ?? {};
  const at = parseTimestamp(payload['timestamp']);
  const details = detailsOf(payload['custom_details']);
  const [component, group, kind] = [textOf(payload['component']), textOf(payload['group']), textOf(payload['class'])];
  const trigger = action === 'trigger';
  const event = withinLimits({
    action,
    dedupKey: dedupKeyOf(members['dedup_key'], 'dedup_key') ?? newKey(),
    summary: textOf(payload['summary']) ?? '',
    source: textOf(payload['source']) ?? textOf(members['client']) ?? 'events-v2',
    // Senders repeat the severity on a resolve; only a trigger's says how bad it is.
    ...(trigger && { severity: textOf(payload['severity']) as Severity }),
    ...(component !== undefined && { component }),
    ...(group !== undefined && { group }),
    ...(kind !== undefined && { class: kind }),
    ...(details !== undefined && { details }),
    links: linksOf(members, trigger),
    ...(at !== undefined && { at }),
  });
  return [event];
}

export const eventsV2 = {
  name: 'events-v2',
  translate,
} as const;
