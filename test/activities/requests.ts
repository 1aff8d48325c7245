/** What the channels are asked to send in these tests, and the configuration they find. */
import type { NotifyRequest } from '../../activities/contract.ts';
import type { Channels } from '../../domain/channels.ts';
import type { Configuration, ContactMethod } from '../../domain/configuration.ts';
import { idempotencyKeyOf } from '../../domain/identity.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import type { IncidentView, NotificationView } from '../../domain/view.ts';
import { configuration, level, person, policy } from '../support/configurations.ts';

export const SECRET = 'a secret of the tests';
export const PUBLIC_URL = 'https://tocsin.example.com';
export const INCIDENT = `payments-guance.${'a'.repeat(32)}.${'0123456789abcdef'.repeat(2)}`;

export const KEY = idempotencyKeyOf(INCIDENT, 'n3');

export const PHONE = '+8613800000000';

const ROBOTS = ['dingtalk', 'feishu', 'teams', 'ntfy', 'reactio'] as const;

/**
 * Ana has a contact `mail`, a contact `term`, one `hook` for the webhook `bus`, one `group` for the WeCom robot `ops`, one
 * `text` and one `cell` for her phone, and one for the endpoint `ops` of each of ROBOTS, called as the channel is.
 */
export function configured(channels: Channels = {}): Configuration {
  const known = person('ana', '0s mail, 0s term');
  const endpoints: ContactMethod[] = [
    { id: 'hook', channel: 'webhook', to: 'bus' },
    { id: 'group', channel: 'wecom', to: 'ops' },
    { id: 'text', channel: 'sms', to: PHONE },
    { id: 'cell', channel: 'voice', to: PHONE },
    { id: 'pd', channel: 'pagerduty', to: 'bus' },
    { id: 'og', channel: 'opsgenie', to: 'bus' },
    { id: 'slack', channel: 'slack', to: 'U02ANA' },
    { id: 'room', channel: 'slack', to: '#incidents' },
    ...ROBOTS.map((channel) => ({ id: channel, channel, to: 'ops' })),
  ];
  const contacts = [...known.contacts, ...endpoints];
  const ana = { ...known, name: 'Ana Wei', timezone: 'Asia/Shanghai', contacts };
  return { ...configuration({ users: [ana], policy: policy([level('user:ana', '5m')]) }), channels };
}

export function requestWith(
  incident: Partial<NotifyRequest['incident']> = {},
  more: Partial<NotifyRequest> = {},
): NotifyRequest {
  return {
    notification: 'n3',
    idempotencyKey: KEY,
    user: 'ana',
    userName: 'Ana Wei',
    contact: 'mail',
    incident: {
      id: INCIDENT,
      number: null,
      summary: 'disk of db1 is full',
      severity: 'critical',
      dedupKey: 'db1/disk',
      details: { host: 'db1', labels: { region: 'cn-north', disks: ['sda', 'sdb'] } },
      links: [{ href: 'https://grafana.example.com/d/1?a=1&b=2', text: 'Dashboard' }],
      service: {
        id: 'payments',
        name: 'Payments',
        description: 'Takes the money',
        runbook: 'https://wiki.example.com/payments',
      },
      createdAt: '2026-12-01T10:02:11.000Z',
      ...incident,
    },
    why: 'level 1: the incident was triggered',
    dueAt: '2026-12-01T10:02:11.000Z',
    present: null,
    ...more,
  };
}

export function incidentView(more: Partial<IncidentView> = {}): IncidentView {
  return {
    id: INCIDENT,
    number: 12,
    status: 'triggered',
    urgency: 'high',
    priority: null,
    severity: 'critical',
    service: 'payments',
    team: null,
    summary: 'disk of db1 is full',
    details: { host: 'db1' },
    dedupKey: 'db1/disk',
    alerts: [],
    assignees: ['ana'],
    responders: [],
    acknowledgements: [],
    level: 1,
    pass: 1,
    episode: 1,
    alertCount: 1,
    eventCount: 1,
    createdAt: '2026-12-01T10:02:11.000Z',
    acknowledgedAt: null,
    workStartedAt: null,
    resolvedAt: null,
    snoozedUntil: null,
    heldBy: null,
    mergedInto: null,
    exhausted: false,
    nobodyOnCall: false,
    flapping: false,
    drill: false,
    transient: false,
    links: [],
    changes: [],
    previous: null,
    alertsTruncated: false,
    ...more,
  };
}

const NOTIFICATION: NotificationView = {
  id: 'n3',
  incident: INCIDENT,
  episode: 1,
  pass: 1,
  level: 1,
  user: 'ana',
  contact: 'hook',
  channel: 'webhook',
  rule: 0,
  cause: 'trigger',
  idempotencyKey: KEY,
  status: 'queued',
  reason: null,
  minuteZero: true,
  dueAt: '2026-12-01T10:02:11.000Z',
  sentAt: null,
  text: null,
  attempts: [],
};

/** A page to Ana's contact `hook`. */
export const pageByWebhook = (more: Partial<IncidentView> = {}): NotifyRequest =>
  requestWith({}, { contact: 'hook', whole: { incident: incidentView(more), notification: NOTIFICATION } });

/** Word that Bob acknowledged, to Ana's contact of that id, or to the endpoint `bus` or `ops`, which subscribes. */
export function noticeTo(
  channel: NoticeRequest['channel'],
  contact: string | null,
  incident: Partial<IncidentView> = {},
): NoticeRequest {
  const endpoint = channel === 'wecom' || ROBOTS.some((each) => each === channel) ? 'ops' : 'bus';
  return {
    idempotencyKey: idempotencyKeyOf(INCIDENT, 's2'),
    channel,
    to:
      contact === null
        ? { kind: 'subscriber', endpoint }
        : { kind: 'contact', user: 'ana', userName: 'Ana Wei', contact },
    type: 'incident.acknowledged',
    at: '2026-12-01T10:04:00.000Z',
    text: 'Bob acknowledged',
    incident: incidentView({
      status: 'acknowledged',
      acknowledgements: [{ user: 'ana', at: '2026-12-01T10:04:00.000Z' }],
      ...incident,
    }),
    service: { id: 'payments', name: 'Payments' },
    entry: {
      id: 'e7',
      at: '2026-12-01T10:04:00.000Z',
      type: 'acknowledged',
      actor: { kind: 'user', id: 'bob' },
      reason: 'person',
      text: 'Bob acknowledged',
    },
  };
}

/** The failure a promise ends with, as the workflow will read it. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<{ type: unknown; code: unknown; detail: string; after: unknown; nonRetryable: unknown }> {
  const error = await promise.then(
    (value) => {
      throw new Error(`did not fail, but gave ${JSON.stringify(value)}`);
    },
    (reason: { type?: unknown; details?: unknown[]; nonRetryable?: unknown }) => reason,
  );
  const [code, detail, after] = error.details ?? [];
  return { type: error.type, code, detail: String(detail), after, nonRetryable: error.nonRetryable };
}
