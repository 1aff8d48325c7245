/**
 * A notice: word of a change, to those who asked for it. A subscriber is told of every change of an incident, in order; a
 * person who wants status updates is told at the contact methods that were told of the incident (lifecycle §5.6).
 */
import type { Channel } from './channels.ts';
import type { Status } from './incident.ts';
import type { Origin } from './origin.ts';
import type { IncidentView, LogEntryView } from './view.ts';

/** What is told, by the names that webhooks have for it: `{type: "incident.triggered", …}` (interfaces §5, Shapes). */
export const NOTICE_TYPES = [
  'incident.triggered',
  'incident.acknowledged',
  'incident.unacknowledged',
  'incident.snoozed',
  'incident.escalated',
  'incident.reassigned',
  'incident.policyAdopted',
  'incident.exhausted',
  'incident.nobodyOnCall',
  'incident.urgencyChanged',
  'incident.priorityChanged',
  'incident.amended',
  'incident.respondersAdded',
  'incident.workStarted',
  'incident.noted',
  'incident.statusUpdated',
  'incident.resolved',
  'incident.reopened',
  'incident.flapping',
  'incident.merged',
  'incident.alertsMerged',
] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

export type NoticeRecipient =
  | { readonly kind: 'contact'; readonly user: string; readonly userName: string; readonly contact: string }
  | { readonly kind: 'subscriber'; readonly endpoint: string };

/** One notice to one recipient; the address, and every secret, is looked up where it is sent. */
export interface NoticeRequest {
  /** The same for every attempt of this notice, for ever; made by `idempotencyKeyOf`. */
  readonly idempotencyKey: string;
  readonly channel: Channel;
  readonly to: NoticeRecipient;
  readonly type: NoticeType;
  /** ISO 8601: when the change was. */
  readonly at: string;
  /** One sentence for people: "Ana Wei acknowledged". */
  readonly text: string;
  /** As it was right after the change. */
  readonly incident: IncidentView;
  readonly service: { readonly id: string; readonly name: string; readonly runbook?: string };
  readonly entry: LogEntryView | null;
  // An earlier version asks without what follows.
  /** Only what was said before is kept up to date: nobody's attention is asked for. */
  readonly silent?: boolean;
  /** ISO 8601: when the first attempt began of which nobody knows whether it was sent; null where there is none. */
  readonly mayHaveBeenSent?: string | null;
  /** What the channel said of its first message of this incident to this recipient; null where there is none. */
  readonly conversation?: string | null;
  /** On channels `pagerduty` and `opsgenie`. */
  readonly origin?: Origin;
  /** How it is at this attempt, which may be long after the change. */
  readonly standing?: Status;
}
