/** Letters to other incidents: kept in order until each is sent, and written out as the incident is then. */
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import type { Arrival } from './event.ts';
import { parseIncidentId } from './identity.ts';
import type { Elsewhere, IncidentState, Letter, Merging } from './incident.ts';
import type { Message, Offer } from './letter.ts';
import { bytesOf } from './text.ts';

/** Arrivals of one batch: no more than the other remembers, so that a batch that comes twice is counted once. */
export const BATCH = { arrivals: 200, bytes: 1_024 * 1_024 };

/** Puts a letter behind those that wait; one that waits already is not written twice. */
export function write(decision: Decision, to: Elsewhere, message: Letter['message']): void {
  const letter = letterOf(to, message);
  if (!decision.state.letters.some(({ id }) => id === letter.id)) {
    decision.record(SYSTEM, { type: 'letterWritten', letter });
  }
}

export function letterOf({ incident, workflowId }: Elsewhere, message: Letter['message']): Letter {
  const about = 'command' in message ? message.command : 'batch' in message ? message.batch : message.kind;
  return { id: `${message.kind}.${about}.${incident}`, to: { incident, workflowId }, message };
}

/** What is on its way now: of those to one execution the first, so that they come in order. */
export const sendable = ({ letters }: IncidentState): readonly Letter[] =>
  letters.filter(({ to }, index) => letters.findIndex((each) => each.to.workflowId === to.workflowId) === index);

/** What another incident knows this one by. */
export const selfOf = ({ id }: IncidentState): Elsewhere => ({
  incident: id,
  workflowId: parseIncidentId(id)?.workflowId ?? id,
});

/** The whole of a letter, as the incident is now; null where nothing comes of it any more. */
export function messageOf(state: IncidentState, { message }: Letter): Message | null {
  switch (message.kind) {
    case 'offer':
      return state.merging?.command === message.command ? offerOf(state, state.merging) : null;
    case 'events': {
      const { mergedInto } = state;
      if (mergedInto?.batches !== message.batch || mergedInto.size === null) return null;
      const arrivals = state.forwarding.slice(0, mergedInto.size).map((arrival) => named(arrival, state));
      return { ...message, from: selfOf(state), arrivals };
    }
    case 'offerAnswer':
    case 'eventsAnswer':
    case 'moved':
    case 'closed':
      return message;
    default:
      return message satisfies never;
  }
}

function offerOf(state: IncidentState, { command, actor, note }: Merging): Offer {
  const { number, summary, dedupKey, alerts, alertsTruncated, eventCount, forwarders } = state;
  return {
    kind: 'offer',
    command,
    from: selfOf(state),
    number,
    summary,
    dedupKey,
    actor,
    ...(note === undefined ? {} : { note }),
    alerts,
    alertsTruncated,
    eventCount,
    forwarders,
  };
}

/** Where it goes, its integration is not the incident's own. */
const named = (arrival: Arrival, { integration, dedupKey }: IncidentState): Arrival => ({
  ...arrival,
  event: { integration, ...arrival.event, mergedFrom: dedupKey },
});

/** How many of the first fit into one batch; one at least. */
export function batchOf(arrivals: readonly Arrival[]): number {
  let bytes = 0;
  const beyond = arrivals.findIndex((arrival, index) => {
    bytes += bytesOf(JSON.stringify(arrival));
    return index >= BATCH.arrivals || (index > 0 && bytes > BATCH.bytes);
  });
  return beyond === -1 ? arrivals.length : beyond;
}
