/**
 * PagerDuty's change events, `POST /v2/change/enqueue`: github.com/PagerDuty/developer-docs, docs/events-API-v2/03-Change-Events,
 * and what real senders do with it (wire-formats §1a′). Unknown, null and empty members are tolerated, as there.
 */
import type { ChangeEvent } from '../../domain/changeEvent.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/duration.ts';
import { partsWithinLimits } from '../../intake/limits.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import { detailsOf, linksOf } from './eventsV2.ts';
import { parseTimestamp } from './timestamp.ts';

/** A time that is ahead is of a clock that is wrong. Throws BAD_EVENT, whose text names each member that is missing. */
export function changeIn(
  body: Members,
  { id, receivedAt }: { readonly id: string; readonly receivedAt: Instant },
): Omit<ChangeEvent, 'service' | 'integration' | 'source'> & { readonly source: string | undefined } {
  const payload = membersOf(body['payload']) ?? {};
  const [summary, source] = [textOf(payload['summary']), textOf(payload['source'])];
  const missing = [
    ...(textOf(body['routing_key']) === undefined ? ["'routing_key' is missing or blank"] : []),
    ...(summary === undefined ? ["'payload.summary' is missing or blank"] : []),
  ];
  if (summary === undefined || missing.length > 0) throw new TocsinError('BAD_EVENT', missing.join('; '));
  const details = detailsOf(payload['custom_details']);
  const given = parseTimestamp(payload['timestamp']);
  const { at = receivedAt, ...said } = partsWithinLimits({
    summary,
    source: source ?? '',
    links: linksOf(body, false),
    ...(details !== undefined && { details }),
    ...(given !== undefined && { at: given }),
  });
  return {
    id,
    receivedAt,
    at: Math.min(at, receivedAt),
    summary: said.summary,
    source: source === undefined ? undefined : said.source,
    details: said.details ?? {},
    links: said.links ?? [],
  };
}
