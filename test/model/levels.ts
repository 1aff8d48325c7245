/** Who is assigned, and the walk through the levels, in the oracle's words (lifecycle §4.1–4.4, §5.5, §6). */
import { spare, spareAtEntry } from './autoResolve.ts';
import type { Case, Way } from './case.ts';
import { unowed, unowedToAssignees } from './case.ts';
import type { Slip } from './pager.ts';

/** Assigns the incident to `users` and to nobody else but those who stay. */
export function give(it: Case, users: readonly string[], now: number, way: Way, multiAck = false): void {
  it.list = it.lists + 1;
  it.listedAt = now;
  it.listed = users;
  it.unreachable = new Set();
  if (way.pass !== it.pass) it.reached = false;
  it.pass = way.pass;
  it.ofLevel = it.place === 'level';
  if (it.place === 'exhausted' || it.place === 'nobody') it.lastResortAt = now;
  it.assigned = it.staying;
  stayNobody(it);
  for (const user of users) it.assigned.set(user, it.list);
  const owedBefore = users.filter((user) => it.told.has(`${it.episode} ${user}`) || it.pager.owes(user, it.episode));
  it.pager.drop((slip) => !slip.owed && users.includes(slip.user));
  if (way.escalated) it.say('escalated', now);
  startRules(it, users, { owedBefore, helps: false, multiAck }, now);
}

/** `owedBefore`: who is not owed it anew. */
export function startRules(
  it: Case,
  users: readonly string[],
  how: Pick<Slip, 'helps' | 'multiAck'> & { readonly owedBefore: readonly string[] },
  now: number,
): void {
  const { world, episode, pass, urgency } = it;
  const { owedBefore, ...kind } = how;
  it.lists += 1;
  for (const user of users) {
    const { rules: high, low, contacts } = world.members[user]!;
    const own = urgency === 'high' ? high : low;
    const rules = own.length > 0 ? own : [{ after: 0, contact: contacts[0]! }];
    it.pager.give(user, { rules, owed: !owedBefore.includes(user), episode, pass, list: it.lists, ...kind }, now);
  }
}

/** Those whom a person named, or who were told before: away or not. */
export function giveThem(it: Case, users: readonly string[], now: number, way: Way, multiAck = false): void {
  const some = it.calendar.reachable(users);
  if (some.length > 0) give(it, some, now, way, multiAck);
}

/** Those whom a person named; an ack or a resolve that came between ends the delayed rules, and what would be owed to whoever did it. */
export function giveAsAsked(it: Case, to: readonly string[], now: number): void {
  giveThem(it, to, now, { pass: it.pass, escalated: false, also: [] });
  catchUp(it);
}

/** What was asked for comes to an incident that somebody holds by now, or that is over: then only what is owed is told. */
export function catchUp(it: Case, isOfIt: (slip: Slip) => boolean = () => true): void {
  if (it.status === 'triggered') return;
  it.pager.drop(({ user }) => it.people.includes(user) || user === it.resolver, 'own');
  it.pager.drop((slip) => unowed(slip) && isOfIt(slip));
}

/** Seconds after the last resort was told in which no press tells it again (§4.7). */
export const LAST_RESORT_AGAIN = 60;

/** By its timer, or because nobody of it can be reached, or it is gone. */
export function endLevel(it: Case, now: number): void {
  goOn(it, now, { pass: it.pass, escalated: true, also: [] });
}

/** From the level where it stands; its own rules end, or run on with those of the levels before it. */
export function goOn(it: Case, now: number, way: Way): void {
  const { level, pass, reached } = it;
  const { levels, repeat, lastResort } = it.policy;
  const last = level >= levels.length;
  const over = last && (pass > repeat || !(reached || way.pressed === true));
  if (over && !reached) it.pager.persist();
  stayOn(it);
  if (!accumulates(it)) it.pager.drop((slip) => !slip.owed && !slip.persistent && slip.list === it.list);
  it.levelEnds = Infinity;
  if (over) {
    exhaust(it, now);
    if (lastResort.length > 0) it.coming = { stands: false, take: (later) => tellLastResort(it, later, way) };
  } else if (last) {
    it.coming = { stands: false, take: (later) => enter(it, 1, later, { ...way, pass: pass + 1, pressed: false }) };
  } else {
    it.coming = { stands: false, take: (later) => enter(it, level + 1, later, way) };
  }
}

const accumulates = ({ policy, level }: Case): boolean => policy.levels[level - 1]?.accumulate === true;

export function stayNobody(it: Case): void {
  it.staying = new Map();
  it.left = false;
}

/** Those of a level that accumulates, and of those before it that did. */
export function stayOn(it: Case): void {
  it.left = true;
  it.staying = new Map([...it.assigned].filter(([, of]) => accumulates(it) || of !== it.list));
}

function exhaust(it: Case, now: number): void {
  it.place = 'exhausted';
  it.levelEnds = Infinity;
  it.say('exhausted', now);
}

