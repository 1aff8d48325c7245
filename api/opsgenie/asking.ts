/** In whose name something is asked by Opsgenie's API, and what is asked as commands and events, as everywhere else. */
import { randomUUID } from 'node:crypto';
import { SOURCE } from '../../domain/acknowledging.ts';
import type { CommandName } from '../../domain/commands.ts';
import type { Integration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { EventAction, SourceEvent } from '../../domain/event.ts';
import type { Actor } from '../../domain/incident.ts';
import { cut, harmless, oneLine } from '../../domain/text.ts';
import { sha256Hex } from '../../intake/hashes.ts';
import { withinLimits } from '../../intake/limits.ts';
import { textOf } from '../../intake/members.ts';
import { mayCommand } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { type CommandBody, commandOf } from '../personsCommand.ts';
import { userNamed } from '../userNamed.ts';
import type { Result } from './outcome.ts';

/** What every action may say. */
export interface Said {
  readonly user?: string | null | undefined;
  readonly note?: string | null | undefined;
  readonly source?: string | null | undefined;
}

const VIA = 'opsgenie api';
const NAME_LIMIT = 100;
const NOTE_LIMIT = 1_024;

/** The user whom it names, by id or e-mail address, who may act; undefined for any other name, and none: the source acts. */
export function personIn({ user }: Said, { configuration }: Pick<ApiDeps, 'configuration'>): Actor | undefined {
  const name = textOf(user);
  const found = name === undefined ? undefined : userNamed(name, configuration());
  if (found === undefined || !mayCommand(found.role)) return undefined;
  return { kind: 'user', id: found.id, name: found.name, via: VIA };
}

/** The person, or the source, which is an acker of that name. */
export const actorIn = (said: Said, deps: Pick<ApiDeps, 'configuration'>): Actor =>
  personIn(said, deps) ?? { kind: 'source', id: SOURCE, via: VIA };

/** The note, and before it the name that is no user's, of which the timeline would not know otherwise. */
export function noteIn(said: Said, deps: Pick<ApiDeps, 'configuration'>): string | undefined {
  const note = cut(harmless(textOf(said.note) ?? ''), NOTE_LIMIT);
  const name = personIn(said, deps) === undefined ? cut(oneLine(textOf(said.user) ?? ''), NAME_LIMIT) : '';
  return [name, note].filter((part) => part !== '').join(': ') || undefined;
}

/** Gives the incident a command. `id`: where it is to be done once. What names nobody, or comes too late, is a result and no error. Throws as the gateway does. */
export async function give(
  deps: ApiDeps,
  incident: string,
  said: Said,
  type: CommandName,
  body: CommandBody = {},
  id: string = randomUUID(),
): Promise<Result> {
  // A note is the text itself.
  const note = type === 'notes' ? undefined : noteIn(said, deps);
  const common = { id, actor: actorIn(said, deps), ...(note !== undefined && { note }) };
  try {
    const result = await deps.incidents.command(incident, await commandOf(type, common, body, incident, deps));
    switch (result.kind) {
      case 'done':
        return result.outcome.refused?.code ?? 'done';
      case 'closed':
        return 'ALREADY_RESOLVED';
      case 'notFound':
        return 'NOT_FOUND';
      case 'recorded':
        return 'recorded';
      default:
        return result satisfies never;
    }
  } catch (error) {
    if (error instanceof TocsinError && NAMES_NOTHING.has(error.code)) return error.code;
    throw error;
  }
}

/**
 * Leaves the note, if there is one, beside what is safe already, `of` which it is: what becomes of the note does not undo
 * that, so its failure is only logged. A client that asks again does not leave it twice: the id is made of what is asked.
 */
export async function leaveNote(deps: ApiDeps, incident: string, said: Said, of: readonly string[]): Promise<void> {
  const text = noteIn(said, deps);
  if (text === undefined || incident === '') return;
  try {
    await give(deps, incident, said, 'notes', { text }, sha256Hex(JSON.stringify([incident, ...of, text])));
  } catch (error) {
    deps.logger?.warn({ err: error, incident }, "a note of Opsgenie's API could not be left");
  }
}

const NAMES_NOTHING: ReadonlySet<string> = new Set(['UNKNOWN_USER', 'UNKNOWN_POLICY', 'UNKNOWN_LEVEL', 'NOT_FOUND']);

/** What the monitoring source itself says of the alert, durable with no worker alive. `by`: the person who said it there. */
export async function send(
  deps: ApiDeps,
  integration: Integration,
  alias: string,
  action: Exclude<EventAction, 'trigger'>,
  by?: Actor,
): Promise<{ readonly result: Result; readonly incident: string }> {
  const event: SourceEvent = withinLimits({
    action,
    dedupKey: alias,
    summary: '',
    source: VIA,
    ...(by?.id !== undefined && { by: { ...by, id: by.id } }),
  });
  const [taken] = await deps.intake.accept([{ integration, event }]);
  return { result: taken?.outcome === 'accepted' ? 'done' : 'NOT_FOUND', incident: taken?.incident ?? '' };
}
