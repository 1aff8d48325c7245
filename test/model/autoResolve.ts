/** What nobody resolves, in the oracle's words (lifecycle §8, Auto-resolve). */
import type { Case } from './case.ts';

/** When it is resolved by itself, as things are. */
function resolvesAt(it: Case, now: number): number {
  const { autoResolve } = it.settings;
  if (autoResolve === null) return Infinity;
  const { after, fromLastEvent, includeAcknowledged } = autoResolve;
  if (it.status !== 'triggered' && !(it.status === 'acknowledged' && includeAcknowledged)) return Infinity;
  const since = fromLastEvent ? it.lastEventAt : 0;
  const heldFor = it.held.map(({ from, until }) => Math.max(0, Math.min(until, now) - Math.max(from, since)));
  const held = includeAcknowledged ? 0 : heldFor.reduce((sum, each) => sum + each, 0);
  return Math.max(since + after + held, it.spared);
}

/** Whoever holds it: that time does not count. */
export function keepTime(it: Case, now: number): void {
  const last = it.held.at(-1);
  const isHeld = last !== undefined && last.until === Infinity;
  if (it.status === 'acknowledged' && !isHeld) it.held.push({ from: now, until: Infinity });
  if (it.status !== 'acknowledged' && isHeld) last.until = now;
}

/** Triggered again, it has as long as the level that it goes on with; as its policy’s last, where that is gone. */
export function spare(it: Case, level: number, now: number): void {
  const { levels } = it.policy;
  it.spared = now + ((levels[Math.max(1, level) - 1] ?? levels.at(-1))?.delay ?? 0);
}

/** The first level that it enters may be another one, and later. */
export function spareAtEntry(it: Case, now: number): void {
  const first = it.entered !== it.episode;
  it.entered = it.episode;
  if (first && it.spared !== -Infinity) spare(it, it.level, now);
}

export const isOverdue = (it: Case, now: number): boolean => now >= resolvesAt(it, now);
