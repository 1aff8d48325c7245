/** The urgency, and what follows when it changes, in the oracle's words (lifecycle §4.6, §8). */
import type { Case, Hours } from './case.ts';
import { unowedToAssignees } from './case.ts';
import { enter, giveThem, startAgain } from './levels.ts';
import type { Settings, Standing } from './scenario.ts';

/** Support hours, as they were at the trigger. */
export function hoursOf({ urgency: rule }: Settings, now: number): Hours | null {
  if (typeof rule !== 'object') return null;
  const inside = rule.from <= now && now < rule.until;
  const other = rule.inside === 'high' ? 'low' : 'high';
  const turns = rule.inside === 'high' ? rule.from : rule.until;
  return { urgency: inside ? rule.inside : other, raiseAt: rule.raises && turns > now ? turns : Infinity };
}

/** By the rule of its service. */
export function ruled({ settings, alerts, hours }: Case): Standing['urgency'] {
  const { urgency: rule } = settings;
  if (rule === 'bySeverity') return alerts.urgencyBySeverity();
  return typeof rule === 'object' ? (hours?.urgency ?? 'high') : rule;
}

/** After an event of the source. */
export function rate(it: Case, now: number): void {
  if (!it.urgencyIsSet) becomes(it, ruled(it), now);
}

/** The hours begin, or end, that make it urgent. */
export function lookAtHours(it: Case, now: number): void {
  if (
    it.hours === null ||
    it.urgencyIsSet ||
    it.status === 'resolved' ||
    it.urgency === 'high' ||
    now < it.hours.raiseAt
  )
    return;
  it.hours = { urgency: 'high', raiseAt: Infinity };
  becomes(it, 'high', now);
}

/** A person says so, and that stays. */
export function set(it: Case, urgency: Standing['urgency'], now: number): void {
  it.urgencyIsSet = true;
  becomes(it, urgency, now);
}

function becomes(it: Case, urgency: Standing['urgency'], now: number): void {
  if (urgency === it.urgency) return;
  it.urgency = urgency;
  it.levelEnds = Infinity;
  it.say('urgencyChanged', now);
  const { coming, place, level } = it;
  if (it.status !== 'triggered' || (coming !== null && coming.urgency === undefined)) return;
  if (urgency === 'high') startAgain(it, place === 'nobody' ? 1 : level, [], 'raised');
  else if (coming === null) lowered(it);
  else it.coming = { ...coming, urgency: 'lowered' };
}

function lowered(it: Case): void {
  it.pager.drop((slip) => unowedToAssignees(slip) && !slip.persistent);
  if (it.list === 0 || (it.ofLevel && it.place !== 'level')) return;
  const before = [...it.assigned.keys()];
  const way = { pass: it.pass, escalated: false, also: [] };
  const take = (now: number): void => {
    const nobodyThere = it.ofLevel && it.calendar.reachable(before).length === 0;
    // By the version of the policy that is adopted by then.
    const multiAck = it.ofLevel && it.policy.levels[it.level - 1]?.multiAck === true;
    if (!nobodyThere) giveThem(it, before, now, way, multiAck);
    else it.coming = { stands: false, urgency: 'lowered', take: (later) => enter(it, 1, later, way) };
  };
  it.coming = { stands: false, urgency: 'lowered', take };
}
