/** The people behind targets at an instant, and whether they can be told (lifecycle §4.1, §5.4). */
import { awayUntil } from './absence.ts';
import type {
  Configuration,
  EscalationPolicy,
  Level,
  NotificationRule,
  Target,
  Urgency,
  User,
} from './configuration.ts';
import { TOLD_AT_ONCE, TOLD_BY_MASS } from './configuration.ts';
import { milliseconds } from './duration.ts';
import type { Instant } from './duration.ts';
import { onCallAt } from './onCall.ts';
import type { Person } from './question.ts';
import { ACKNOWLEDGED_BEFORE } from './question.ts';

/** Somebody named as a recipient, before it is known whether they can be told. */
interface Candidate {
  readonly user: string;
  readonly via: string;
}

/** Targets, how many people behind them are told at most, and whether those who are away are, where there is nobody else. */
interface Named {
  readonly targets: readonly Target[];
  readonly limit: number;
  readonly evenAway: boolean;
}

export interface Found {
  readonly people: readonly Person[];
  readonly remarks: readonly string[];
}

export const namedBy = ({ targets, massNotification }: Level): Named => ({
  targets,
  limit: massNotification ? TOLD_BY_MASS : TOLD_AT_ONCE,
  evenAway: false,
});
export const lastOf = ({ lastResort }: EscalationPolicy): Named => ({
  targets: lastResort,
  limit: TOLD_BY_MASS,
  evenAway: true,
});

/**
 * The people behind targets at `at`, `limit` of them at most, then former ackers; each once, by whatever named them first.
 * Those who are away are told where there is nobody else and `evenAway` says so.
 */
export function resolve(
  configuration: Configuration,
  { targets, limit, evenAway }: Named,
  also: readonly string[],
  at: Instant,
): Found {
  const remarks: string[] = [];
  const candidates = targets.flatMap((target): Candidate[] => {
    if (target.kind === 'user') return [asked(target.id)];
    if (target.kind === 'team') {
      const team = configuration.teams.get(target.id);
      if (team === undefined) remarks.push(`team ${target.id}: no longer in the configuration`);
      return (team?.members ?? []).map((user) => ({ user, via: `team:${target.id}` }));
    }
    const schedule = configuration.schedules.get(target.id);
    const user = schedule && onCallAt(schedule, configuration.users, at);
    if (user !== undefined) return [{ user, via: `schedule:${target.id}` }];
    remarks.push(`schedule ${target.id}: ${schedule ? 'nobody is on call' : 'no longer in the configuration'}`);
    return [];
  });
  const former = also.map((user): Candidate => ({ user, via: ACKNOWLEDGED_BEFORE }));
  const present = [candidates, former].some((some) => tell(configuration, some, at, false).people.length > 0);
  const [found, before] = [candidates, former].map((some) => tell(configuration, some, at, evenAway && !present)) as [
    Found,
    Found,
  ];
  remarks.push(...found.remarks);
  // The policy is pinned; a team may have grown since.
  if (found.people.length > limit) {
    remarks.push(`${found.people.length} people are named; the first ${limit} are told`);
  }
  const people = new Map(found.people.slice(0, limit).map((person) => [person.id, person]));
  for (const person of before.people) if (!people.has(person.id)) people.set(person.id, person);
  return { people: [...people.values()], remarks: [...new Set([...remarks, ...before.remarks])] };
}

/** Those of the candidates who can be told, without duplicates; those who are away only with `evenAway`. */
export function tell(
  configuration: Configuration,
  candidates: readonly Candidate[],
  at: Instant,
  evenAway: boolean,
): Found {
  const people = new Map<string, Person>();
  const remarks = new Set<string>();
  for (const { user: id, via } of candidates) {
    const user = configuration.users.get(id);
    if (user === undefined) remarks.add(`user ${id} is no longer in the configuration`);
    else if (user.contacts.length === 0) remarks.add(`user ${id} has no contact method`);
    else {
      const until = awayUntil(user, at);
      const returns = until === undefined ? '' : new Date(until).toISOString().replace('.000Z', 'Z');
      if (until !== undefined)
        remarks.add(`user ${id} is away until ${returns}${evenAway ? ', and told all the same' : ''}`);
      if ((until === undefined || evenAway) && !people.has(id)) people.set(id, personOf(user, via));
    }
  }
  return { people: [...people.values()], remarks: [...remarks] };
}

function personOf(user: User, via: string): Person {
  return {
    id: user.id,
    name: user.name,
    via,
    statusUpdates: user.statusUpdates,
    contacts: user.contacts.map(({ id, channel }) => ({ id, channel })),
    rules: { high: rulesOf(user, 'high'), low: rulesOf(user, 'low') },
  };
}

/** A user with no rule for the urgency is told at once, by their first contact method (lifecycle §5.4). */
function rulesOf(user: User, urgency: Urgency): readonly NotificationRule[] {
  const rules = user.notificationRules[urgency];
  if (rules.length > 0) return rules;
  return user.contacts.slice(0, 1).map((first) => ({ after: milliseconds(0), contact: first.id }));
}

export const asked = (user: string): Candidate => ({ user, via: `user:${user}` });