/** Level `from` or the first after it that is not skipped. */
export function enter(it: Case, from: number, now: number, way: Way): void {
  const { calendar, urgency, reached } = it;
  const { levels, repeat } = it.policy;
  const empty = (index: number): boolean => calendar.present(levels[index]!.targets, now).length === 0;
  if (from === 1 && levels.every((_, index) => empty(index))) {
    nobody(it, now, way);
    return;
  }
  for (let index = from - 1; index < levels.length; index += 1) {
    const { targets, delay, wait, multiAck } = levels[index]!;
    if (empty(index) && (!wait || urgency === 'low')) continue;
    it.place = 'level';
    it.level = index + 1;
    it.levelEnds = urgency === 'low' ? Infinity : now + delay;
    const told = levels[index]!.roundRobin ? inTurn(it, index, now) : targets;
    const users = [...new Set([...calendar.present(told, now), ...calendar.here(way.also, now)])];
    give(it, users, now, way, multiAck);
    spareAtEntry(it, now);
    return;
  }
  if (!way.escalated) stayOn(it);
  if (way.pass <= repeat && (reached || way.pressed === true)) {
    const next = { pass: way.pass + 1, escalated: true, also: way.also };
    it.coming = { stands: false, take: (later) => enter(it, 1, later, next) };
    return;
  }
  if (!reached) it.pager.persist();
  exhaust(it, now);
  tellLastResort(it, now, { ...way, escalated: true });
}

/** Whoever is on call first is so by round robin: the turn is asked for by the incident, once it is open. */
export function waitsForTurn({ policy, calendar }: Case, now: number): boolean {
  const first = policy.levels.find(({ targets }) => calendar.present(targets, now).length > 0);
  return first?.roundRobin === true;
}

/** The target whose turn it is; where nobody is behind it, the one after it, for this time. */
function inTurn(it: Case, index: number, now: number): string[] {
  const { targets } = it.policy.levels[index]!;
  const available = targets.filter((target) => it.calendar.present([target], now).length > 0);
  const nextFrom = (place: number) => available.find((target) => targets.indexOf(target) >= place) ?? available[0];
  const key = `${it.policyName} ${index}`;
  const turn = it.turns.get(key);
  const target = nextFrom(turn ?? it.world.lastTurn + 1);
  if (target === undefined) return [];
  if (turn === undefined) it.turns.set(key, targets.indexOf(target));
  return [target];
}

function nobody(it: Case, now: number, way: Way): void {
  const { calendar, policy } = it;
  it.place = 'nobody';
  it.levelEnds = Infinity;
  stayNobody(it);
  it.say('nobodyOnCall', now);
  const none = calendar.lastResort(policy, [], now).length === 0;
  it.looksAgainAt = none ? calendar.nextChange(policy, now) : Infinity;
  const again = way.pressed === true && now - it.lastResortAt < LAST_RESORT_AGAIN;
  if (!again) tellLastResort(it, now, { ...way, escalated: false });
}

export function tellLastResort(it: Case, now: number, way: Way): void {
  const users = it.calendar.lastResort(it.policy, way.also, now);
  if (users.length > 0) give(it, users, now, way);
}

/** Triggered again, at the level that it stood at. */
export function again(it: Case, resume: 'same-level' | 'first-level', also: readonly string[], now: number): void {
  triggered(it, now);
  startAgain(
    it,
    it.place === 'nobody' || it.urgency === 'low' || resume === 'first-level' ? 1 : Math.max(1, it.level),
    also,
  );
}

/** The level starts; where none runs, those who were told last are told again. */
export function startAgain(it: Case, from: number, also: readonly string[], because?: 'raised'): void {
  const before = [...it.assigned.keys()];
  stayNobody(it);
  it.pager.drop((slip) => unowedToAssignees(slip) && !(because === 'raised' && slip.persistent));
  it.levelEnds = Infinity;
  it.looksAgainAt = Infinity;
  const way = { pass: it.pass, escalated: false, also };
  const users = [...before, ...also];
  const take = (now: number): void => {
    if (it.place === 'direct') giveAsAsked(it, users, now);
    else if (it.place === 'exhausted') tellLastResort(it, now, way);
    else enter(it, from, now, way);
  };
  // Those to whom a person reassigned it are owed it, whatever comes before it is found out who they are.
  const stands = it.coming?.stands === true && it.place === 'direct';
  it.coming = { stands, users, take, ...(because === undefined ? {} : { urgency: because }) };
}

/** Whoever held it does no longer. */
export function triggered(it: Case, now: number): void {
  if (it.status === 'acknowledged') {
    it.episode += 1;
    spare(it, it.level, now);
  }
  it.status = 'triggered';
  it.ackers = [];
  it.ackFires = Infinity;
  it.snoozeEnds = Infinity;
}

export function couldNotBeReached(it: Case, { user, list: of }: Slip, now: number): void {
  if (of !== it.list || it.unreachable.has(user)) return;
  it.unreachable.add(user);
  const runs = it.status === 'triggered' && it.coming === null && it.place === 'level';
  if (runs && it.listed.every((each) => it.unreachable.has(each))) endLevel(it, now);
}
