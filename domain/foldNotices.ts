/** What decided changes of notices do to the state; `evolve` hands them on to here. Decides nothing. */
import type { ChangeOf } from './changes.ts';
import type { IncidentState, Notice } from './incident.ts';

export type NoticeChange = ChangeOf<
  'announced' | 'noticesOwed' | 'noticesDropped' | 'silentDropped' | 'noticeBegun' | 'noticeEnded'
>;

export function foldNotices(state: IncidentState, change: NoticeChange): IncidentState {
  switch (change.type) {
    case 'announced':
      return { ...state, announcing: null, heardOf: true };
    case 'noticesOwed':
      return {
        ...state,
        // A page that came late is told what others are still to be told.
        words: state.words.some(({ entry }) => entry === change.word.entry)
          ? state.words
          : [...state.words, change.word],
        notices: [...state.notices, ...change.notices],
        counters: { ...state.counters, notice: state.counters.notice + change.notices.length },
      };
    case 'noticesDropped':
    case 'silentDropped': {
      const dropped = new Set(change.notices);
      return withNotices(
        state,
        state.notices.filter(({ id }) => !dropped.has(id)),
      );
    }
    case 'noticeBegun':
      return edit(state, change.notice, () => ({ phase: 'inFlight', nextAt: change.at }));
    case 'noticeEnded': {
      const { againAt, notice, attempt } = change;
      if (againAt === null) {
        return withNotices(
          state,
          state.notices.filter(({ id }) => id !== notice.id),
        );
      }
      const counts = attempt.outcome === 'cancelled' ? 0 : 1;
      return edit(state, notice.id, ({ attempts, nextAt, unknownSince = nextAt }) => ({
        phase: 'waiting',
        attempts: attempts + counts,
        nextAt: againAt,
        ...(attempt.outcome === 'unknown' ? { unknownSince } : {}),
      }));
    }
    default:
      return change satisfies never;
  }
}

/** What nobody is to be told any more is forgotten. */
function withNotices(state: IncidentState, notices: readonly Notice[]): IncidentState {
  const named = new Set(notices.map(({ word }) => word));
  return { ...state, notices, words: state.words.filter(({ entry }) => named.has(entry)) };
}

function edit(state: IncidentState, id: string, with_: (notice: Notice) => Partial<Notice>): IncidentState {
  return {
    ...state,
    notices: state.notices.map((notice) => (notice.id === id ? { ...notice, ...with_(notice) } : notice)),
  };
}
