/** An incident as the one that others are merged into (lifecycle §7, Merge): what it takes, what it refuses, and for whom it answers. */
import { ALERTS_KEPT, arrive, truncate } from './arriving.ts';
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import { combined } from './foldAlerts.ts';
import type { IncidentState } from './incident.ts';
import type { Message, MessageOf, Offer } from './letter.ts';
import type { Refused } from './merging.ts';
import { CLOSED, isForwarder, mergeRefused, takesForwarded } from './merging.ts';
import { oweNotices } from './noticing.ts';
import { takesEvents } from './reopening.ts';
import { sentence } from './report.ts';
import { followAlerts } from './urging.ts';
import { write } from './writing.ts';

/** Takes the offered alerts, or refuses them. The same offer again is answered as it was. */
export function takeOffer(decision: Decision, offer: Offer): void {
  const { command, from, actor } = offer;
  const before = decision.state.commands.find(({ id }) => id === command);
  if (before === undefined && !isForwarder(decision.state, from)) {
    giveWay(decision, offer);
    const refused = refusedBecause(decision.state, offer);
    if (refused === null) take(decision, offer);
    const said = refused === null ? {} : { said: refused.sentence };
    decision.record(actor, { type: 'commandDone', id: command, refused: refused?.code ?? null, ...said });
  }
  const known = decision.state.commands.find(({ id }) => id === command);
  const code = known?.refused ?? null;
  const refused = code === null ? null : { code, sentence: known?.said ?? '' };
  write(decision, from, { kind: 'offerAnswer', command, refused });
}

/** Each is merged into the other at once: the smaller id goes first, and this one's own merge is refused. */
function giveWay(decision: Decision, { from }: Offer): void {
  const { merging, id } = decision.state;
  if (merging?.into.incident !== from.incident || from.incident > id) return;
  const sentence = 'the other incident is being merged into this one';
  mergeRefused(decision, merging, { code: 'TARGET_MERGING', sentence });
}

function refusedBecause(state: IncidentState, offer: Offer): Refused | null {
  const truth = `the other incident is ${sentence(state)}`;
  if (state.merging !== null) return { code: 'TARGET_MERGING', sentence: truth };
  if (state.mergedInto !== null) return { code: 'TARGET_MERGED', sentence: truth };
  if (state.status === 'resolved') return { code: 'TARGET_RESOLVED', sentence: truth };
  const alerts = combined(state.alerts, offer).length;
  if (alerts <= ALERTS_KEPT) return null;
  return {
    code: 'TOO_MANY_ALERTS',
    sentence: `together they have ${alerts} alerts, and an incident keeps ${ALERTS_KEPT}`,
  };
}

function take(decision: Decision, offer: Offer): void {
  const { actor, alertsTruncated } = offer;
  decision.record(actor, { type: 'alertsMerged', offer });
  if (alertsTruncated) truncate(decision, actor, 'mergedTruncated');
  followAlerts(decision, actor);
}

/** Events of an incident that was merged into this one. */
export function takeForwarded(decision: Decision, { from, batch, arrivals }: MessageOf<'events'>): void {
  const { merging, mergedInto, id } = decision.state;
  if (merging !== null) {
    decision.record(SYSTEM, { type: 'batchHeldBack', from, batch });
  } else if (mergedInto?.open === true) {
    const { incident, workflowId } = mergedInto;
    write(decision, from, { kind: 'moved', from: id, into: { incident, workflowId } });
  } else {
    let taken = 0;
    for (const arrival of arrivals) {
      // A trigger is never counted in an incident that is over (lifecycle §2.7).
      if (!takesEvents(decision.state, decision.now) && arrival.event.action === 'trigger') break;
      arrive(decision, arrival);
      oweNotices(decision);
      taken += 1;
    }
    const standing = takesForwarded(decision.state) ? 'open' : 'closed';
    write(decision, from, { kind: 'eventsAnswer', batch, taken, standing });
  }
}

/** Answers for an incident that was here, and is over; others wait for nothing. */
export function answerForAnother(decision: Decision, message: Message): void {
  if (message.kind === 'offer') {
    write(decision, message.from, { kind: 'offerAnswer', command: message.command, refused: CLOSED });
  } else if (message.kind === 'events') {
    write(decision, message.from, { kind: 'eventsAnswer', batch: message.batch, taken: 0, standing: 'closed' });
  }
}
