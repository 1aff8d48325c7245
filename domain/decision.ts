/** A decision in the making: the changes decided so far, and the state as they leave it. */
import type { Change, ChangeBody } from './changes.ts';
import type { Instant } from './duration.ts';
import { evolve } from './evolve.ts';
import type { Actor, IncidentState, Notification } from './incident.ts';

export const TIMER: Actor = { kind: 'timer' };
export const SYSTEM: Actor = { kind: 'system' };

export class Decision {
  state: IncidentState;
  /** As it was when it was last settled what others are to hear of it (noticing.ts). */
  heard: IncidentState;
  readonly now: Instant;
  readonly changes: Change[] = [];

  constructor(state: IncidentState, now: Instant) {
    this.state = state;
    this.heard = state;
    this.now = now;
  }

  record(actor: Actor, body: ChangeBody): void {
    const change: Change = { ...body, at: this.now, actor };
    this.state = evolve(this.state, change);
    this.changes.push(change);
  }

  /** The notifications that something may still come of, in order, as they are now. */
  pending(where: (notification: Notification) => boolean): readonly Notification[] {
    return this.state.ledger.filter((notification) => notification.phase !== 'done' && where(notification));
  }
}
