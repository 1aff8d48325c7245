/**
 * The id of a request that was accepted, `GET /v2/alerts/requests/{id}`: it holds what came of it, signed, so that any API
 * process answers for it, after any restart, and nothing is kept. Of the alias it has a hash: with one of 512 characters it
 * would be longer than a path parameter may be.
 */
import type { Instant } from '../../domain/duration.ts';
import { days } from '../../domain/duration.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { sha256Hex } from '../../intake/hashes.ts';
import { readToken, signToken } from '../../links/signedToken.ts';

/** What was asked for, in Opsgenie's words. */
export type Action =
  | 'Create'
  | 'Acknowledge'
  | 'UnAcknowledge'
  | 'Close'
  | 'Snooze'
  | 'AddNote'
  | 'AssignOwnership'
  | 'Escalate'
  | 'AddResponder'
  | 'AddTeam'
  | 'AddTags'
  | 'RemoveTags'
  | 'AddDetails'
  | 'RemoveDetails'
  | 'UpdatePriority'
  | 'UpdateMessage'
  | 'UpdateDescription'
  | 'ExecuteCustomAction'
  | 'Delete';

/** `done`; `recorded`: safe, and no worker had taken it yet; any other is why it was not done. */
export type Result =
  'done' | 'recorded' | 'suppressed' | 'snoozeTooShort' | 'snoozeTooLong' | 'nobodyFound' | ErrorCode;

export interface Outcome {
  readonly action: Action;
  readonly result: Result;
  readonly at: Instant;
  /** The incident's id; empty where there is none, or it could not be learnt. */
  readonly alertId: string;
  /** `keyNameOf` the alert's alias; empty where there is none. */
  readonly alias: string;
}

const VALID_FOR = days(7);

/** Names an alias well enough within one incident. */
export const keyNameOf = (alias: string): string => sha256Hex(alias).slice(0, 16);

/** Of the integration alone: another's key does not read it. */
const purposeOf = (integration: string): string => `opsgenie request of ${integration}`;

/** Some 350 characters. */
export const signOutcome = (
  secret: string,
  integration: string,
  { action, result, at, alertId, alias }: Outcome,
): string => signToken(secret, purposeOf(integration), [action, result, at, alertId, alias, at + VALID_FOR]);

/** Undefined for what this integration was not given, and after a week. */
export function readOutcome(secret: string, integration: string, requestId: string, now: Instant): Outcome | undefined {
  const read = readToken(secret, purposeOf(integration), requestId, now);
  if (!read.ok) return undefined;
  const [action, result, at, alertId, alias] = read.payload as [Action, Result, Instant, string, string];
  return { action, result, at, alertId, alias };
}
