/** Where an event goes, as routing decided it (interfaces §3): made in routing/, recorded in the incident's history. */
import type { Urgency } from './configuration.ts';
import type { Milliseconds } from './duration.ts';
import type { Severity } from './event.ts';

export interface Route {
  /** Its service's id. */
  readonly service: string;
  /** Place of the routing rule that decided, from 1; null where the integration is of a service, and nothing was asked. */
  readonly rule: number | null;
  /** What the rule sets; null where it sets nothing. */
  readonly severity: Severity | null;
  readonly priority: string | null;
  readonly urgency: Urgency | null;
  readonly holdFor: Milliseconds | null;
  /** `routing rule 2 matched: event.severity == "critical"`, `no routing rule matched; rule 3 takes the rest`. */
  readonly why: string;
  /** Rules that failed on this event and so did not match: `routing rule 1: no such key: details.region`. */
  readonly remarks: readonly string[];
}

/** A rule said that this event makes no incident. */
export interface Suppression {
  readonly suppressed: true;
  readonly rule: number;
  readonly why: string;
  readonly remarks: readonly string[];
}

/** As the list of ignored events has it. */
export const suppressionReason = ({ why, remarks }: Suppression): string => ['suppressed', why, ...remarks].join('; ');
