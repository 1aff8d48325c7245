/** Events of PagerDuty's Events API v2: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/, wire-formats §1a. */
import type { Link } from '../../domain/event.ts';
import type { NoticeType } from '../../domain/notice.ts';
import { cut } from '../../domain/text.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Paged, Reported } from './platform.ts';

/** Of what stands beside the summary: their page names no limit; PagerDuty CEF shows no more. */
const FIELD_LIMIT = 255;

/** An event without its routing key, which is the endpoint's secret. */
export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedup_key: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly client?: string;
  readonly client_url?: string;
  readonly links?: readonly Link[];
}

/** What there is to send of a change; of all others there is nothing. Events v2 has no word for taking an ack back: a trigger is the nearest. */
export const EVENT_OF: Readonly<Partial<Record<NoticeType, PagerDutyEvent['event_action']>>> = {
  'incident.triggered': 'trigger',
  'incident.reopened': 'trigger',
  'incident.unacknowledged': 'trigger',
  'incident.escalated': 'trigger',
  'incident.reassigned': 'trigger',
  'incident.exhausted': 'trigger',
  'incident.nobodyOnCall': 'trigger',
  'incident.acknowledged': 'acknowledge',
  'incident.workStarted': 'acknowledge',
  'incident.snoozed': 'acknowledge',
  'incident.resolved': 'resolve',
  'incident.merged': 'resolve',
};

/** The incident's id is its dedup key: at most 173 characters, one for all its alerts, for every person, and over a reopening. */
export const changeEvent = (action: 'acknowledge' | 'resolve', { id }: Pick<Reported, 'id'>): PagerDutyEvent => ({
  event_action: action,
  dedup_key: id,
});

/** `page`: where it pages somebody. */
export function triggerEvent(reported: Reported, wording: Wording, page?: Paged): PagerDutyEvent {
  const { id, number, summary, severity, details, links, service, createdAt, origin } = reported;
  const [client, ...others] = links;
  const own: Link[] = [
    ...(page === undefined ? [] : [{ href: page.ackUrl, text: wording.labels.acknowledgeAs(page.userName) }]),
    ...(service.runbook === undefined ? [] : [{ href: service.runbook, text: wording.labels.runbook }]),
  ];
  const { component, group, class: kind } = origin;
  return {
    event_action: 'trigger',
    dedup_key: id,
    payload: {
      summary,
      source: cut(origin.source, FIELD_LIMIT),
      severity,
      timestamp: createdAt,
      ...(component === undefined ? {} : { component: cut(component, FIELD_LIMIT) }),
      group: cut(group ?? service.name, FIELD_LIMIT),
      ...(kind === undefined ? {} : { class: cut(kind, FIELD_LIMIT) }),
      custom_details: {
        ...details,
        tocsin: { incident: id, number, service: service.name, ...(page === undefined ? {} : { why: page.why }) },
      },
    },
    client: client?.text ?? 'Tocsin',
    ...(client === undefined ? {} : { client_url: client.href }),
    links: [...own, ...others],
  };
}
