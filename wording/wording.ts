/**
 * What people read, in one language. What is general stands in the members of `Wording` itself; what is said
 * in one place alone stands in a file of its own, for all languages. A phrase that one language lacks does not compile.
 */
import type { WhyTold } from '../domain/effects.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { Severity } from '../domain/event.ts';
import type { Status } from '../domain/incident.ts';
import type { Language } from '../domain/language.ts';
import type { Truth } from '../domain/truth.ts';
import type { IncidentView, NextView } from '../domain/view.ts';
import type { TimeWriter } from './time.ts';
import type { Change } from './change.ts';

/** A user's name; the id where it is not known. */
export type NameOf = (user: string) => string;

/** What stands before a value, on a button, or for itself. */
export interface Labels {
  readonly incident: string;
  readonly service: string;
  readonly severity: string;
  readonly whyYou: string;
  readonly since: string;
  readonly at: string;
  readonly status: string;
  readonly now: string;
  readonly alerts: string;
  readonly runbook: string;
  readonly details: string;
  readonly link: string;
  readonly links: string;
  /** Change events of the service before an incident of it. */
  readonly changes: string;
  readonly events: string;
  /** A line of the incident's timeline, which is in English. */
  readonly timeline: string;
  readonly notification: string;
  readonly logEntry: string;
  readonly acknowledge: string;
  readonly resolve: string;
  readonly escalate: string;
  readonly snooze: string;
  readonly view: string;
  readonly acknowledgeOrResolve: string;
  readonly acknowledgeAs: (name: string) => string;
  readonly restIsCut: string;
  /** Before the summary of an incident that is a drill. The word DRILL is in it in every language: so people of several tell it. */
  readonly drill: string;
}

/** Errors that people are answered with; their titles in other languages. */
export type ToldCode = Extract<
  ErrorCode,
  | 'BAD_REQUEST'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BODY_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'INTERNAL'
  | 'TEMPORAL_UNAVAILABLE'
  | 'STORE_UNAVAILABLE'
  | 'NO_WORKER'
  | 'ALREADY_RESOLVED'
  | 'NOT_ACKNOWLEDGED'
  | 'MOVED_ON'
  | 'DIRECTLY_ASSIGNED'
  | 'TOLD_JUST_NOW'
  | 'NOBODY_LEFT'
  | 'SERVICE_GONE'
  | 'REOPEN_TOO_LATE'
  | 'INCIDENT_CLOSED'
  | 'MERGING'
  | 'ALREADY_MERGED'
  | 'LINK_INVALID'
  | 'LINK_EXPIRED'
  | 'LINK_USED'
>;

/** Of the phone page alone. */
export interface PagePhrases {
  readonly title: (status: Status, service: string) => string;
  readonly time: (iso: string, zone: string) => string;
  readonly whoHoldsIt: string;
  readonly holder: (name: string, since: string) => string;
  /** Nobody acknowledged; `asked`: who was asked to, as a list, or null. `over`: and nobody will. */
  readonly nobody: (over: boolean, asked: string | null) => string;
  readonly source: string;
  readonly whatComesNext: string;
  readonly nothingResolved: string;
  readonly nothing: string;
  readonly notKnown: string;
  /** "In 3m (10:02:11 UTC): escalates to level 2"; `left` is null where it is due. */
  readonly comesIn: (left: string | null, at: string, what: string) => string;
  readonly coming: (next: NextView, nameOf: NameOf) => string;
  readonly more: (count: number) => string;
  readonly userGone: string;
  readonly linkInvalidHelp: string;
  readonly linkExpiredHelp: string;
  readonly useTheButtons: string;
  readonly notShown: string;
  readonly noted: string;
  /** No worker answered in time: it is done once one is back. */
  readonly recorded: string;
  readonly done: { readonly acknowledge: string; readonly resolve: string };
}

export interface Wording {
  readonly language: Language;
  readonly labels: Labels;
  /** `Severity: critical`. */
  readonly line: (label: string, value: string) => string;
  /** `Ana Wei, Bob`. */
  readonly list: (names: readonly string[]) => string;
  /** A text that says one thing, as a sentence of its own. */
  readonly sentence: (text: string) => string;
  readonly severity: (severity: Severity | null) => string;
  readonly time: TimeWriter['day'];
  /**
   * The present truth: "already resolved by Ana Wei at 10:02:11 UTC". What is a sentence already stays one. `zone`: of whoever
   * reads it, UTC where absent; the English is word for word that of the API and the timeline, in UTC.
   */
  readonly truth: (truth: Truth | string, zone?: string) => string;
  /** Why somebody is told: "level 2, pass 2: nobody acknowledged in time". */
  readonly why: (why: WhyTold | string) => string;
  /** "acknowledged by Ana Wei; the policy is exhausted". */
  readonly status: (
    incident: Pick<IncidentView, 'status' | 'acknowledgements' | 'exhausted' | 'nobodyOnCall'>,
    nameOf: NameOf,
  ) => string;
  /** What a notice tells: "Ana Wei acknowledged". */
  readonly change: (change: Change, reader: { readonly nameOf: NameOf; readonly zone: string }) => string;
  /** The title of an error. */
  readonly refusal: (code: ErrorCode) => string;
  readonly page: PagePhrases;
  /** Of a message that is sent to see whether it comes through. */
  readonly test: { readonly summary: string; readonly service: string; readonly why: string };
}
