/**
 * Errors as PagerDuty's REST API v2 has them: `{"error": {"message", "code", "errors"}}`, with its status, code and message
 * (PagerDuty/developer-docs, docs/REST-API/14-Errors.md). It knows no 409: what comes too late is a 400.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, TocsinError } from '../../domain/errors.ts';
import { asTocsinError, prepareReply, statusOf } from '../problems.ts';

const MESSAGES = {
  1001: 'Incident Already Resolved',
  1003: 'Invalid Status Provided',
  1005: 'Data Updated Since Last Request',
  1006: 'Cannot Escalate',
  1007: 'Assigned To User Not Found',
  1008: 'Requester User Not Found',
  1012: 'Incident is not Acknowledged',
  1013: 'Snooze Duration is Invalid',
  1014: 'Escalation Policy Not Found',
  1019: 'Incident Already Merged',
  2000: 'An internal error has occurred',
  2001: 'Invalid Input Provided',
  2004: "Invalid time values in 'since' and/or 'until' parameters",
  2005: 'Invalid Query Date Range',
  2006: 'Authentication failed',
  2010: 'Access Denied',
  2015: 'Invalid operation',
  // The table says otherwise; so its API was seen to answer (github quintoandar/airflow-pagerduty-plugin#1).
  2016: 'You must specify a user\'s email address in the "From" header to perform this action',
  2100: 'Not Found',
  5002: 'Service Not Found',
} as const;

export type PagerDutyCode = keyof typeof MESSAGES;

/** Of the errors that have one of PagerDuty's by themselves; all others are 2001, or 2000 where the request is not at fault. */
const CODES: Partial<Record<ErrorCode, PagerDutyCode>> = {
  AS_REQUIRED: 2016,
  UNKNOWN_USER: 1007,
  UNKNOWN_POLICY: 1014,
  UNKNOWN_LEVEL: 1006,
  UNAUTHORIZED: 2006,
  FORBIDDEN: 2010,
  NOT_FOUND: 2100,
  METHOD_NOT_ALLOWED: 2015,
  ALREADY_RESOLVED: 1001,
  INCIDENT_CLOSED: 1001,
  REOPEN_TOO_LATE: 1001,
  NOT_RESOLVED: 1003,
  NOT_SUSPENDED: 1003,
  NOT_ACKNOWLEDGED: 1012,
  MOVED_ON: 1005,
  DIRECTLY_ASSIGNED: 1006,
  TOLD_JUST_NOW: 1006,
  NOBODY_LEFT: 1006,
  MERGING: 1019,
  ALREADY_MERGED: 1019,
  TARGET_RESOLVED: 1001,
  TARGET_CLOSED: 1001,
  TARGET_MERGING: 1019,
  TARGET_MERGED: 1019,
};

/** An error to which PagerDuty gives another of its codes than to others of ours like it. */
export class PagerDutyError extends TocsinError {
  readonly pagerdutyCode: PagerDutyCode;

  constructor(pagerdutyCode: PagerDutyCode, code: ErrorCode, detail: string) {
    super(code, detail);
    this.pagerdutyCode = pagerdutyCode;
  }
}

/** What the request says is not valid, in PagerDuty's code for it. */
export const invalid = (detail: string, code: PagerDutyCode = 2001): PagerDutyError =>
  new PagerDutyError(code, 'BAD_REQUEST', detail);

export const codeOf = (error: TocsinError): PagerDutyCode =>
  error instanceof PagerDutyError
    ? error.pagerdutyCode
    : (CODES[error.code] ?? (statusOf(error.code) < 500 ? 2001 : 2000));

/** The error handler of everything below the prefix. `errors` says where, what was expected, and what to do. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = asTocsinError(error);
  const status = statusOf(known.code);
  const code = codeOf(known);
  void prepareReply(known, request, reply)
    .code(status === 409 ? 400 : status)
    .send({ error: { message: MESSAGES[code], code, errors: reasonsIn(known) } });
}

/** What is wrong with a request is told one by one. */
const reasonsIn = (error: TocsinError): readonly string[] =>
  error.code === 'BAD_REQUEST' || error instanceof PagerDutyError ? error.message.split('; ') : [error.message];
