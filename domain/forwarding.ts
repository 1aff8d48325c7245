/**
 * What becomes of events that are no longer an incident's own to take (lifecycle §7, Merge): while it is being merged they
 * wait; after it they go to the other, batch by batch, each answered for, until the other is closed.
 */
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import type { Arrival } from './event.ts';
import type { IncidentState } from './incident.ts';
import type { MessageOf } from './letter.ts';
import { batchOf, write } from './writing.ts';

/** Its events go to the incident that it was merged into. */
export const forwards = ({ mergedInto }: IncidentState): boolean => mergedInto?.open === true;

/** Its events are not taken now, but kept in order. */
export const keepsEvents = (state: IncidentState): boolean => state.merging !== null || forwards(state);

/** Keeps an event for the end of the merge, or for the other. */
export function keepEvent(decision: Decision, arrival: Arrival): void {
  if (decision.state.forwarding.some(({ id }) => id === arrival.id)) return;
  decision.record(SYSTEM, { type: 'eventQueued', arrival });
  if (!forwards(decision.state)) return;
  decision.record(SYSTEM, { type: 'arrivalSeen', id: arrival.id });
  forwardMore(decision);
}

/** The next batch, where the one before is answered. */
export function forwardMore(decision: Decision): void {
  const { forwarding, mergedInto } = decision.state;
  if (mergedInto?.open !== true || mergedInto.size !== null || forwarding.length === 0) return;
  sendBatch(decision, batchOf(forwarding));
}

function sendBatch(decision: Decision, size: number): void {
  decision.record(SYSTEM, { type: 'batchBegun', size });
  const { mergedInto } = decision.state;
  if (mergedInto !== null) write(decision, mergedInto, { kind: 'events', batch: mergedInto.batches });
}

/** One that is answered already, or was sent to another than this incident is merged into now, changes nothing. */
export function eventsAnswered(decision: Decision, { batch, taken, standing }: MessageOf<'eventsAnswer'>): void {
  const { mergedInto } = decision.state;
  if (mergedInto?.open !== true || mergedInto.size === null || mergedInto.batches !== batch) return;
  decision.record(SYSTEM, { type: 'batchTaken', taken });
  if (standing === 'closed') targetClosed(decision);
  else forwardMore(decision);
}

/** What the other no longer takes is this key's again. */
export function targetClosed(decision: Decision): void {
  if (forwards(decision.state)) decision.record(SYSTEM, { type: 'targetClosed' });
}

/** The other was merged further. What is not answered for yet goes to the last of them. */
export function targetMoved(decision: Decision, { from, into }: MessageOf<'moved'>): void {
  const { mergedInto } = decision.state;
  if (mergedInto?.open !== true || mergedInto.passed.includes(from)) return;
  // Word of a later move may come before that of an earlier one.
  const later = mergedInto.passed.includes(into.incident) ? mergedInto : into;
  decision.record(SYSTEM, { type: 'targetMoved', from, into: later });
  forwardMore(decision);
}

/** Nobody answered in time, or nothing was heard for long: the same batch again, or one with nothing in it. */
export function askAgain(decision: Decision): void {
  const { mergedInto } = decision.state;
  if (mergedInto?.open === true) sendBatch(decision, mergedInto.size ?? 0);
}

/** Where events wait and nobody is asked to take them: those are to be given to the next incident of the key. */
export const takenBack = (state: IncidentState): readonly Arrival[] => (keepsEvents(state) ? [] : state.forwarding);
