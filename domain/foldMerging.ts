/** What decided changes of a merge do to the state; `evolve` hands them on to here. Decides nothing. */
import type { ChangeOf } from './changes.ts';
import { compacted } from './compacting.ts';
import { days, minutes, seconds } from './duration.ts';
import type { Instant } from './duration.ts';
import { mergeAlerts } from './foldAlerts.ts';
import type { Elsewhere, IncidentState, Merged } from './incident.ts';
import type { Offer } from './letter.ts';

export type MergingChange = ChangeOf<
  | 'mergeBegun'
  | 'mergeRefused'
  | 'offerRepeated'
  | 'merged'
  | 'alertsMerged'
  | 'eventQueued'
  | 'batchBegun'
  | 'batchTaken'
  | 'batchHeldBack'
  | 'targetMoved'
  | 'targetClosed'
  | 'eventsTakenBack'
  | 'forwardersTold'
  | 'letterWritten'
  | 'letterSent'
>;

/** The other's execution may have been ended by force: what is not answered is asked again, at growing gaps. */
const ASK_AGAIN = { after: seconds(30), atMost: minutes(5) };
/** How often one that forwards nothing looks whether the other is still there; else it might stay for ever. */
const LOOK_AFTER = days(1);
/** Bytes of JSON of events that wait behind the batch under way, before they are told in short. */
const FORWARDING_ROOM = 256 * 1_024;

export function foldMerging(state: IncidentState, change: MergingChange): IncidentState {
  switch (change.type) {
    case 'mergeBegun': {
      const { into, command, body, note, actor, at } = change;
      const said = { ...(body === undefined ? {} : { body }), ...(note === undefined ? {} : { note }) };
      return { ...state, merging: { into, command, ...said, actor, since: at, askAgainAt: null, askedBy: [] } };
    }
    case 'mergeRefused':
      return { ...state, merging: null };
    case 'offerRepeated':
      return state.merging === null ? state : { ...state, merging: { ...state.merging, askAgainAt: null } };
    case 'merged': {
      const { into, at } = change;
      const waiting = { open: true, passed: [], batches: 0, size: null, since: at, askAgainAt: at + LOOK_AFTER };
      return { ...state, merging: null, mergedInto: { ...into, ...waiting } };
    }
    case 'alertsMerged':
      return mergeAlerts(
        { ...state, forwarders: withAll(state.forwarders, change.offer), flapping: flappingWith(state, change.offer) },
        change.offer,
      );
    case 'eventQueued':
      return { ...state, forwarding: queued(state, change) };
    case 'batchBegun':
      return editMerged(state, ({ batches, size, since }) => ({
        batches: batches + 1,
        size: change.size,
        since: size === null ? change.at : since,
        askAgainAt: null,
      }));
    case 'batchTaken':
      return editMerged({ ...state, forwarding: state.forwarding.slice(change.taken) }, () => ({
        size: null,
        askAgainAt: change.at + LOOK_AFTER,
      }));
    case 'batchHeldBack': {
      const { from, batch } = change;
      const { merging } = state;
      if (merging === null) return state;
      const others = merging.askedBy.filter((each) => each.from.incident !== from.incident);
      return { ...state, merging: { ...merging, askedBy: [...others, { from, batch }] } };
    }
    case 'targetMoved':
      return targetMoved(state, change);
    case 'targetClosed':
      return editMerged(state, () => ({ open: false, size: null, askAgainAt: null }));
    case 'eventsTakenBack':
      return { ...state, forwarding: [] };
    case 'forwardersTold':
      return { ...state, forwarders: [] };
    case 'letterWritten':
      return { ...state, letters: [...state.letters, change.letter] };
    case 'letterSent':
      return letterSent(state, change);
    default:
      return change satisfies never;
  }
}

/** What waits behind the batch under way is told in short where it is too long. */
function queued({ forwarding, mergedInto }: IncidentState, { arrival }: ChangeOf<'eventQueued'>) {
  const underWay = mergedInto?.size ?? 0;
  const waiting = [...forwarding.slice(underWay), arrival];
  return [...forwarding.slice(0, underWay), ...compacted(waiting, FORWARDING_ROOM)];
}

/** The offered incident, and those that forward to it: they learn of this one, so that no chain is longer than one. */
function withAll(forwarders: readonly Elsewhere[], offer: Offer): readonly Elsewhere[] {
  const known = new Set(forwarders.map(({ incident }) => incident));
  return [...forwarders, ...[offer.from, ...offer.forwarders].filter(({ incident }) => !known.has(incident))];
}

/** What fires of the offered incident is not to end when this one's own source is quiet. */
function flappingWith({ flapping }: IncidentState, { alerts }: Offer): IncidentState['flapping'] {
  return flapping && { ...flapping, fires: flapping.fires || alerts.some(({ status }) => status === 'triggered') };
}

function editMerged(state: IncidentState, edit: (merged: Merged) => Partial<Merged>): IncidentState {
  const { mergedInto } = state;
  return mergedInto === null ? state : { ...state, mergedInto: { ...mergedInto, ...edit(mergedInto) } };
}

/** Word of a move may come late: those that it was moved on from are remembered. */
function targetMoved(state: IncidentState, { from, into, at }: ChangeOf<'targetMoved'>): IncidentState {
  return editMerged(state, ({ incident, passed }) =>
    into.incident === incident
      ? { passed: [...passed, from] }
      : {
          incident: into.incident,
          workflowId: into.workflowId,
          passed: [...new Set([...passed, incident, from])],
          size: null,
          askAgainAt: at + LOOK_AFTER,
        },
  );
}

/** A question that was put is waited for, unless its answer came before that was known. */
function letterSent(state: IncidentState, { letter, at }: ChangeOf<'letterSent'>): IncidentState {
  const sent = state.letters.find(({ id }) => id === letter);
  const rest = { ...state, letters: state.letters.filter((each) => each !== sent) };
  const { merging, mergedInto } = state;
  if (sent?.message.kind === 'offer' && merging?.command === sent.message.command) {
    return { ...rest, merging: { ...merging, askAgainAt: againAt(merging.since, at) } };
  }
  const isAsked = sent?.message.kind === 'events' && mergedInto?.batches === sent.message.batch;
  if (!isAsked || mergedInto?.size === null) return rest;
  return editMerged(rest, ({ since }) => ({ askAgainAt: againAt(since, at) }));
}

const againAt = (since: Instant, at: Instant): Instant =>
  at + Math.min(ASK_AGAIN.atMost, Math.max(ASK_AGAIN.after, at - since));
