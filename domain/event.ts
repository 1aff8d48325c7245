/** What a monitoring source said, in the one shape that every source is translated to (interfaces §5, Shapes). */
import type { Instant } from './duration.ts';

/** Highest first. */
export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];
export type EventAction = 'trigger' | 'acknowledge' | 'resolve';

export interface Link {
  readonly href: string;
  readonly text?: string;
}

export interface SourceEvent {
  readonly action: EventAction;
  readonly dedupKey: string;
  readonly summary: string;
  readonly source: string;
  readonly severity?: Severity;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly links?: readonly Link[];
  /** When it happened, as the source says; absent where it does not say. */
  readonly at?: Instant;
  /** The person who sent it by hand, and by which door. */
  readonly by?: { readonly id: string; readonly name?: string; readonly via?: string };
}

/** Events of one key that arrived together: `count` of them, the latest kept. Never merged over a change of action or severity. */
export interface Arrival {
  /** Names this arrival, so that one delivered twice is counted once. */
  readonly id: string;
  readonly count: number;
  readonly event: SourceEvent;
}

/** Whether `later` may be counted into `earlier` without any state in between being lost (lifecycle §2.10). */
export function mayMerge(earlier: SourceEvent, later: SourceEvent): boolean {
  const same = earlier.severity === later.severity && earlier.by?.id === later.by?.id;
  return same && earlier.action === 'trigger' && later.action === 'trigger';
}

/** The higher of two severities; an event without one counts as `error`, for it must not go unseen (lifecycle §8). */
export function highestSeverity(severities: readonly (Severity | undefined)[]): Severity | undefined {
  const named = severities.filter((severity) => severity !== undefined);
  return SEVERITIES.find((severity) => named.includes(severity));
}

/** Who an event comes from, as the timeline names them. */
export const senderOf = (
  { by }: SourceEvent,
  integration: string,
): { readonly kind: 'user' | 'source'; readonly id: string } =>
  by === undefined ? { kind: 'source', id: integration } : { ...by, kind: 'user' };
