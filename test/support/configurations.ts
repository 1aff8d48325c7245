/** Small configurations for tests, written as what they say. */
import type { Channel } from '../../domain/channels.ts';
import type {
  Configuration,
  EscalationPolicy,
  Integration,
  Level,
  NotificationRule,
  Schedule,
  Service,
  Target,
  Team,
  User,
} from '../../domain/configuration.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import type { Route } from '../../domain/route.ts';

export function duration(text: string): Milliseconds {
  const parsed = parseDuration(text);
  if (parsed === undefined) throw new Error(`not a duration: ${text}`);
  return parsed;
}

const CHANNEL_OF: Readonly<Record<string, Channel>> = { mail: 'email', slack: 'slack' };

/** `person('ana', '0s mail, 2m phone')`: rules after D to contact C; contacts are made from the rules, `mail` by e-mail, `slack` on Slack, the rest on the console. */
export function person(id: string, high = '0s mail', low = ''): User {
  const parse = (list: string): NotificationRule[] =>
    list
      .split(',')
      .filter((rule) => rule.trim() !== '')
      .map((rule) => {
        const [after = '', contact = ''] = rule.trim().split(' ');
        return { after: duration(after), contact };
      });
  const notificationRules = { high: parse(high), low: parse(low) };
  const named = [...notificationRules.high, ...notificationRules.low].map(({ contact }) => contact);
  const channelOf = (contact: string): Channel => CHANNEL_OF[contact] ?? 'console';
  return {
    id,
    name: id.charAt(0).toUpperCase() + id.slice(1),
    timezone: 'UTC',
    language: 'en',
    role: 'responder',
    statusUpdates: false,
    away: [],
    contacts: [...new Set(named)].map((contact) => ({
      id: contact,
      channel: channelOf(contact),
      to: `${id}@example.com`,
    })),
    notificationRules,
  };
}

export function target(text: string): Target {
  const [kind, id] = text.split(':');
  if ((kind !== 'user' && kind !== 'schedule' && kind !== 'team') || id === undefined)
    throw new Error(`not a target: ${text}`);
  return { kind, id };
}

/** `level('user:ana user:bob', '5m')`. */
export function level(targets: string, escalateAfter: string, more: Partial<Level> = {}): Level {
  return {
    targets: targets.split(' ').filter(Boolean).map(target),
    escalateAfter: duration(escalateAfter),
    ifEmpty: 'skip',
    onEscalate: 'replace',
    multiAck: false,
    massNotification: false,
    assign: 'all',
    ...more,
  };
}

export function policy(
  levels: readonly Level[],
  more: { repeat?: number; lastResort?: string } = {},
): EscalationPolicy {
  return {
    id: 'policy',
    name: 'Policy',
    repeat: more.repeat ?? 0,
    levels,
    lastResort: (more.lastResort ?? '').split(' ').filter(Boolean).map(target),
  };
}

export function service({
  ackTimeout,
  resume = 'same-level',
  minuteZeroMaxAge = '10m',
  ...more
}: {
  ackTimeout?: string;
  resume?: 'same-level' | 'first-level';
  minuteZeroMaxAge?: string;
} & Partial<Omit<Service, 'ackTimeout' | 'minuteZeroMaxAge'>> = {}): Service {
  return {
    id: 'payments',
    name: 'Payments',
    escalationPolicy: 'policy',
    ackTimeout: { after: ackTimeout === undefined ? null : duration(ackTimeout), resume },
    urgency: 'high',
    minuteZeroMaxAge: duration(minuteZeroMaxAge),
    holdFor: duration('0s'),
    threshold: null,
    reopenWindow: null,
    autoResolve: null,
    flapping: null,
    grouping: null,
    subscribers: [],
    ...more,
  };
}

/** A daily rotation that hands off at midnight UTC, from 2026-01-01 on. */
export function dailySchedule(id: string, users: readonly string[]): Schedule {
  return {
    id,
    name: id,
    timezone: 'UTC',
    layers: [{ start: '2026-01-01T00:00', rotate: { every: 1, unit: 'day' }, users, restrictions: [] }],
  };
}

export function configuration(parts: {
  users: readonly User[];
  policy: EscalationPolicy;
  service?: Service;
  schedules?: readonly Schedule[];
  teams?: readonly Team[];
}): Configuration {
  const byId = <T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> =>
    new Map(list.map((each) => [each.id, each]));
  return {
    version: 'test',
    organization: { name: 'Test', timezone: 'UTC', language: 'en' },
    users: byId(parts.users),
    teams: byId(parts.teams ?? []),
    schedules: byId(parts.schedules ?? []),
    escalationPolicies: byId([parts.policy]),
    services: byId([parts.service ?? service()]),
    integrations: byId([
      { id: 'payments-guance', key: 'guance-key-0000000000', source: 'guance', service: 'payments' },
      { id: 'payments-events', key: 'eventskey00000000000', source: 'events-v2', service: 'payments' },
      { id: 'payments-events-v1', key: 'eventsv1key000000000', source: 'events-v1', service: 'payments' },
      { id: 'payments-alertmanager', key: 'alertmanager-key-0000', source: 'alertmanager', service: 'payments' },
      { id: 'payments-grafana', key: 'grafana-key-000000000', source: 'grafana', service: 'payments' },
      { id: 'payments-sensu', key: 'sensu-key-000000000000', source: 'sensu', service: 'payments' },
      { id: 'payments-opsgenie', key: 'opsgenie-key-000000000', source: 'opsgenie', service: 'payments' },
      { id: 'payments-sentry', key: 'sentry-key-0000000000', source: 'sentry', service: 'payments' },
      {
        id: 'payments-heartbeat',
        key: 'heartbeat-key-00000000',
        source: 'heartbeat',
        service: 'payments',
        heartbeats: { backup: { every: duration('25h'), grace: duration('5m') } },
      },
      {
        id: 'payments-cloudwatch',
        key: 'cloudwatch-key-000000',
        source: 'cloudwatch',
        service: 'payments',
        verify: false,
      },
      { id: 'manual-payments', key: '', source: 'manual', service: 'payments' },
    ]),
    routing: [],
    channels: {},
    templates: {},
    tokens: [],
    monitors: new Map(),
  };
}

/** The route of an integration that is of a service. */
export function ownRoute({ service }: Pick<Integration, 'service'>): Route {
  if (service === null) throw new Error('the integration is of no service');
  return {
    service,
    rule: null,
    severity: null,
    priority: null,
    urgency: null,
    holdFor: null,
    why: 'its own',
    remarks: [],
  };
}
