/** People's commands: done once for each id, and refused with the present truth where they come too late (lifecycle §3). */
import { acknowledge, startWork, unacknowledge } from './acknowledging.ts';
import { adoptPolicy } from './adopting.ts';
import { amend, isTooMuch } from './amending.ts';
import type { CommandName, CommandOutcome, PersonsCommand } from './commands.ts';
import type { Decision } from './decision.ts';
import type { Instant } from './duration.ts';
import type { ErrorCode } from './errors.ts';
import { escalate, escalationRefusedBecause } from './advancing.ts';
import type { IncidentState } from './incident.ts';
import { invite, tooMany } from './inviting.ts';
import { reassign } from './reassigning.ts';
import { beginMerge, isForwarder, PENDING } from './merging.ts';
import { sentence } from './report.ts';
import { isReopenable, reopenByPerson } from './reopening.ts';
import { resolve } from './resolving.ts';
import { snooze } from './snoozing.ts';
import { releaseByPerson } from './suspending.ts';
import { setUrgency } from './urging.ts';

export function command(decision: Decision, command: PersonsCommand): CommandOutcome {
  const known = decision.state.commands.find(({ id }) => id === command.id);
  if (known !== undefined) return { repeated: true, refused: refusal(decision.state, known), ...asked(known) };
  if (decision.state.merging?.command === command.id) return { ...PENDING, repeated: true };

  const code = refusedBecause(decision.state, command, decision.now);
  if (code === null) {
    if (command.type === 'merge') return beginMerge(decision, command);
    obey(decision, command);
    if (command.link !== undefined) decision.record(command.actor, { type: 'linkUsed', link: linkUse(command) });
  } else {
    const truth = refusalSentence(decision.state, code);
    decision.record(command.actor, { type: 'refused', command: command.type, code, sentence: truth });
  }
  decision.record(command.actor, { type: 'commandDone', id: command.id, refused: code, ...asked(command) });
  return { repeated: false, refused: refusal(decision.state, { refused: code }), ...asked(command) };
}

const asked = ({ body }: { readonly body?: string }): { readonly body?: string } =>
  body === undefined ? {} : { body };

const noted = (note: string | undefined): { readonly note?: string } => (note === undefined ? {} : { note });

const linkUse = ({ link, type }: PersonsCommand): string => `${link}.${type}`;

const refusal = (
  state: IncidentState,
  { refused: code, said }: { readonly refused: ErrorCode | null; readonly said?: string },
): CommandOutcome['refused'] => (code === null ? null : { code, sentence: said ?? refusalSentence(state, code) });

/** The present truth; where a merge would lead back to this incident, whose state says nothing of that, just so. */
const refusalSentence = (state: IncidentState, code: ErrorCode): string =>
  code === 'TARGET_MERGED' ? 'the other incident is already merged into this one' : sentence(state);

const WORDS: ReadonlySet<CommandName> = new Set<CommandName>(['notes', 'status-updates']);

/** On a suspended incident they count as `trigger` first (lifecycle §3). */
const RELEASING: ReadonlySet<CommandName> = new Set<CommandName>([
  'acknowledge',
  'start-work',
  'resolve',
  'snooze',
  'reassign',
]);

/** On a suspended incident; a monitoring source that gives commands lets none go: its events say what is so (lifecycle §3). */
const isRelease = ({ type }: PersonsCommand): boolean =>
  RELEASING.has(type) || type === 'trigger' || type === 'escalate';

/** Why a command comes too late; null where it does not. */
function refusedBecause(state: IncidentState, command: PersonsCommand, now: Instant): ErrorCode | null {
  if (command.link !== undefined && state.linksUsed.includes(linkUse(command))) return 'LINK_USED';
  if (state.merging !== null) return 'MERGING';
  if (state.mergedInto !== null && !WORDS.has(command.type)) return 'ALREADY_MERGED';
  if (command.type === 'reopen') return notReopened(state, now);
  if (state.status === 'resolved') return WORDS.has(command.type) ? null : 'ALREADY_RESOLVED';
  if (state.status === 'suspended' && command.actor.kind === 'source' && isRelease(command)) return 'PERSON_NEEDED';
  if (command.type === 'trigger' && state.status !== 'suspended') return 'NOT_SUSPENDED';
  if (command.type === 'escalate' && state.status !== 'suspended') return escalationRefusedBecause(state, command, now);
  if (command.type === 'responders' && tooMany(state, command)) return 'TOO_MANY_RESPONDERS';
  if (command.type === 'amend' && isTooMuch(state, command)) return 'TOO_MANY_DETAILS';
  if (command.type === 'merge') return isForwarder(state, command.into) ? 'TARGET_MERGED' : null;
  const acks = state.acknowledgements.some(({ user }) => user === command.actor.id);
  return command.type === 'unacknowledge' && !acks ? 'NOT_ACKNOWLEDGED' : null;
}

function notReopened(state: IncidentState, now: Instant): ErrorCode | null {
  if (state.status !== 'resolved') return 'NOT_RESOLVED';
  return isReopenable(state, now) ? null : 'REOPEN_TOO_LATE';
}

function obey(decision: Decision, command: Exclude<PersonsCommand, { type: 'merge' }>): void {
  const { actor, note } = command;
  const user = actor.id ?? '';
  if (RELEASING.has(command.type)) releaseByPerson(decision, actor);
  switch (command.type) {
    case 'acknowledge':
      return acknowledge(decision, actor, user, note);
    case 'unacknowledge':
      return unacknowledge(decision, actor, user, note);
    case 'start-work':
      return startWork(decision, actor, user, note);
    case 'trigger':
      return releaseByPerson(decision, actor, note);
    case 'reopen':
      return reopenByPerson(decision, actor, note);
    case 'resolve':
      return resolve(decision, actor, { reason: 'person', resolution: command.resolution ?? null, note });
    case 'snooze':
      return snooze(decision, command);
    case 'escalate':
      // Of a suspended incident it is `trigger`, and no more (lifecycle §4.7).
      return decision.state.status === 'suspended'
        ? releaseByPerson(decision, actor, note)
        : escalate(decision, command);
    case 'reassign':
      return reassign(decision, actor, command, note);
    case 'adopt-policy':
      return adoptPolicy(decision, command);
    case 'responders':
      return invite(decision, command);
    case 'priority':
      return decision.record(actor, { type: 'prioritySet', priority: command.priority, ...noted(note) });
    case 'urgency':
      return setUrgency(decision, actor, command.urgency, note);
    case 'amend':
      return amend(decision, command);
    case 'notes':
      return say(decision, 'noted', command);
    case 'status-updates':
      return say(decision, 'statusUpdated', command);
    default:
      return command satisfies never;
  }
}

/** Words change nothing, so they never come too late while the incident's workflow is there to take them. */
function say(
  decision: Decision,
  type: 'noted' | 'statusUpdated',
  { actor, text, note }: Extract<PersonsCommand, { readonly text: string }>,
): void {
  decision.record(actor, { type, text, ...noted(note) });
}
