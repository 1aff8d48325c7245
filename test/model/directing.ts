/** What people direct: reassign, escalate now, adopt-policy, in the oracle's words (lifecycle §4.5, §4.7; §7). */
import type { Case, Shown } from './case.ts';
import { unowedToAssignees } from './case.ts';
import {
  endLevel,
  enter,
  giveAsAsked,
  goOn,
  LAST_RESORT_AGAIN,
  stayNobody,
  stayOn,
  tellLastResort,
  triggered,
} from './levels.ts';
import { hoursOf, rate } from './rating.ts';
import type { DeedOf, PolicyName } from './scenario.ts';
import { levelIn } from './scenario.ts';
import { release } from './suspension.ts';

export function reassign(it: Case, { by, to }: DeedOf<'reassign'>, now: number): void {
  takeAway(it, by, now);
  it.place = 'direct';
  it.assigned = new Map(to.map((user) => [user, it.list]));
  it.coming = { stands: true, users: to, take: (later) => giveAsAsked(it, to, later) };
}

export function reassignTo(it: Case, { by, policy: name, level }: DeedOf<'reassignTo'>, now: number): void {
  startAt(it, name, level);
  takeAway(it, by, now);
}

/** From those who have it, by somebody who need not be told of it. */
function takeAway(it: Case, by: string, now: number): void {
  it.say('reassigned', now);
  it.pager.drop(({ user }) => user === by, 'own');
  triggered(it, now);
  stayNobody(it);
  it.pager.drop(unowedToAssignees);
  it.levelEnds = Infinity;
  it.looksAgainAt = Infinity;
}

/** Pass 1 of today's policy, at `level`; nobody has it until it is found out who is on call there. */
function startAt(it: Case, name: PolicyName, level: number): void {
  it.policyName = name;
  it.policy = it.world.today.policies[name];
  it.place = 'level';
  it.level = levelIn(it.policy, level);
  it.pass = 1;
  it.reached = false;
  it.assigned = new Map();
  const from = it.level;
  const way = { pass: 1, escalated: true, also: [] };
  it.coming = { stands: false, take: (later) => enter(it, from, later, way) };
}

/** `shown`: as it stood for whoever pressed the button. Of two presses of one, or while it moves by itself, one counts. */
export function escalate(it: Case, { by, fully }: DeedOf<'escalate'>, shown: Shown, now: number): void {
  if (it.status === 'suspended') {
    release(it, now);
    return;
  }
  const { level, pass, place } = it;
  const same = shown.level === level && (!fully || (shown.pass === pass && shown.episode === it.episode));
  if (!same || it.coming !== null || place === 'direct') return;
  const nobodyLeft = it.policy.lastResort.length === 0 || now - it.lastResortAt < LAST_RESORT_AGAIN;
  if (place === 'exhausted' && nobodyLeft) return;
  triggered(it, now);
  it.pager.drop(({ owed, user }) => owed && user === by, 'own');
  it.looksAgainAt = Infinity;
  const way = { pass, escalated: true, pressed: true, also: [] };
  if (place !== 'level') stayOn(it);
  if (place === 'exhausted') it.coming = { stands: false, take: (later) => tellLastResort(it, later, way) };
  else if (place === 'nobody') it.coming = { stands: false, take: (later) => enter(it, 1, later, way) };
  else goOn(it, now, way);
}

/** Today's settings of the service, and `policy` as it is today: what runs goes by them, counted from when it began. */
export function adopt(it: Case, { by, policy: name }: DeedOf<'adopt'>, now: number): void {
  it.say('policyAdopted', now);
  const another = name !== it.policyName;
  it.settings = it.world.today.settings;
  it.policyName = name;
  it.policy = it.world.today.policies[name];
  it.hours = hoursOf(it.settings, now);
  if (it.people.length > 0 && it.snoozeEnds === Infinity) {
    const lastAck = Math.max(...it.people.map((user) => it.ackedAt.get(user)!));
    it.ackFires = it.settings.ackTimeout === null ? Infinity : Math.max(now, lastAck + it.settings.ackTimeout);
  }
  if (!another) followPolicy(it, now);
  rate(it, now);
  if (!another || it.status === 'suspended') return;
  startAt(it, name, 1);
  takeAway(it, by, now);
}

function followPolicy(it: Case, now: number): void {
  if (it.left) stayOn(it);
  const step = it.policy.levels[it.level - 1];
  if (it.levelEnds !== Infinity && step === undefined) endLevel(it, now);
  else if (it.levelEnds !== Infinity && step !== undefined) it.levelEnds = Math.max(now, it.listedAt + step.delay);
  else if (it.coming === null && it.place === 'nobody' && it.status === 'triggered') {
    const way = { pass: it.pass, escalated: true, also: [] };
    it.coming = { stands: false, take: (later) => enter(it, 1, later, way) };
  }
}
