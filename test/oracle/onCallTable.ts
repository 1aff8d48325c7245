/** A table of who is on call, made by onCall.py, and what differs from it. */
import { onCallAt } from '../../domain/onCall.ts';
import type { Schedule, User } from '../../domain/configuration.ts';
import { localTimeAt } from '../../domain/time.ts';

/** Instants are seconds since 1970. */
export interface OnCallTable {
  readonly made: { readonly python: string; readonly zones: string; readonly seed: number };
  /** By zone: when its offset changes, and the seconds it is from then on. */
  readonly offsets: Readonly<Record<string, readonly (readonly [at: number, offset: number])[]>>;
  readonly cases: readonly {
    readonly schedule: Pick<Schedule, 'timezone' | 'layers'>;
    readonly users: Readonly<Record<string, Pick<User, 'timezone' | 'away'>>>;
    readonly onCall: readonly (readonly [at: number, user: string | null])[];
  }[];
}

/** Where the two know other rules for a zone, there is nothing to compare: one line each. */
export function otherZoneData({ offsets, made }: OnCallTable): readonly string[] {
  return Object.entries(offsets).flatMap(([zone, changes]) =>
    changes.flatMap(([at, offset]) => {
      const ours = (localTimeAt(at * 1_000, zone) - at * 1_000) / 1_000;
      if (ours === offset) return [];
      return [`${zone} at ${instant(at)}: ${offset} s by Python's data (${made.zones}), ${ours} s by Node's`];
    }),
  );
}

/** Who is on call other than the table says: one line each, with all that is needed to look into it. */
export function differences({ cases }: OnCallTable): readonly string[] {
  return cases.flatMap(({ schedule, users, onCall }) => {
    const people = new Map(
      Object.entries(users).map(([id, user]) => [
        id,
        { id, name: id, role: 'responder', statusUpdates: false, contacts: [], notificationRules: NO_RULES, ...user },
      ]),
    ) satisfies ReadonlyMap<string, User>;
    return onCall.flatMap(([at, user]) => {
      const ours = onCallAt({ id: 's', name: 's', ...schedule }, people, at * 1_000) ?? null;
      if (ours === user) return [];
      const where = JSON.stringify({ schedule, users });
      return [`${instant(at)}: ${ours ?? 'nobody'}, by the table ${user ?? 'nobody'}; ${where}`];
    });
  });
}

const NO_RULES: User['notificationRules'] = { high: [], low: [] };
const instant = (seconds: number): string => new Date(seconds * 1_000).toISOString();
