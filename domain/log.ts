/** The incident's own timeline: one line each, when, who or what, what, why (lifecycle §1). */
import type { Instant } from './duration.ts';
import type { Actor } from './incident.ts';
import type { Reason } from './reasons.ts';

export interface LogEntry {
  readonly id: string;
  readonly at: Instant;
  readonly type: string;
  readonly actor: Actor;
  readonly reason: Reason | null;
  readonly text: string;
  readonly notification?: string;
}
