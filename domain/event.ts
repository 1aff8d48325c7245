/** What a monitoring source said, in the one shape that every source is translated to (interfaces §5, Shapes). */
import type { Priority } from './commands.ts';
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
  /** The id of the integration that it came by, where that is not the incident's own: in a group, or of a merged incident. */
  readonly integration?: string;
  /** Of one that a merged incident forwarded: that incident's key. */
  readonly mergedFrom?: string;
  /** Names the alert; and its incident too, where the source does not group. */
  readonly dedupKey: string;
  /** The incident that the source puts this alert into (Alertmanager's group); the dedup key names the alert within it. */
  readonly groupKey?: string;
  /** On a resolve: the source says that nothing of the whole group fires any more. */
  readonly groupResolved?: true;
  /** How many alerts of the group the source left out: those that are known are then not all that fire. */
  readonly leftOut?: number;
  readonly summary: string;
  readonly source: string;
  readonly severity?: Severity;
  /** How much it matters, as the source says; a routing rule says it before the source. */
  readonly priority?: Priority;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly links?: readonly Link[];
  /** When it happened, as the source says; absent where it does not say. */
  readonly at?: Instant;
  /** On a trigger: `at` is when the alert began, and it fires still; a later resolve in between does not overtake it. */
  readonly lasting?: true;
  /** On the trigger that opens an incident: somebody tries out who is told, and nothing is broken. */
  readonly drill?: true;
  /** The person who sent it by hand, and by which door. */
  readonly by?: { readonly id: string; readonly name?: string; readonly via?: string };
}

/** The key of the incident that an event belongs to (lifecycle §2.1). */
export const incidentKeyOf = ({ groupKey, dedupKey }: Pick<SourceEvent, 'groupKey' | 'dedupKey'>): string =>
  groupKey ?? dedupKey;

/** Events of one key that arrived together: `count` of them, the latest kept. Never merged over a change of action or severity. */
export interface Arrival {
  /** Names this arrival, so that one delivered twice is counted once. */
  readonly id: string;
  readonly count: number;
  readonly event: SourceEvent;
}

/** An alert is named by its integration and its dedup key (lifecycle §2.1, §2.3). */
export const namesAlert = (
  { integration, dedupKey }: Pick<SourceEvent, 'integration' | 'dedupKey'>,
  own: string,
  alert: { readonly integration: string; readonly dedupKey: string },
): boolean => alert.dedupKey === dedupKey && alert.integration === (integration ?? own);

/** Whether `later` may be counted into `earlier` without any state in between being lost (lifecycle §2.10). */
export function mayMerge(earlier: SourceEvent, later: SourceEvent): boolean {
  const same =
    earlier.severity === later.severity &&
    earlier.by?.id === later.by?.id &&
    earlier.dedupKey === later.dedupKey &&
    earlier.integration === later.integration &&
    earlier.leftOut === later.leftOut &&
    earlier.drill === later.drill;
  return same && earlier.action === 'trigger' && later.action === 'trigger';
}

/** Who an event comes from, as the timeline names them. */
export const senderOf = (
  { by, integration }: SourceEvent,
  own: string,
): { readonly kind: 'user' | 'source'; readonly id: string } =>
  by === undefined ? { kind: 'source', id: integration ?? own } : { ...by, kind: 'user' };
