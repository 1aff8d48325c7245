/**
 * An incident is merged into another (lifecycle §7, Merge), as the one that asks for it: it offers all it has, and is
 * resolved once the other has taken it. Refused, it goes on as before.
 */
import { arrive } from './arriving.ts';
import type { CommandOutcome, PersonsCommand } from './commands.ts';
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import { forwardMore } from './forwarding.ts';
import type { Elsewhere, IncidentState, Merging } from './incident.ts';
import type { MessageOf } from './letter.ts';
import { oweNotices } from './noticing.ts';
import { resolve } from './resolving.ts';
import { write } from './writing.ts';

/** Why an offer is refused, and what the person reads. */
export type Refused = NonNullable<MessageOf<'offerAnswer'>['refused']>;

export const CLOSED: Refused = { code: 'TARGET_CLOSED', sentence: 'the other incident is closed' };

/** Asks the other. What comes of it is the command's outcome, and is not known yet. */
export function beginMerge(decision: Decision, command: Extract<PersonsCommand, { type: 'merge' }>): CommandOutcome {
  const { id, into, body, note, actor } = command;
  const said = { ...(body === undefined ? {} : { body }), ...(note === undefined ? {} : { note }) };
  decision.record(actor, { type: 'mergeBegun', into, command: id, ...said });
  write(decision, into, { kind: 'offer', command: id });
  return PENDING;
}

export const PENDING: CommandOutcome = { repeated: false, refused: null, pending: true };

/** Takes the other's answer; one to an offer that nothing comes of any more changes nothing. */
export function offerAnswered(decision: Decision, { command, refused }: MessageOf<'offerAnswer'>): void {
  const { merging } = decision.state;
  if (merging === null || merging.command !== command) return;
  if (refused === null) merged(decision, merging);
  else mergeRefused(decision, merging, refused);
}

function merged(decision: Decision, merging: Merging): void {
  const { into, actor, note } = merging;
  decision.record(actor, { type: 'merged', into, ...(note === undefined ? {} : { note }) });
  if (decision.state.status !== 'resolved') resolve(decision, actor, { reason: 'merged', resolution: null });
  done(decision, merging, null);
  const { forwarders, forwarding, id } = decision.state;
  for (const forwarder of forwarders) write(decision, forwarder, { kind: 'moved', from: id, into });
  if (forwarders.length > 0) decision.record(SYSTEM, { type: 'forwardersTold' });
  for (const arrival of forwarding) decision.record(SYSTEM, { type: 'arrivalSeen', id: arrival.id });
  forwardMore(decision);
}

/** It goes on as before, with what came meanwhile. */
export function mergeRefused(decision: Decision, merging: Merging, refused: Refused): void {
  const { into, actor, askedBy } = merging;
  const arrivals = decision.state.forwarding;
  decision.record(actor, { type: 'mergeRefused', into, ...refused });
  done(decision, merging, refused);
  decision.record(SYSTEM, { type: 'eventsTakenBack' });
  for (const arrival of arrivals) {
    arrive(decision, arrival);
    oweNotices(decision);
  }
  for (const { from, batch } of askedBy) {
    write(decision, from, { kind: 'eventsAnswer', batch, taken: 0, standing: 'askAgain' });
  }
}

function done(decision: Decision, { command, body, actor }: Merging, refused: Refused | null): void {
  decision.record(actor, {
    type: 'commandDone',
    id: command,
    refused: refused?.code ?? null,
    ...(refused === null ? {} : { said: refused.sentence }),
    ...(body === undefined ? {} : { body }),
  });
}

/** Nobody answered in time: the same offer again. */
export function offerAgain(decision: Decision): void {
  const { merging } = decision.state;
  if (merging === null) return;
  decision.record(SYSTEM, { type: 'offerRepeated' });
  write(decision, merging.into, { kind: 'offer', command: merging.command });
}

/** Those that forward to it need not look after it any more: it takes nothing. */
export function releaseForwarders(decision: Decision): void {
  const { state } = decision;
  if (state.forwarders.length === 0 || takesForwarded(state)) return;
  for (const forwarder of state.forwarders) write(decision, forwarder, { kind: 'closed' });
  decision.record(SYSTEM, { type: 'forwardersTold' });
}

/** It is open, or may be again. */
export const takesForwarded = ({ status, reopenableUntil }: IncidentState): boolean =>
  status !== 'resolved' || reopenableUntil !== null;

/** Neither it nor another waits for a message of this incident (lifecycle §7: it stays until its target is closed). */
export const isWithoutLetters = ({ letters, forwarders, forwarding, mergedInto }: IncidentState): boolean =>
  letters.length === 0 && forwarders.length === 0 && forwarding.length === 0 && mergedInto?.open !== true;

export const isForwarder = (state: IncidentState, other: Elsewhere): boolean =>
  state.forwarders.some(({ incident }) => incident === other.incident);
