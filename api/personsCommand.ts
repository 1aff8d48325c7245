/** The command that a request asks for, as the incident takes it: what its workflow cannot look up travels in it. */
import type { Amendment } from '../domain/amending.ts';
import type { Urgency } from '../domain/configuration.ts';
import { type Milliseconds, milliseconds } from '../domain/duration.ts';
import {
  type CommandName,
  type NamedUsers,
  PEOPLES_COMMANDS,
  type PersonsCommand,
  type Priority,
} from '../domain/commands.ts';
import { TocsinError } from '../domain/errors.ts';
import { adoptedBy, startAt } from './adopted.ts';
import { parseIncidentId } from '../domain/identity.ts';
import type { Elsewhere } from '../domain/incident.ts';
import { cut } from '../domain/text.ts';
import { MAX_SUMMARY, withinDetailsLimit } from '../intake/limits.ts';
import type { Members } from '../intake/members.ts';
import type { ApiDeps } from './deps.ts';

/** Those that are given to the incident that the address names; a merge is given to each of its sources. */
export type PlainCommand = Exclude<CommandName, 'merge'>;
export const PLAIN_COMMANDS = PEOPLES_COMMANDS.filter((name): name is PlainCommand => name !== 'merge');

/** What the bodies of commands have, each some of it (schemas/requests.ts). */
export interface CommandBody {
  readonly as?: string | undefined;
  readonly note?: string | undefined;
  readonly resolution?: string | undefined;
  readonly users?: readonly string[] | undefined;
  readonly priority?: Priority | null | undefined;
  readonly urgency?: Urgency | undefined;
  readonly text?: string | undefined;
  readonly summary?: string | undefined;
  readonly details?: Members | undefined;
  readonly tags?:
    { readonly add?: readonly string[] | undefined; readonly remove?: readonly string[] | undefined } | undefined;
  readonly duration?: Milliseconds | undefined;
  /** Null: none was shown. */
  readonly fromLevel?: number | null | undefined;
  readonly fromPass?: number | undefined;
  readonly fromEpisode?: number | undefined;
  readonly escalationPolicy?: string | undefined;
  readonly level?: number | undefined;
  /** The id of the incident to merge into. */
  readonly into?: string | undefined;
}

type Common = Pick<PersonsCommand, 'id' | 'actor' | 'note'>;

/**
 * The command `type` for the incident of that id, with what its body says. Throws UNKNOWN_USER for a user whom the
 * configuration does not have, and what `startAt` and `adoptedBy` throw.
 */
export async function commandOf(
  type: CommandName,
  common: Common,
  body: CommandBody,
  incident: string,
  deps: ApiDeps,
): Promise<PersonsCommand> {
  switch (type) {
    case 'reassign':
      return body.users === undefined
        ? { ...common, type, ...(await startAt(body, incident, deps)) }
        : { ...common, type, ...knownUsers(body.users, deps) };
    case 'adopt-policy':
      return { ...common, type, ...(await adoptedBy(incident, deps)) };
    case 'escalate':
      return { ...common, type, ...shownAt(body) };
    case 'responders':
      return { ...common, type, ...knownUsers(body.users ?? [], deps) };
    case 'snooze':
      return { ...common, type, duration: body.duration ?? milliseconds(0) };
    case 'priority':
      return { ...common, type, priority: body.priority ?? null };
    case 'urgency':
      return { ...common, type, urgency: body.urgency ?? 'high' };
    case 'amend':
      return { ...common, type, ...amendmentOf(body) };
    case 'notes':
    case 'status-updates':
      return { ...common, type, text: body.text ?? '' };
    case 'merge':
      return { ...common, type, into: elsewhere(body.into ?? '') };
    case 'resolve':
      return { ...common, type, ...(body.resolution !== undefined && { resolution: body.resolution }) };
    case 'acknowledge':
    case 'unacknowledge':
    case 'start-work':
    case 'trigger':
    case 'reopen':
      return { ...common, type };
    default:
      return type satisfies never;
  }
}

/** Cut as an event's parts are: a source's own API may send more than is kept. */
function amendmentOf({ summary, details, tags }: CommandBody): Amendment {
  const { add = [], remove = [] } = tags ?? {};
  return {
    ...(summary !== undefined && { summary: cut(summary, MAX_SUMMARY) }),
    ...(details !== undefined && { details: withinDetailsLimit(details) }),
    ...(tags !== undefined && { tags: { add, remove } }),
  };
}

function shownAt({ fromLevel, fromPass, fromEpisode }: CommandBody) {
  return {
    fromLevel: fromLevel ?? 0,
    ...(fromPass !== undefined && { fromPass }),
    ...(fromEpisode !== undefined && { fromEpisode }),
  };
}

function knownUsers(ids: readonly string[], deps: ApiDeps): NamedUsers {
  const known = deps.configuration().users;
  const users = [...new Set(ids)];
  const nameOf = (id: string): string => {
    const user = known.get(id);
    if (user === undefined) throw new TocsinError('UNKNOWN_USER', `there is no user '${id}' in the configuration`);
    return user.name;
  };
  return { users, names: Object.fromEntries(users.map((id) => [id, nameOf(id)])) };
}

function elsewhere(incident: string): Elsewhere {
  const named = parseIncidentId(incident);
  if (named === undefined) throw new TocsinError('NOT_FOUND', `there is no incident '${incident.slice(0, 200)}'`);
  return { incident, workflowId: named.workflowId };
}
