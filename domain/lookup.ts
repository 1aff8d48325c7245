/** Answers who is to be told (question.ts), from the configuration as it is now and the policy as it was pinned. */
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
import { nextHandOff, onCallAt } from './onCall.ts';
import type { Answer, LevelAnswer, Person, Question } from './question.ts';
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

interface Found {
  readonly people: readonly Person[];
  readonly remarks: readonly string[];
}

/**
 * The answer to `question` at `at` (UTC milliseconds). A user, schedule or team that the configuration no longer has, and a
 * user with no contact method, count as nobody, with a remark (lifecycle §4.1, §5.4); one who is away too, but for those whom
 * a person named and for the last resort (docs/adr/0011-away.md). Throws nothing for a checked configuration.
 */
export function answer(
  configuration: Configuration,
  policy: EscalationPolicy,
  question: Question,
  at: Instant,
): Answer {
  const nobody: Answer = {
    at,
    configuration: configuration.version,
    levels: [],
    others: [],
    remarks: [],
    nextHandOff: null,
  };
  switch (question.kind) {
    case 'users': {
      const found = tell(configuration, question.users.map(asked), at, true);
      return { ...nobody, others: found.people, remarks: found.remarks };
    }
    case 'lastResort': {
      const found = resolve(configuration, lastOf(policy), question.also, at);
      return { ...nobody, others: found.people, remarks: found.remarks };
    }
    case 'level': {
      const { levels, entered } = levelsFrom(configuration, policy, question, at);
      if (entered) return { ...nobody, levels };
      const { people, remarks } = resolve(configuration, lastOf(policy), question.also, at);
      const lastResort = resolve(configuration, lastOf(policy), [], at).people;
      const nextHandOff = lastResort.length === 0 ? handOffOf(configuration, policy, at) : null;
      return { ...nobody, levels, others: people, remarks, nextHandOff };
    }
    default:
      return question satisfies never;
  }
}

/**
 * From the level asked for to the first with somebody on call. One before it may be entered, too: it is waited out when
 * empty, where the urgency gives it a timer. Of a whole
 * policy with nobody on call none is: there is nobody to wait for (lifecycle §4.3, §4.4).
 */
function levelsFrom(
  configuration: Configuration,
  policy: EscalationPolicy,
  { level: from, also }: Extract<Question, { kind: 'level' }>,
  at: Instant,
): { levels: readonly LevelAnswer[]; entered: boolean } {
  const onCall = policy.levels.map((level) => resolve(configuration, namedBy(level), [], at));
  const somebody = from > 1 || onCall.some(({ people }) => people.length > 0);
  const levels: LevelAnswer[] = [];
  for (const [index, level] of policy.levels.entries()) {
    const found = onCall[index];
    const number = index + 1;
    if (found === undefined || number < from) continue;
    const mayBeEntered = found.people.length > 0 || (somebody && level.ifEmpty === 'wait');
    levels.push({ level: number, ...(mayBeEntered ? resolve(configuration, namedBy(level), also, at) : found) });
    if (found.people.length > 0) return { levels, entered: true };
  }
  return { levels, entered: false };
}

const namedBy = ({ targets, massNotification }: Level): Named => ({
  targets,
  limit: massNotification ? TOLD_BY_MASS : TOLD_AT_ONCE,
  evenAway: false,
});
const lastOf = ({ lastResort }: EscalationPolicy): Named => ({
  targets: lastResort,
  limit: TOLD_BY_MASS,
  evenAway: true,
});

/**
 * The people behind targets at `at`, `limit` of them at most, then former ackers; each once, by whatever named them first.
 * Those who are away are told where there is nobody else and `evenAway` says so.
 */
function resolve(
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
function tell(configuration: Configuration, candidates: readonly Candidate[], at: Instant, evenAway: boolean): Found {
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

/**
 * The earliest instant at which somebody may be on call: the next hand-off of any schedule that the policy names, its last
 * resort's included, and the return of anybody whom it names (lifecycle §4.4).
 */
function handOffOf(configuration: Configuration, policy: EscalationPolicy, at: Instant): Instant | null {
  const { users, teams, schedules } = configuration;
  const targets = [...policy.levels.flatMap((level) => level.targets), ...policy.lastResort];
  const changes = targets.flatMap(({ kind, id }) => {
    const schedule = kind === 'schedule' ? schedules.get(id) : undefined;
    if (schedule !== undefined) return nextHandOff(schedule, users, at) ?? [];
    const named = kind === 'team' ? (teams.get(id)?.members ?? []) : [id];
    return named.flatMap((user) => awayUntil(users.get(user), at) ?? []);
  });
  return changes.length === 0 ? null : Math.min(...changes);
}

const asked = (user: string): Candidate => ({ user, via: `user:${user}` });
