/** What suspension, reopening and flapping do to the state; `evolve` hands them on to here. Decides nothing. */
import type { ChangeOf } from './changes.ts';
import type { Escalation, Flapping, IncidentState, Suspension } from './incident.ts';

type SuspensionChange = ChangeOf<
  | 'suspended'
  | 'thresholdCounted'
  | 'holdAnswered'
  | 'released'
  | 'reopened'
  | 'closed'
  | 'transitioned'
  | 'flappingBegan'
  | 'flapped'
  | 'flappingDigest'
  | 'flappingEnded'
>;

export function foldSuspension(state: IncidentState, change: SuspensionChange): IncidentState {
  switch (change.type) {
    case 'suspended':
      return { ...state, status: 'suspended', suspension: change.suspension };
    case 'thresholdCounted':
      return withSuspension(state, { threshold: { events: change.events } });
    case 'holdAnswered':
      return {
        ...withSuspension(state, { held: change.held }),
        hours: change.hours,
        escalation: { ...state.escalation, asking: null },
      };
    case 'released':
      return { ...state, status: 'triggered', suspension: null, announcing: openingWord(state) };
    case 'transitioned':
      return { ...state, transitions: change.transitions };
    case 'flappingBegan':
      return { ...state, flapping: change.flapping };
    case 'flapped':
      return withFlapping(state, ({ transitions, untold }) => ({
        transitions: transitions + 1,
        untold: untold + 1,
        quietAt: change.quietAt,
        fires: change.fires,
      }));
    case 'flappingDigest':
      return withFlapping(state, () => ({ untold: 0, digestAt: change.digestAt }));
    case 'flappingEnded':
      return { ...state, flapping: null, transitions: [] };
    case 'reopened':
      return reopened(state, change);
    case 'closed':
      return { ...state, reopenableUntil: null };
    default:
      return change satisfies never;
  }
}

function withSuspension(state: IncidentState, part: Partial<Suspension>): IncidentState {
  return state.suspension === null ? state : { ...state, suspension: { ...state.suspension, ...part } };
}

function withFlapping(state: IncidentState, edit: (flapping: Flapping) => Partial<Flapping>): IncidentState {
  return state.flapping === null ? state : { ...state, flapping: { ...state.flapping, ...edit(state.flapping) } };
}

const openingWord = ({ heardOf }: IncidentState) => (heardOf ? 'reopened' : 'triggered');

/** The next episode, from level 1 of pass 1. What was owed in the one before is still paid. */
function reopened(state: IncidentState, { suspension }: ChangeOf<'reopened'>): IncidentState {
  return {
    ...state,
    ...RESTARTED,
    status: suspension === null ? 'triggered' : 'suspended',
    announcing: suspension === null ? openingWord(state) : null,
    suspension,
    episode: state.episode + 1,
    escalation: NOT_BEGUN,
    invited: [...state.invited, ...stillOwed(state)],
  };
}

/** Those to whom a person reassigned it are owed a page, although it is not known yet who they are (lifecycle §5.2). */
function stillOwed({ escalation: { asking } }: IncidentState): IncidentState['invited'] {
  if (asking?.reason !== 'reassigned' || asking.question.kind !== 'users') return [];
  return [{ seq: asking.seq, users: asking.question.users, reason: 'reassigned' }];
}

const RESTARTED = {
  transient: false,
  reopenableUntil: null,
  resolvedAt: null,
  resolvedBy: null,
  resolution: null,
  snoozedUntil: null,
  ackTimeoutAt: null,
  acknowledgements: [],
  assignees: [],
} as const satisfies Partial<IncidentState>;

/** Before anybody is asked for. */
export const NOT_BEGUN: Escalation = {
  pass: 1,
  level: 0,
  asking: null,
  levelEndsAt: null,
  reached: false,
  unreachable: [],
  exhausted: false,
  nobodyOnCall: false,
  recheckAt: null,
  direct: false,
  assignment: 0,
};
