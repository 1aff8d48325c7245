/** What is configured, as the API shows it: durations as they are written, and nothing secret (interfaces §5). */
import type {
  Configuration,
  EscalationPolicy,
  NotificationRule,
  Service,
  Target,
  Team,
  User,
} from '../domain/configuration.ts';
import { formatDuration } from '../domain/duration.ts';
import type { Caller } from './auth.ts';

/** Addresses are for the user themself, and for those who may change them: managers and admins. */
export const maySeeAddresses = ({ role, user }: Caller, id: string): boolean =>
  role === 'manager' || role === 'admin' || user === id;

export function userJson(user: User, caller: Caller) {
  const { id, name, email, timezone, role, statusUpdates, away, contacts, notificationRules } = user;
  const addresses = maySeeAddresses(caller, id);
  const rulesOf = (rules: readonly NotificationRule[]) =>
    rules.map(({ after, contact }) => ({ after: formatDuration(after), contact }));
  return {
    id,
    name,
    ...(addresses && email !== undefined && { email }),
    timezone,
    role,
    statusUpdates,
    away: away.map(({ from, to }) => ({ from, to })),
    contacts: contacts.map((contact) => ({
      id: contact.id,
      channel: contact.channel,
      ...(addresses && contact.to !== undefined && { to: contact.to }),
    })),
    notificationRules: { high: rulesOf(notificationRules.high), low: rulesOf(notificationRules.low) },
  };
}

export const teamJson = ({ id, name, members }: Team) => ({ id, name, members });

const targetJson = ({ kind, id }: Target): string => `${kind}:${id}`;

export const escalationPolicyJson = ({ id, name, repeat, levels, lastResort }: EscalationPolicy) => ({
  id,
  name,
  repeat,
  levels: levels.map(({ targets, escalateAfter, ifEmpty, onEscalate, multiAck, massNotification, assign }) => ({
    targets: targets.map(targetJson),
    escalateAfter: formatDuration(escalateAfter),
    ifEmpty,
    onEscalate,
    multiAck,
    massNotification,
    assign,
  })),
  lastResort: lastResort.map(targetJson),
});

/** The key of an integration is all that a monitor needs to be believed: it is not shown. */
export function serviceJson(service: Service, { integrations }: Configuration) {
  const { id, name, description = null, runbook = null, team = null, escalationPolicy, urgency } = service;
  const { after, resume } = service.ackTimeout;
  const { autoResolve, reopenWindow, threshold, flapping, grouping } = service;
  return {
    id,
    name,
    description,
    runbook,
    team,
    escalationPolicy,
    ackTimeout: { after: after === null ? null : formatDuration(after), resume },
    urgency,
    minuteZeroMaxAge: formatDuration(service.minuteZeroMaxAge),
    autoResolve: autoResolve && { ...autoResolve, after: formatDuration(autoResolve.after) },
    holdFor: formatDuration(service.holdFor),
    reopenWindow: reopenWindow === null ? null : formatDuration(reopenWindow),
    threshold: threshold && { ...threshold, within: formatDuration(threshold.within) },
    flapping: flapping && {
      transitions: flapping.transitions,
      within: formatDuration(flapping.within),
      quiet: formatDuration(flapping.quiet),
      digestEvery: formatDuration(flapping.digestEvery),
    },
    grouping: grouping && {
      by: grouping.by,
      window: grouping.window === null ? null : formatDuration(grouping.window),
    },
    subscribers: service.subscribers.map(({ channel, endpoint }) => `${channel}:${endpoint}`),
    integrations: [...integrations.values()]
      .filter((integration) => integration.service === id)
      .map((integration) => ({ id: integration.id, source: integration.source })),
  };
}
