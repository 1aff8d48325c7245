/** Before anybody is told, and after the end, in the oracle's words (lifecycle §2.7, §3, §8 Threshold). */
import { spare } from './autoResolve.ts';
import type { Case, Suspension } from './case.ts';
import { enter, stayNobody } from './levels.ts';
import { hoursOf, rate } from './rating.ts';
import type { Settings } from './scenario.ts';
import { maintainedUntil } from './scenario.ts';

/** What a trigger of the source meets. */
export function suspensionBy({ holdFor, threshold }: Settings, now: number): Suspension {
  return {
    until: holdFor > 0 ? now + holdFor : null,
    counted: threshold === null ? null : [],
    asked: false,
    held: null,
  };
}

const isOver = ({ until, counted, asked, held }: Suspension): boolean =>
  until === null && counted === null && !asked && held === null;

/** By the source. */
export function begin(it: Case, now: number): void {
  const until = maintainedUntil(it.world, now);
  it.suspension = { ...suspensionBy(it.settings, now), held: until === null ? null : { until, turn: false } };
  if (isOver(it.suspension)) release(it, now);
  else it.status = 'suspended';
  count(it, now);
}

/** Everybody hears of it from here on. */
export function release(it: Case, now: number): void {
  if (it.status !== 'triggered') spare(it, 1, now);
  it.status = 'triggered';
  it.suspension = null;
  it.unannounced = it.heardOf ? 'reopened' : 'triggered';
  it.coming = { stands: false, take: (later) => enter(it, 1, later, { pass: 1, escalated: false, also: [] }) };
}

/** Nothing keeps it suspended any more; nobody but the world could. */
function releaseIfOver(it: Case, now: number): void {
  if (it.suspension !== null && isOver(it.suspension)) release(it, now);
}

/** One more event of the source. */
export function count(it: Case, now: number): void {
  const { suspension } = it;
  const { threshold } = it.settings;
  const counted = suspension?.counted ?? null;
  if (suspension === null || counted === null || threshold === null) return;
  suspension.counted = [...counted.filter((at) => now - at < threshold.within), now];
  if (suspension.counted.length > threshold.moreThan) suspension.counted = null;
  releaseIfOver(it, now);
}

/** `hushed`: resolves it where nobody was told. */
export function lookAtSuspension(it: Case, now: number, hushed: () => void): void {
  const { suspension, settings } = it;
  if (suspension === null) return;
  if (suspension.until !== null && now >= suspension.until) suspension.until = null;
  if (settings.threshold === null) suspension.counted = null;
  releaseIfOver(it, now);
  const last = it.suspension?.counted?.at(-1);
  if (last !== undefined && settings.threshold !== null && now >= last + settings.threshold.within) {
    hushed();
    return;
  }
  if (suspension.asked || suspension.held === null || now < suspension.held.until) return;
  suspension.asked = !suspension.held.turn;
  if (suspension.held.turn) suspension.held = null;
  releaseIfOver(it, now);
}

/** Neither hold nor threshold keeps it. */
export function letGo(it: Case, now: number): void {
  if (it.suspension === null) return;
  Object.assign(it.suspension, { until: null, counted: null });
  releaseIfOver(it, now);
}

/** As the next episode, from its first level on. By the source it meets what a new one does, at the hour that it is then. */
export function reopen(it: Case, now: number, by: 'source' | 'person'): void {
  Object.assign(it, { episode: it.episode + 1, pass: 1, level: 0, place: 'level', reached: false });
  Object.assign(it, { reopenable: -Infinity, transient: false, ackers: [] });
  it.resolver = undefined;
  it.assigned = new Map();
  // Those whom a person named are owed it, whatever became of the episode.
  if (it.coming?.stands === true) it.invited.push({ users: it.coming.users ?? [], isOver: true });
  it.coming = null;
  stayNobody(it);
  if (by === 'person') {
    release(it, now);
    return;
  }
  it.status = 'suspended';
  it.suspension = { ...suspensionBy(it.settings, now), asked: true };
}

/** It is found out whether something else holds it. True where that was asked. */
export function takeHold(it: Case, now: number): boolean {
  const { suspension } = it;
  if (suspension?.asked !== true) return false;
  suspension.asked = false;
  if (suspension.held === null) {
    it.hours = hoursOf(it.settings, now);
    rate(it, now);
  }
  const until = maintainedUntil(it.world, now);
  const turn =
    suspension.held === null || it.world.turnAfter === 0 ? null : { until: now + it.world.turnAfter, turn: true };
  suspension.held = until === null ? turn : { until, turn: false };
  releaseIfOver(it, now);
  return true;
}
