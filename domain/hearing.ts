/** Word from other incidents, and what came of word to them (lifecycle §7, Merge). */
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import { eventsAnswered, targetClosed, targetMoved } from './forwarding.ts';
import type { Message } from './letter.ts';
import { CLOSED, offerAnswered } from './merging.ts';
import { takeForwarded, takeOffer } from './takingOver.ts';

export function hear(decision: Decision, message: Message): void {
  switch (message.kind) {
    case 'offer':
      return takeOffer(decision, message);
    case 'offerAnswer':
      return offerAnswered(decision, message);
    case 'events':
      return takeForwarded(decision, message);
    case 'eventsAnswer':
      return eventsAnswered(decision, message);
    case 'moved':
      return targetMoved(decision, message);
    case 'closed':
      return targetClosed(decision);
    default:
      return message satisfies never;
  }
}

/** A question to one that is not there is answered by that: its incident is closed. */
export function letterSent(decision: Decision, letter: string, there: boolean): void {
  const sent = decision.state.letters.find(({ id }) => id === letter);
  if (sent === undefined) return;
  decision.record(SYSTEM, { type: 'letterSent', letter });
  const { message } = sent;
  if (there) return;
  if (message.kind === 'offer') {
    offerAnswered(decision, { kind: 'offerAnswer', command: message.command, refused: CLOSED });
  }
  if (message.kind === 'events' && decision.state.mergedInto?.batches === message.batch) targetClosed(decision);
}
