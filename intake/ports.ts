/** The door by which events come in, whoever brings them: a request, a monitor, a heartbeat that is missed (design §2.3). */
import type { Integration, Urgency } from '../domain/configuration.ts';
import type { SourceEvent } from '../domain/event.ts';

/** What a person who opens an incident by hand says of it, in the place of what its service says. */
export interface OpenedAs {
  readonly urgency?: Urgency;
  readonly priority?: string;
  /** The id of the escalation policy that it goes by. */
  readonly policy?: string;
  /** They alone are told, with no escalation. */
  readonly users?: readonly string[];
}

export interface IncomingEvent {
  readonly integration: Integration;
  readonly event: SourceEvent;
  /** Of a drill: the user who alone is told. */
  readonly onlyUser?: string;
  readonly openedAs?: OpenedAs;
}

export interface AcceptedEvent {
  readonly dedupKey: string;
  /** `ignored`: there was no incident for it. `suppressed`: a routing rule lets none come of it. */
  readonly outcome: 'accepted' | 'ignored' | 'suppressed';
  /** Its incident's id. */
  readonly incident?: string;
  /** Whether this event opened it. */
  readonly opened: boolean;
  readonly reason?: string;
}

/** Takes events in. Resolves only once all of them are persisted; throws TEMPORAL_UNAVAILABLE where none could be (lifecycle §2.9). */
export interface Intake {
  accept(events: readonly IncomingEvent[]): Promise<readonly AcceptedEvent[]>;
}
