/** Answers who is to be told (question.ts), from the configuration as it is now and the policy as it was pinned. */
import { awayUntil } from './absence.ts';
import type { Configuration, EscalationPolicy } from './configuration.ts';
import type { Instant } from './duration.ts';
import { nextHandOff } from './onCall.ts';
import { asked, lastOf, namedBy, resolve, tell } from './people.ts';
import type { Answer, Asking, LevelAnswer, Question } from './question.ts';
import { inTurn } from './roundRobin.ts';
import { hoursAt } from './supportHours.ts';

/**
 * The answer to `question` at `at` (UTC milliseconds). A user, schedule or team that the configuration no longer has, and a
 * user with no contact method, count as nobody, with a remark (lifecycle §4.1, §5.4); one who is away too, but for those whom
 * a person named and for the last resort (docs/adr/0011-away.md). A turn of round robin that `asking` does not bring is by
 * the incident's id. Throws nothing for a checked configuration.
 */
export function answer(
  configuration: Configuration,
  policy: EscalationPolicy,
  question: Question,
  at: Instant,
  asking: Pick<Asking, 'incident' | 'turns'> = NO_INCIDENT,
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
    case 'hold': {
      const service = configuration.services.get(question.service);
      return { ...nobody, hold: { held: null, hours: service === undefined ? null : hoursAt(service.urgency, at) } };
    }
    case 'users': {
      const found = tell(configuration, question.users.map(asked), at, true);
      return { ...nobody, others: found.people, remarks: found.remarks };
    }
    case 'lastResort': {
      const found = resolve(configuration, lastOf(policy), question.also, at);
      return { ...nobody, others: found.people, remarks: found.remarks };
    }
    case 'level': {
      const { levels, entered } = levelsFrom(configuration, policy, question, at, asking);
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
  asking: Pick<Asking, 'incident' | 'turns'>,
): { levels: readonly LevelAnswer[]; entered: boolean } {
  const onCall = policy.levels.map((level) => resolve(configuration, namedBy(level), [], at));
  const somebody = from > 1 || onCall.some(({ people }) => people.length > 0);
  const levels: LevelAnswer[] = [];
  for (const [index, level] of policy.levels.entries()) {
    const found = onCall[index];
    const number = index + 1;
    if (found === undefined || number < from) continue;
    if (found.people.length > 0 && level.assign === 'round-robin') {
      levels.push({ level: number, ...inTurn(configuration, policy, number, level, also, at, asking) });
    } else {
      const mayBeEntered = found.people.length > 0 || (somebody && level.ifEmpty === 'wait');
      levels.push({ level: number, ...(mayBeEntered ? resolve(configuration, namedBy(level), also, at) : found) });
    }
    if (found.people.length > 0) return { levels, entered: true };
  }
  return { levels, entered: false };
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

const NO_INCIDENT = { incident: '', turns: {} };
