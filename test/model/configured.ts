/** What a scenario configures, as `config/` would build it. */
import type { Configuration } from '../../domain/configuration.ts';
import { WEEKDAYS } from '../../domain/configuration.ts';
import { configuration, duration, policy, service } from '../support/configurations.ts';
import { BEGIN } from '../support/life.ts';
import type { Policy, Rule, Scenario, Settings, Step, SupportHours } from './scenario.ts';
import { KEPT, SHIFT, TEAM } from './scenario.ts';

export const seconds = (count: number) => duration(`${count}s`);
const ruleOf = ({ after, contact }: Rule) => ({ after: seconds(after), contact });
const localTime = (at: number): string => new Date(BEGIN + at * 1_000).toISOString().slice(0, 19);
const KINDS: Readonly<Record<string, 'schedule' | 'team'>> = { [SHIFT]: 'schedule', [TEAM]: 'team' };
const targetOf = (name: string) => ({ kind: KINDS[name] ?? 'user', id: name }) as const;
const levelOf = ({ targets, delay, wait, accumulate, multiAck, roundRobin }: Step) => ({
  targets: targets.map(targetOf),
  escalateAfter: seconds(delay),
  ifEmpty: wait ? ('wait' as const) : ('skip' as const),
  onEscalate: accumulate ? ('accumulate' as const) : ('replace' as const),
  multiAck,
  massNotification: false,
  assign: roundRobin ? ('round-robin' as const) : ('all' as const),
});
export const policyOf = (id: string, { levels, repeat, lastResort }: Policy) => ({
  ...policy(levels.map(levelOf), { repeat }),
  id,
  lastResort: lastResort.map(targetOf),
});
const timeOf = (at: number): string => new Date(BEGIN + at * 1_000).toISOString().slice(11, 16);
const hoursOf = ({ from, until, inside, raises }: SupportHours) => ({
  timezone: 'UTC',
  days: WEEKDAYS,
  from: timeOf(from),
  to: timeOf(until),
  inside,
  outside: inside === 'high' ? ('low' as const) : ('high' as const),
  raise: raises ? (inside === 'high' ? ('start' as const) : ('end' as const)) : null,
});
const hoursOrRule = (rule: Settings['urgency']) => (typeof rule === 'object' ? { supportHours: hoursOf(rule) } : rule);
export const serviceOf = (
  { subscribers }: Scenario,
  { ackTimeout, resume, maxAge, urgency, holdFor, threshold, reopenWindow, autoResolve, flapping }: Settings,
) => ({
  ...service({
    escalationPolicy: 'own',
    ...(ackTimeout === null ? {} : { ackTimeout: `${ackTimeout}s` }),
    resume,
    minuteZeroMaxAge: `${maxAge}s`,
    urgency: hoursOrRule(urgency),
    holdFor: seconds(holdFor),
    threshold: threshold && { moreThan: threshold.moreThan, within: seconds(threshold.within) },
    reopenWindow: reopenWindow === null ? null : seconds(reopenWindow),
    flapping: flapping && {
      transitions: flapping.transitions,
      within: seconds(flapping.within),
      quiet: seconds(flapping.quiet),
      digestEvery: seconds(flapping.digestEvery),
    },
    autoResolve: autoResolve && {
      after: seconds(autoResolve.after),
      from: autoResolve.fromLastEvent ? ('lastEvent' as const) : ('created' as const),
      includeAcknowledged: autoResolve.includeAcknowledged,
    },
  }),
  subscribers: subscribers.map((endpoint) => ({ channel: 'webhook' as const, endpoint })),
});

export function configurationOf(world: Scenario): Configuration {
  const { shift } = world;
  const layer = (start: string, user: string) => ({
    start,
    rotate: { every: 7, unit: 'week' } as const,
    users: [user],
    restrictions: [],
  });
  const before = shift.before === null ? [] : [layer('2026-01-01T00:00', shift.before)];
  const schedule = {
    id: SHIFT,
    name: SHIFT,
    timezone: 'UTC',
    layers: [...before, layer(localTime(shift.handOff), shift.after)],
  };
  const users = Object.entries(world.members).map(([id, { contacts, rules, low, away, updates }]) => ({
    id,
    name: id,
    timezone: 'UTC',
    language: 'en' as const,
    role: 'responder' as const,
    statusUpdates: updates,
    away: away === null ? [] : [{ from: localTime(away.from), to: localTime(away.until) }],
    contacts: contacts.map((contact) => ({
      id: contact,
      channel: KEPT.includes(contact) ? ('slack' as const) : ('console' as const),
    })),
    notificationRules: { high: rules.map(ruleOf), low: low.map(ruleOf) },
  }));
  return configuration({
    users,
    policy: policyOf('own', world.atFirst.policies.own),
    service: serviceOf(world, world.atFirst.settings),
    schedules: [schedule],
    teams: [{ id: TEAM, name: TEAM, members: world.team }],
  });
}
