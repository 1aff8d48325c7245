/** A source that goes on and off, in the oracle's words (lifecycle §8, Flapping; docs/adr/0014-flapping.md). */
import type { Case } from './case.ts';
import { letGo } from './suspension.ts';

/** It fires. `cameBack`: nothing did before, and it reopened the incident. */
export function wentOn(it: Case, cameBack: boolean, now: number): void {
  if (it.flapping === null ? cameBack : !it.flapping.fires) transition(it, true, now);
}

/** Nothing fires any more. True where it stays open all the same. */
export function wentOff(it: Case, now: number): boolean {
  if (it.flapping?.fires !== false) transition(it, false, now);
  return it.flapping !== null;
}

function transition(it: Case, fires: boolean, now: number): void {
  const { flapping: rule } = it.settings;
  if (rule === null) {
    if (it.flapping !== null) end(it, now);
    return;
  }
  if (it.flapping !== null) {
    Object.assign(it.flapping, { fires, untold: it.flapping.untold + 1, quietAt: now + rule.quiet });
    return;
  }
  it.transitions = [...it.transitions.filter((at) => now - at < rule.within), now];
  if (it.transitions.length < rule.transitions) return;
  it.flapping = { fires, untold: 0, quietAt: now + rule.quiet, digestAt: now + rule.digestEvery };
  letGo(it, now);
  it.say('flapping', now);
}

function end(it: Case, now: number): void {
  it.flapping = null;
  it.transitions = [];
  it.say('flapping', now);
}

/** `over`: resolves it. True where something came of it. */
export function lookAtFlapping(it: Case, now: number, over: () => void): boolean {
  const { flapping } = it;
  if (flapping === null || now < Math.min(flapping.quietAt, flapping.digestAt)) return false;
  const { flapping: rule } = it.settings;
  if (now < flapping.quietAt && rule !== null) {
    digest(it, flapping.untold, now);
    Object.assign(flapping, { untold: 0, digestAt: now + rule.digestEvery });
  } else if (flapping.fires) end(it, now);
  else over();
  return true;
}

function digest(it: Case, untold: number, now: number): void {
  if (untold === 0) return;
  it.say('flapping', now);
  if (it.status !== 'triggered' || it.list === 0) return;
  const { episode, pass, list, listedAt, assigned } = it;
  const multiAck = it.ofLevel && it.policy.levels[it.level - 1]?.multiAck === true;
  const of = { episode, pass, list, given: listedAt, helps: false, multiAck };
  for (const user of assigned.keys()) it.pager.giveAgain(user, of, now);
}
