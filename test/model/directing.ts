/** What people direct: reassign, escalate now, adopt-policy, in the oracle's words (lifecycle §4.5, §4.7; §7). */
import type { Case, Shown } from './case.ts';
import { unowedToAssignees } from './case.ts';
import { enter, exhaust, giveAsAsked, leaveLevel, tellLastResort, triggered } from './levels.ts';
import { rate } from './rating.ts';
import type { DeedOf, PolicyName } from './scenario.ts';
import { levelIn } from './scenario.ts';
import { release } from './suspension.ts';

/** Seconds between two calls of the last resort by people. */
const LAST_RESORT_AGAIN = 60;

export function reassign(it: Case, { by, to }: DeedOf<'reassign'>, now: number): void {
  takeAway(it, by, now);
  it.place = 'direct';
  it.assigned = new Map(to.map((user) => [user, it.list]));
  it.coming = { stands: true, take: (later) => giveAsAsked(it, to, later) };
}

export function reassignTo(it: Case, { by, policy: name, level }: DeedOf<'reassignTo'>, now: number): void {
  takeAway(it, by, now);
  startAt(it, name, level);
}

/** From those who have it, by somebody who need not be told of it. */
function takeAway(it: Case, by: string, now: number): void {
  it.say('reassigned', now);
  it.pager.drop(({ user }) => user === by, 'own');
  triggered(it, now);
  it.staying = new Map();
  it.pager.drop(unowedToAssignees);
  it.levelEnds = Infinity;
  it.looksAgainAt = Infinity;
}

/** Pass 1 of today's policy, at `level`. */
function startAt(it: Case, name: PolicyName, level: number): void {
  it.policyName = name;
  it.policy = it.world.today.policies[name];
  it.place = 'level';
  it.level = levelIn(it.policy, level);
  it.pass = 1;
  it.reached = false;
  it.coming = {
    stands: false,
    take: (later) => enter(it, it.level, later, { pass: 1, escalated: false, also: [] }),
  };
}

/** `shown`: as it stood for whoever pressed the button. */
export function escalate(it: Case, { by, fully }: DeedOf<'escalate'>, shown: Shown, now: number): void {
  if (it.status === 'suspended') {
    release(it, now);
    return;
  }
  const { level, pass, place, policy } = it;
  const same = shown.level === level && (!fully || (shown.pass === pass && shown.episode === it.episode));
  if (!same || it.coming?.pressed === true || place === 'direct') return;
  if (place === 'exhausted' && now - it.listedAt < LAST_RESORT_AGAIN) return;
  it.pager.drop(({ user }) => user === by, 'own');
  triggered(it, now);
  const way = { pass, escalated: true, also: [] };
  const press = (take: (later: number) => void): void => {
    it.coming = { stands: false, pressed: true, take };
  };
  it.looksAgainAt = Infinity;
  if (place === 'exhausted') press((later) => tellLastResort(it, later, way));
  else if (place === 'nobody') press((later) => enter(it, 1, later, { ...way, pass: 1 }));
  else {
    leaveLevel(it);
    if (level < policy.levels.length) press((later) => enter(it, level + 1, later, way));
    else if (pass <= policy.repeat) press((later) => enter(it, 1, later, { ...way, pass: pass + 1 }));
    else {
      exhaust(it, now);
      press((later) => tellLastResort(it, later, way));
    }
  }
}

/** Today's settings of the service, and `policy` as it is today. */
export function adopt(it: Case, { policy: name }: DeedOf<'adopt'>, now: number): void {
  it.say('policyAdopted', now);
  const before = it.policyName;
  it.settings = it.world.today.settings;
  if (it.status === 'acknowledged' && it.snoozeEnds === Infinity && it.lastAckAt !== null && it.people.length > 0) {
    const { ackTimeout } = it.settings;
    it.ackFires = ackTimeout === null ? Infinity : Math.max(now, it.lastAckAt + ackTimeout);
  }
  if (name === before) {
    it.policy = it.world.today.policies[name];
    if (it.levelEnds !== Infinity) {
      const step = it.policy.levels[it.level - 1];
      it.levelEnds = step === undefined ? now : Math.max(now, it.listedAt + step.delay);
    }
    if (it.place === 'nobody' && it.status === 'triggered') it.looksAgainAt = now;
  } else {
    triggered(it, now);
    it.staying = new Map();
    it.pager.drop(unowedToAssignees);
    it.levelEnds = Infinity;
    it.looksAgainAt = Infinity;
    startAt(it, name, 1);
  }
  rate(it, now);
}
