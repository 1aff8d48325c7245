/** Who can be told at an instant, in the oracle's words (lifecycle §4.1, §5.4, docs/adr/0011-away.md): nothing of domain/. */
import type { Policy, Scenario } from './scenario.ts';
import { SHIFT, TEAM } from './scenario.ts';

export interface Calendar {
  /** Those of `users` who have a contact method, each once. */
  readonly reachable: (users: readonly string[]) => string[];
  /** Of those, who is not away. */
  readonly here: (users: readonly string[], now: number) => string[];
  /** Who is behind targets, and not away. */
  readonly present: (targets: readonly string[], now: number) => string[];
  /** The last resort and `also`; those who are away only where there is nobody else. */
  readonly lastResort: (policy: Policy, also: readonly string[], now: number) => string[];
  /** No users any more. */
  readonly remove: (users: readonly string[]) => void;
  /** When the shift of the policy begins, or somebody it names returns; Infinity for never. */
  readonly nextChange: (policy: Policy, now: number) => number;
}

export function calendarOf(world: Scenario): Calendar {
  const { members, shift, team } = world;
  const gone = new Set<string>();

  const reachable = (users: readonly string[]): string[] => [
    ...new Set(users.filter((user) => (members[user]?.contacts.length ?? 0) > 0 && !gone.has(user))),
  ];
  function isAway(user: string, now: number): boolean {
    const away = members[user]?.away ?? null;
    return away !== null && away.from <= now && now < away.until;
  }
  const here = (users: readonly string[], now: number): string[] =>
    reachable(users).filter((user) => !isAway(user, now));

  /** The later of two layers covers the earlier one wherever it gives somebody. */
  function onCall(now: number): string[] {
    if (now >= shift.handOff && !isAway(shift.after, now)) return [shift.after];
    return shift.before === null || isAway(shift.before, now) ? [] : [shift.before];
  }
  const behind = (targets: readonly string[], now: number): string[] =>
    targets.flatMap((target) => (target === SHIFT ? onCall(now) : target === TEAM ? team : [target]));
  const present = (targets: readonly string[], now: number): string[] => here(behind(targets, now), now);

  function lastResort(policy: Policy, also: readonly string[], now: number): string[] {
    const named = [...behind(policy.lastResort, now), ...also];
    const some = here(named, now);
    return some.length > 0 ? some : reachable(named);
  }

  function nextChange(policy: Policy, now: number): number {
    const targets = [...policy.levels.flatMap((level) => level.targets), ...policy.lastResort];
    const instants = Object.values(members).flatMap(({ away }) => (away === null ? [] : [away.from, away.until]));
    const begins = [shift.handOff, ...instants].filter((at) => at > now && onCall(at).length > 0);
    const named = targets.flatMap((target) => (target === TEAM ? team : [target]));
    const returns = named.flatMap((user) =>
      !gone.has(user) && isAway(user, now) ? [members[user]?.away?.until ?? Infinity] : [],
    );
    return Math.min(...(targets.includes(SHIFT) ? begins : []), ...returns);
  }

  const remove = (users: readonly string[]): void => users.forEach((user) => gone.add(user));

  return { reachable, here, present, lastResort, remove, nextChange };
}
