/** The urgency, and what follows when it changes, in the oracle's words (lifecycle §4.6, §8). */
import type { Case } from './case.ts';
import { giveThem, startAgain } from './levels.ts';
import type { Standing } from './scenario.ts';

/** After an event of the source. */
export function rate(it: Case, now: number): void {
  becomes(it, it.alerts.urgencyBy(it.settings, it.urgency), now);
}

export function becomes(it: Case, urgency: Standing['urgency'], now: number): void {
  if (urgency === it.urgency) return;
  it.urgency = urgency;
  it.levelEnds = Infinity;
  it.bulletin.say('urgencyChanged', now);
  const { coming, place, level } = it;
  if (it.status !== 'triggered' || (coming !== null && coming.urgency === undefined)) return;
  if (urgency === 'high') startAgain(it, place === 'nobody' ? 1 : level, [], 'raised');
  else if (coming === null) lowered(it);
  else it.coming = { ...coming, urgency: 'lowered' };
}

function lowered(it: Case): void {
  it.pager.drop((slip) => !slip.owed && !slip.persistent);
  if (it.list === 0 || (it.ofLevel && it.place !== 'level')) return;
  const before = [...it.assigned.keys()];
  const multiAck = it.ofLevel && it.policy.levels[it.level - 1]!.multiAck;
  const way = { pass: it.pass, escalated: false, also: [] };
  it.coming = { stands: false, urgency: 'lowered', take: (now) => giveThem(it, before, now, way, multiAck) };
}
