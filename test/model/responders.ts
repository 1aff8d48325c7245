/** Who is asked for help, and who is no user any more, in the oracle's words (lifecycle §3; §7, row "responders added"). */
import type { Case } from './case.ts';
import { again, catchUp, startRules } from './levels.ts';

/** Those who are being looked up are not looked up twice. */
export function invite(it: Case, users: readonly string[], now: number): void {
  it.say('respondersAdded', now);
  for (const user of users) it.responders.add(user);
  const onTheWay = it.invited.flatMap(({ users: some, isOver }) => (isOver ? [] : some));
  const asked = users.filter((user) => !onTheWay.includes(user));
  if (asked.length > 0) it.invited.push({ users: asked, isOver: false });
}

/** They are known now, all of them. True where there were any. */
export function takeInvited(it: Case, now: number): boolean {
  const invited = it.invited.splice(0);
  for (const { users, isOver } of invited) {
    const found = it.calendar.reachable(users);
    if (found.length === 0) continue;
    help(it, found, now);
    if (isOver) it.pager.drop((slip) => !slip.owed && slip.list === it.lists);
  }
  return invited.length > 0;
}

/** Whoever is asked for while somebody holds it is told, told before or not: that episode is over. */
function help(it: Case, users: readonly string[], now: number): void {
  const isTold = (user: string): boolean => it.told.has(`${it.episode} ${user}`) || it.pager.owes(user, it.episode);
  const owedBefore = it.status === 'triggered' ? users.filter(isTold) : [];
  it.pager.drop((slip) => !slip.owed && !slip.persistent && users.includes(slip.user));
  startRules(it, users, { owedBefore, helps: true, multiAck: false }, now);
  catchUp(it, ({ helps }) => helps);
}

/** The only ones who held it are no users any more. */
export function remove(it: Case, users: readonly string[], now: number): void {
  it.calendar.remove(users);
  if (it.status !== 'acknowledged' || !it.people.some((user) => users.includes(user))) return;
  it.say('unacknowledged', now);
  it.ackers = it.ackers.filter((user) => !users.includes(user));
  if (it.people.length === 0) again(it, 'same-level', [], now);
}
