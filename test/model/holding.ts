/** Who holds the incident, and its end, in the oracle's words (lifecycle §3, §6; §7, rows ack to snooze). */
import type { Case } from './case.ts';
import { unowed } from './case.ts';
import { again } from './levels.ts';

export function ack(it: Case, by: string, now: number): void {
  acknowledged(it, by, by, now);
  it.pager.drop(({ owed, multiAck }) => !owed && !multiAck);
  it.snoozeEnds = Infinity;
  if (it.settings.ackTimeout !== null) it.ackFires = now + it.settings.ackTimeout;
}

/** It arms no timeout, and ends no snooze. */
export function ackBySource(it: Case, now: number): void {
  if (it.ackers.includes('source')) return;
  acknowledged(it, 'source', null, now);
  it.pager.drop(({ owed, multiAck }) => !owed && !multiAck);
}

/** `actor`: whom nobody need tell of it. */
function acknowledged(it: Case, by: string, actor: string | null, now: number): void {
  it.say('acknowledged', now, it.status === 'acknowledged' ? undefined : actor);
  it.status = 'acknowledged';
  it.levelEnds = Infinity;
  it.looksAgainAt = Infinity;
  it.forgetComing();
  it.ackers = [...it.ackers.filter((user) => user !== by), by];
  it.ackedAt.set(by, now);
  it.pager.drop(({ user }) => user === by, 'own');
}

export function startWork(it: Case, by: string, now: number): void {
  ack(it, by, now);
  if (it.workStartedAt === null) it.say('workStarted', now);
  it.workStartedAt ??= now;
}

export function unack(it: Case, by: string, now: number): void {
  if (!it.ackers.includes(by)) return;
  it.say('unacknowledged', now);
  it.ackers = it.ackers.filter((user) => user !== by);
  if (it.people.length === 0) again(it, 'same-level', [], now);
}

/** It holds until then, by whoever holds it; nothing but what is owed to others is told meanwhile. */
export function snooze(it: Case, by: string, lasts: number, now: number): void {
  if (it.status === 'triggered') acknowledged(it, by, by, now);
  it.say('snoozed', now);
  it.snoozeEnds = now + lasts;
  it.ackFires = Infinity;
  it.pager.drop(({ user }) => user === by, 'own');
  it.pager.drop(unowed);
}

/** Ack timeout and the end of a snooze. */
export function lapse(it: Case, now: number): void {
  if (it.status !== 'acknowledged') return;
  if (now >= it.ackFires) {
    it.say('unacknowledged', now);
    again(it, it.settings.resume, it.people, now);
  } else if (now >= it.snoozeEnds) {
    it.say('unacknowledged', now);
    again(it, 'same-level', [], now);
  }
}

/** `bySource`: it may come back, and flap. */
export function resolved(it: Case, now: number, by: string | null, bySource = false): void {
  it.flapping = null;
  if (!bySource) it.transitions = [];
  it.resolver = by ?? undefined;
  const unheard = it.status === 'suspended';
  it.transient = unheard && it.lists === 0;
  it.suspension = null;
  it.status = 'resolved';
  it.reopenable = it.settings.reopenWindow === null ? -Infinity : now + it.settings.reopenWindow;
  it.stopClocks();
  it.forgetComing();
  it.pager.drop(({ user }) => user === by, 'own');
  it.pager.drop(unowed);
  if (!unheard) it.say('resolved', now, by);
}
