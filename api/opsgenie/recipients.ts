/** Whom Opsgenie's clients name, by id or name, among what is configured (github.com/opsgenie/opsgenie-oas, definitions/common.yaml). */
import { type Configuration, type EscalationPolicy, type Target, TOLD_BY_MASS } from '../../domain/configuration.ts';
import type { Instant } from '../../domain/duration.ts';
import { resolve } from '../../domain/people.ts';
import { textOf } from '../../intake/members.ts';
import { userNamed } from '../userNamed.ts';

export interface Recipient {
  readonly type?: string | null | undefined;
  readonly id?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly username?: string | null | undefined;
}

/** The user's id; undefined where there is none, or are several. */
export function ownerNamed({ id, username, name }: Recipient, configuration: Configuration): string | undefined {
  const called = textOf(username) ?? textOf(id) ?? textOf(name);
  return called === undefined ? undefined : userNamed(called, configuration)?.id;
}

export const policyNamed = (
  recipient: Recipient,
  { escalationPolicies }: Configuration,
): EscalationPolicy | undefined => among(escalationPolicies, recipient);

/**
 * Their ids: a team's members, who is on call by a schedule at `at`, and at level 1 of a policy. None for what is not
 * configured, and where nobody can be told. A recipient without a type is a user.
 */
export function usersOf(recipient: Recipient, configuration: Configuration, at: Instant): readonly string[] {
  const targets = targetsOf(recipient, configuration);
  const { people } = resolve(configuration, { targets, limit: TOLD_BY_MASS, evenAway: false }, [], at);
  return people.map(({ id }) => id);
}

function targetsOf(recipient: Recipient, configuration: Configuration): readonly Target[] {
  const { teams, schedules } = configuration;
  const target = (kind: Target['kind'], id: string | undefined) => (id === undefined ? [] : [{ kind, id }]);
  switch (recipient.type ?? 'user') {
    case 'team':
      return target('team', among(teams, recipient)?.id);
    case 'schedule':
      return target('schedule', among(schedules, recipient)?.id);
    case 'escalation':
      return policyNamed(recipient, configuration)?.levels[0]?.targets ?? [];
    default:
      return target('user', ownerNamed(recipient, configuration));
  }
}

/** By id, or else the one of that name. */
function among<Item extends { readonly name: string }>(
  items: ReadonlyMap<string, Item>,
  { id, name }: Recipient,
): Item | undefined {
  const called = textOf(id) ?? textOf(name);
  if (called === undefined) return undefined;
  const named = [...items.values()].filter((item) => item.name === called);
  return items.get(called) ?? (named.length === 1 ? named[0] : undefined);
}
