/** From what was written and checked to what the domain knows, with every default filled in, and frozen. */
import type { Channels } from '../domain/channels.ts';
import type {
  Configuration,
  EscalationPolicy,
  Integration,
  RoutingRule,
  Schedule,
  Service,
  Team,
  User,
} from '../domain/configuration.ts';
import type { Monitor } from '../domain/monitors.ts';
import { integrationId, routedId } from './integrations.ts';
import type { Written } from './schema.ts';

export function buildConfiguration(written: Written, version: string): Configuration {
  const { organization, channels, templates } = written;
  return freeze({
    version,
    organization: { name: organization.name, timezone: organization.timezone, language: organization.language },
    users: byId(written.users.map((user) => buildUser(user, organization))),
    teams: byId(
      written.teams.map(({ id, name, members }): Team => ({ id, name: name ?? id, members: [...new Set(members)] })),
    ),
    schedules: byId(
      written.schedules.map(({ id, name, timezone, layers }): Schedule => ({
        id,
        name: name ?? id,
        timezone: timezone ?? organization.timezone,
        layers: layers.map(({ start, rotate, users, restrictions }) => ({ start, rotate, users, restrictions })),
      })),
    ),
    escalationPolicies: byId(written.escalationPolicies.map(buildPolicy)),
    services: byId(written.services.map((service) => buildService(service, organization.timezone))),
    integrations: byId([...written.services.flatMap(buildIntegrations), ...written.integrations.map(buildRouted)]),
    routing: written.routing.map(buildRule),
    channels: buildChannels(channels),
    templates,
    tokens: written.tokens.map(({ id, hash, role, user, mayActAs }) => ({
      id,
      sha256: hash,
      role,
      mayActAs,
      ...(user === undefined ? {} : { user }),
    })),
    monitors: byId(written.monitors.map(buildMonitor)),
  });
}

function buildUser(user: Written['users'][number], { timezone, language }: Written['organization']): User {
  return {
    id: user.id,
    name: user.name ?? user.id,
    timezone: user.timezone ?? timezone,
    language: user.language ?? language,
    role: user.role,
    statusUpdates: user.statusUpdates,
    away: user.away,
    contacts: user.contacts.map(({ id, channel, to }) => ({ id, channel, ...(to === undefined ? {} : { to }) })),
    notificationRules: user.notificationRules,
    ...(user.email === undefined ? {} : { email: user.email }),
  };
}

function buildPolicy(policy: Written['escalationPolicies'][number]): EscalationPolicy {
  return {
    id: policy.id,
    name: policy.name ?? policy.id,
    repeat: policy.repeat,
    levels: policy.levels.map(
      ({ targets, escalateAfter, ifEmpty, onEscalate, multiAck, massNotification, assign }) => ({
        assign,
        targets,
        escalateAfter,
        ifEmpty,
        onEscalate,
        multiAck,
        massNotification,
      }),
    ),
    lastResort: policy.lastResort,
  };
}

function buildService(service: Written['services'][number], timezone: string): Service {
  return {
    id: service.id,
    name: service.name ?? service.id,
    escalationPolicy: service.escalationPolicy,
    ackTimeout: service.ackTimeout,
    urgency: buildUrgency(service.urgency, timezone),
    minuteZeroMaxAge: service.minuteZeroMaxAge,
    holdFor: service.holdFor,
    threshold: service.threshold,
    reopenWindow: service.reopenWindow,
    autoResolve: service.autoResolve,
    flapping: service.flapping,
    grouping:
      service.grouping === undefined ? null : { by: service.grouping.by, window: service.grouping.window ?? null },
    subscribers: service.subscribers,
    ...(service.team === undefined ? {} : { team: service.team }),
    ...(service.description === undefined ? {} : { description: service.description }),
    ...(service.runbook === undefined ? {} : { runbook: service.runbook }),
  };
}

function buildUrgency(urgency: Written['services'][number]['urgency'], timezone: string): Service['urgency'] {
  if (typeof urgency === 'string') return urgency;
  const hours = urgency.supportHours;
  return { supportHours: { ...hours, timezone: hours.timezone ?? timezone, raise: hours.raise ?? null } };
}

/** A channel that nothing is configured of is absent. */
const buildChannels = (written: Written['channels']): Channels =>
  Object.fromEntries(
    Object.entries(written).filter(([, channel]) => channel !== undefined && Object.keys(channel).length > 0),
  );

/** A service's integrations, and the one by which incidents are opened by hand; that one has no key that could match. */
function buildIntegrations(service: Written['services'][number]): readonly Integration[] {
  const written = service.integrations.map((integration) => ({
    id: integrationId(service.id, integration.source),
    ...integration,
    service: service.id,
  }));
  return [...written, { id: `manual-${service.id}`, key: '', source: 'manual', service: service.id }];
}

/** Of no service. */
const buildRouted = (written: Written['integrations'][number]): Integration => ({
  id: routedId(written.source),
  ...written,
  service: null,
});

function buildMonitor(written: Written['monitors'][number]): Monitor {
  const topics = written.topics ?? null;
  return written.api === 'kafka' ? { ...written, topics, sasl: written.sasl ?? null } : { ...written, topics };
}

function buildRule({ when, suppress, set }: Written['routing'][number]): RoutingRule {
  return {
    when: when ?? null,
    suppress,
    service: set?.service ?? null,
    severity: set?.severity ?? null,
    priority: set?.priority ?? null,
    urgency: set?.urgency ?? null,
    holdFor: set?.holdFor ?? null,
  };
}

const byId = <Thing extends { readonly id: string }>(things: readonly Thing[]): ReadonlyMap<string, Thing> =>
  new Map(things.map((thing) => [thing.id, thing]));

/** Freezes a value with all that is in it. A Map is closed by taking its writing methods away: freezing leaves it open. */
function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const entry of value.values()) freeze(entry);
    for (const method of ['set', 'delete', 'clear']) Object.defineProperty(value, method, { value: closed });
  }
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

function closed(): never {
  throw new TypeError('the configuration is read-only');
}
