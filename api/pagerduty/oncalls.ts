/** GET /oncalls: who is on call, by escalation policy and level, now or in a stretch of time. */
import { z } from 'zod';
import type { Configuration, EscalationPolicy, Level, Target } from '../../domain/configuration.ts';
import { days } from '../../domain/duration.ts';
import type { Instant } from '../../domain/duration.ts';
import { type Shift, shifts } from '../../domain/onCall.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy } from './acting.ts';
import { ids, included, instant, paging, yesOrNo } from './asked.ts';
import { type Door, type Visit, visitOf } from './door.ts';
import { escalationPolicyIn, scheduleIn, userIn } from './included.ts';
import { pageOf, pageSchema } from './pages.ts';
import type { Included } from './references.ts';
import { guarded, instantText, reference } from './schemas.ts';
import { type Stretch, stretchOf } from './stretch.ts';

/** Of each schedule that a policy names, all shifts are looked at. */
const LONGEST = days(90);

const onCall = z.looseObject({
  user: reference,
  schedule: reference.nullable().describe('Null where the policy names the user, or their team'),
  escalation_policy: reference,
  escalation_level: z.int(),
  start: instantText.nullable().describe('Null: always'),
  end: instantText.nullable().describe('Null: for ever'),
});

interface OnCall {
  readonly user: string;
  readonly schedule: string | null;
  readonly policy: string;
  readonly level: number;
  readonly start: Instant;
  readonly end: Instant;
}

export function oncalls(app: ApiServer, door: Door): void {
  const { deps } = door;
  app.get(
    '/oncalls',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        tags: ['pagerduty'],
        security: SECURED,
        operationId: 'listOnCalls',
        summary: 'Who is on call, by escalation policy and level',
        querystring: z.object({
          'user_ids[]': ids('These users'),
          'escalation_policy_ids[]': ids('By these escalation policies'),
          'schedule_ids[]': ids('By these schedules'),
          since: instant('Now where it is left out'),
          until: instant('`since` where it is left out; at most 90 days after it'),
          earliest: yesOrNo('Of each user in a level, the first only'),
          'include[]': included,
          ...paging,
        }),
        response: { 200: pageSchema('oncalls', onCall), ...guarded },
      },
    },
    async ({ query, headers }) => {
      const visit = visitOf(door, headers);
      const stretch = stretchOf(query, 0, LONGEST);
      const has = (asked: readonly string[] | undefined, id: string | null): boolean =>
        asked === undefined || (id !== null && asked.includes(id));
      const found = onCallIn(deps.configuration(), stretch, query['escalation_policy_ids[]']).filter(
        ({ user, schedule }) => has(query['user_ids[]'], user) && has(query['schedule_ids[]'], schedule),
      );
      const all = query.earliest ? earliestOf(found) : found;
      return pageOf('oncalls', all, query, (each) => onCallJson(visit, each, query['include[]']));
    },
  );
}

const iso = (at: Instant): string | null => (Number.isFinite(at) ? new Date(at).toISOString() : null);

const onCallJson = (visit: Visit, { user, schedule, policy, level, start, end }: OnCall, include: Included) => ({
  user: userIn(visit, user, include.has('users')),
  schedule: schedule === null ? null : scheduleIn(visit, schedule, include.has('schedules')),
  escalation_policy: escalationPolicyIn(visit, policy, include.has('escalation_policies')),
  escalation_level: level,
  start: iso(start),
  end: iso(end),
});

/** In the order of policies, their levels and targets; each schedule is looked at once. */
function onCallIn(
  configuration: Configuration,
  stretch: Stretch,
  policies: readonly string[] | undefined,
): readonly OnCall[] {
  const known = new Map<string, readonly Shift[]>();
  const shiftsOf = (id: string): readonly Shift[] => {
    const schedule = configuration.schedules.get(id);
    if (schedule === undefined) return [];
    const found = known.get(id) ?? within(shifts(schedule, configuration.users, stretch.since, stretch.until), stretch);
    known.set(id, found);
    return found;
  };
  const ofTarget = ({ kind, id }: Target): readonly Pick<OnCall, 'user' | 'schedule' | 'start' | 'end'>[] => {
    const always = { schedule: null, start: -Infinity, end: Infinity };
    if (kind === 'user') return [{ user: id, ...always }];
    if (kind === 'team') {
      return (configuration.teams.get(id)?.members ?? []).map((user) => ({ user, ...always }));
    }
    return shiftsOf(id).flatMap(({ user, start, end }) => (user === null ? [] : [{ user, schedule: id, start, end }]));
  };
  const ofLevel = (policy: EscalationPolicy, { targets }: Level, index: number): readonly OnCall[] =>
    targets.flatMap(ofTarget).map((each) => ({ ...each, policy: policy.id, level: index + 1 }));
  return [...configuration.escalationPolicies.values()]
    .filter(({ id }) => policies === undefined || policies.includes(id))
    .flatMap((policy) => policy.levels.flatMap((level, index) => ofLevel(policy, level, index)));
}

/** What ends at `since` is over; `until` itself counts, so that one instant can be asked for. */
const within = (all: readonly Shift[], { since, until }: Stretch): readonly Shift[] =>
  all.filter(({ start, end }) => end > since && start <= until);

function earliestOf(all: readonly OnCall[]): readonly OnCall[] {
  const first = new Map<string, OnCall>();
  for (const each of all) {
    const key = JSON.stringify([each.policy, each.level, each.user]);
    const before = first.get(key);
    if (before === undefined || each.start < before.start) first.set(key, each);
  }
  return [...first.values()];
}
