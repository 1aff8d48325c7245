/** What incidents tell one another about their merging (lifecycle §7, Merge). Each may come twice, and late. */
import type { Arrival } from './event.ts';
import type { Actor, Alert, Elsewhere, Letter } from './incident.ts';

/** One incident offers all it has to another. */
export interface Offer {
  readonly kind: 'offer';
  /** The id of the person's command. */
  readonly command: string;
  readonly from: Elsewhere;
  readonly number: number | null;
  readonly summary: string;
  /** Its own key: which of its alerts a source's word for the whole group means. */
  readonly dedupKey: string;
  readonly actor: Actor;
  readonly note?: string;
  readonly alerts: readonly Alert[];
  readonly alertsTruncated: boolean;
  readonly eventCount: number;
  readonly forwarders: readonly Elsewhere[];
}

/** Events of a merged incident's key; none of them asks whether the other is still there. */
export interface Forwarded {
  readonly kind: 'events';
  readonly from: Elsewhere;
  readonly batch: number;
  readonly arrivals: readonly Arrival[];
}

export type Message = Offer | Forwarded | Exclude<Letter['message'], { readonly kind: 'offer' | 'events' }>;
export type MessageOf<Kind extends Message['kind']> = Extract<Message, { readonly kind: Kind }>;
