/**
 * PagerDuty Events API v1, `POST /generic/2010-04-15/create_event.json`: github.com/PagerDuty/developer-docs,
 * docs/events-API-v1; wire-formats §1a″. It has no severity and no source. Alertmanager sends Events v2's members
 * beside its own, `"event_action": ""` and `"payload": null`: what is unknown, null or empty is tolerated.
 */
import { TocsinError } from '../../domain/errors.ts';
import type { EventAction, SourceEvent } from '../../domain/event.ts';
import { withinLimits } from '../../intake/limits.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import { dedupKeyOf } from './dedupKey.ts';
import { detailsOf, linksOf, listed } from './eventsV2.ts';

const ACTIONS: readonly string[] = ['trigger', 'acknowledge', 'resolve'];

/** Every complaint about the body, in PagerDuty's words (the last three: vmw-loginsight/webhook-shims#60, envato/pagerduty). */
function complaints(body: Members): readonly string[] {
  const found: string[] = [];
  const demand = (member: string, name: string): void => {
    if (textOf(body[member]) === undefined) found.push(`${name} is missing or blank`);
  };
  demand('service_key', 'Service key');
  const action = textOf(body['event_type']) ?? '';
  if (!ACTIONS.includes(action)) found.push(`event_type is invalid (must be one of: ${ACTIONS.join(' ')})`);
  else if (action === 'trigger') demand('description', 'Description');
  else demand('incident_key', 'Incident key');
  return found;
}

function translate(body: unknown, newKey: () => string): readonly [SourceEvent] {
  const members = membersOf(body) ?? {};
  const wrong = complaints(members);
  if (wrong.length > 0) throw new TocsinError('BAD_EVENT', wrong.join('; '));
  const action = textOf(members['event_type']) as EventAction;
  const trigger = action === 'trigger';
  const details = detailsOf(members['details']);
  const contexts = trigger ? listed(members['contexts']) : [];
  const ofType = (type: string): readonly Members[] => contexts.filter((context) => context['type'] === type);
  const event = withinLimits({
    action,
    dedupKey: dedupKeyOf(members['incident_key'], 'incident_key') ?? newKey(),
    summary: textOf(members['description']) ?? '',
    source: textOf(members['client']) ?? 'events-v1',
    ...(details !== undefined && { details }),
    links: linksOf({ ...members, links: ofType('link'), images: ofType('image') }, trigger),
  });
  return [event];
}

export const eventsV1 = {
  name: 'events-v1',
  translate,
} as const;
