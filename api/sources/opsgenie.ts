/**
 * Opsgenie's Alert API v2, `POST /v2/alerts`: https://docs.opsgenie.com/docs/alert-api#create-alert, and what real clients do
 * with it (wire-formats §1c). The alias is the dedup key. What is longer than Opsgenie takes is taken, and cut where Tocsin cuts.
 */
import type { Priority } from '../../domain/commands.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { Severity, SourceEvent } from '../../domain/event.ts';
import { withinLimits } from '../../intake/limits.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import { PRIORITIES } from '../../domain/commands.ts';
import { madeKeyOf } from './dedupKey.ts';

export const opsgenie = { name: 'opsgenie', translate } as const;

/** Opsgenie calls them critical, high, moderate, low and informational. */
export const SEVERITY_OF: Readonly<Record<Priority, Severity>> = {
  P1: 'critical',
  P2: 'error',
  P3: 'warning',
  P4: 'info',
  P5: 'info',
};

/**
 * The trigger, whose details are the alert's own, with `description` and `tags`, and under `opsgenie` what else it says: routing
 * sees them all, and who is told it alone decides. Throws BAD_EVENT where the body is no object or has no message.
 */
function translate(body: unknown, newKey: () => string): SourceEvent {
  const members = membersOf(body);
  const message = textOf(members?.['message']);
  if (members === undefined || message === undefined)
    throw new TocsinError('BAD_EVENT', "'message' is missing or blank");
  const priority = PRIORITIES.find((one) => one === members['priority']);
  const entity = textOf(members['entity']);
  return withinLimits({
    action: 'trigger',
    dedupKey: madeKeyOf(members['alias']) ?? newKey(),
    summary: message,
    source: textOf(members['source']) ?? textOf(members['user']) ?? opsgenie.name,
    ...(priority !== undefined && { priority, severity: SEVERITY_OF[priority] }),
    ...(entity !== undefined && { component: entity }),
    details: detailsOf(members),
  });
}

function detailsOf(members: Members): Members {
  const [description, entity, source, user] = ['description', 'entity', 'source', 'user'].map((name) =>
    textOf(members[name]),
  );
  const own = {
    ...(entity !== undefined && { entity }),
    ...(source !== undefined && { source }),
    ...(user !== undefined && { user }),
    ...filled('responders', named(members['responders'])),
    ...filled('visibleTo', named(members['visibleTo'])),
    ...filled('actions', texts(members['actions'])),
  };
  return {
    ...membersOf(members['details']),
    ...(description !== undefined && { description }),
    ...filled('tags', [...new Set(texts(members['tags']))]),
    // Always there: by it a list knows that the details are whole.
    opsgenie: own,
  };
}

const filled = (name: string, values: readonly string[]): Members => (values.length === 0 ? {} : { [name]: values });

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const texts = (value: unknown): readonly string[] => listed(value).flatMap((each) => textOf(each) ?? []);

/** `team SRE`, `user ana@example.com`: as a person reads them. */
const named = (value: unknown): readonly string[] =>
  listed(value).flatMap((each) => {
    const { type, name, username, id } = membersOf(each) ?? {};
    const called = textOf(name) ?? textOf(username) ?? textOf(id);
    return called === undefined ? [] : `${textOf(type) ?? 'user'} ${called}`;
  });
