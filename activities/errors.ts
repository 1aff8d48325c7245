/** How an attempt fails, told apart for the incident, which decides what comes next (lifecycle §5.5). */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Milliseconds } from '../domain/duration.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { cut, oneLine } from '../domain/text.ts';
import { ATTEMPT_FAILURES } from './contract.ts';

/** Characters of a detail that are kept; it stands in the workflow's history and in the ledger. */
const DETAIL_LIMIT = 500;
const CREDENTIALS_IN_URL = /(\w+:\/\/)[^\s/@]*@/g;

/** It will never succeed: the user's next rule fires at once in its place. */
export const terminal = (code: ErrorCode, detail: string): ApplicationFailure => failure('terminal', code, detail);

/** It may succeed later, under the same idempotency key; `after`: not before that long from now, where the provider said so. */
export const retryable = (
  code: ErrorCode,
  detail: string,
  options: { after?: Milliseconds } = {},
): ApplicationFailure => failure('retryable', code, detail, options.after);

/** It may have been sent: nobody can say. */
export const unknown = (code: ErrorCode, detail: string): ApplicationFailure => failure('unknown', code, detail);

/** Never retried by Temporal: one execution is one attempt, and one entry of the ledger. Benign, for it is an outcome and no defect. */
function failure(kind: keyof typeof ATTEMPT_FAILURES, code: ErrorCode, detail: string, after?: Milliseconds) {
  const text = cut(oneLine(detail.replaceAll(CREDENTIALS_IN_URL, '$1***@')), DETAIL_LIMIT);
  return ApplicationFailure.create({
    type: ATTEMPT_FAILURES[kind],
    message: `${code}: ${text}`,
    nonRetryable: true,
    details: after === undefined ? [code, text] : [code, text, after],
    category: ApplicationFailureCategory.BENIGN,
  });
}
