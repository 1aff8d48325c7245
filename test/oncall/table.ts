/** The table that `oracle.py` makes, and its comparison with what the domain says. */
import type { Layer, Schedule, User } from '../../domain/configuration.ts';
import { nextHandOff, onCallAt, shiftAt, shifts } from '../../domain/onCall.ts';
import type { Users } from '../../domain/onCall.ts';
import { localTimeAt } from '../../domain/time.ts';

const MINUTE = 60_000;

/** Who is on call from a UTC minute on, and by which layer. */
type Change = readonly [minute: number, user: string | null, layer: number | null];

interface Case {
  readonly timezone: string;
  readonly users: readonly Pick<User, 'id' | 'timezone' | 'away'>[];
  readonly layers: readonly Layer[];
  readonly changes: readonly Change[];
}

/** Instants are minutes since 1970, UTC. `zones`: by zone the minutes at which its offset changes, and that offset. */
export interface Table {
  readonly made: { readonly python: string; readonly tzdata: string; readonly seed: number };
  readonly from: number;
  readonly to: number;
  readonly until: number;
  readonly zones: Readonly<Record<string, readonly (readonly [minute: number, offset: number])[]>>;
  readonly cases: readonly Case[];
}

/** Where the two libraries have different zone data: then a difference in schedules would say nothing about the rules. */
export function differentClocks({ zones, until, made }: Table): readonly string[] {
  return Object.entries(zones).flatMap(([zone, changes]) =>
    changes.flatMap(([minute, offset], index) => {
      const last = (changes[index + 1]?.[0] ?? until) - 1;
      const differs = [minute, last].find((at) => localTimeAt(at * MINUTE, zone) !== (at + offset) * MINUTE);
      if (differs === undefined) return [];
      const when = new Date(differs * MINUTE).toISOString();
      return [`${zone} at ${when}: tzdata ${made.tzdata} of Python and ${process.versions['tz']} of Node differ`];
    }),
  );
}

const userOf = (user: Case['users'][number]): User => ({
  ...user,
  name: user.id,
  language: 'en',
  role: 'responder',
  statusUpdates: false,
  contacts: [],
  notificationRules: { high: [], low: [] },
});

/** Every difference, by all ways of asking: the list of shifts, the instants around each change, the shift in its middle. */
export function differences({ from, to, cases }: Table): readonly string[] {
  return cases.flatMap(({ timezone, users: listed, layers, changes }, number) => {
    const schedule: Schedule = { id: 's', name: 's', timezone, layers };
    const users: Users = new Map(listed.map((user) => [user.id, userOf(user)]));
    const wrong: string[] = [];
    const compare = (what: string, minute: number, got: unknown, expected: unknown): void => {
      if (Object.is(got, expected)) return;
      const at = new Date(minute * MINUTE).toISOString();
      wrong.push(`case ${number}, ${timezone}, ${at}: ${what} is ${String(got)}, not ${String(expected)}`);
    };
    const found = shifts(schedule, users, from * MINUTE, to * MINUTE);
    compare('the number of shifts', from, found.length, changes.length);
    for (const [index, [minute, user, layer]] of changes.entries()) {
      const [start, end] = [minute * MINUTE, changes[index + 1]?.[0]];
      const shift = found[index];
      compare('the user of the shift', minute, shift?.user, user);
      compare('the layer of the shift', minute, shift?.layer, layer);
      if (index > 0) compare('the start of the shift', minute, shift?.start, start);
      compare('who is on call', minute, onCallAt(schedule, users, start) ?? null, user);
      if (end === undefined) continue;
      compare('who is on call last', minute, onCallAt(schedule, users, end * MINUTE - 1) ?? null, user);
      // Asking for single shifts looks back and forth each time: of many shifts a few will do.
      if (index % Math.ceil(changes.length / 50) > 0) continue;
      const middle = shiftAt(schedule, users, Math.floor((start + end * MINUTE) / 2));
      if (index > 0) compare('the start of the shift, from its middle', minute, middle.start, start);
      compare('the end of the shift, from its middle', minute, middle.end, end * MINUTE);
      compare('the next hand-off', minute, nextHandOff(schedule, users, start), end * MINUTE);
    }
    return wrong;
  });
}
