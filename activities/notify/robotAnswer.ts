/** Robots that answer 200 whatever came of a message, and say by a code in the body what did. */
import type { ApplicationFailure } from '@temporalio/common';
import type { Milliseconds } from '../../domain/duration.ts';
import { retryable, terminal } from '../errors.ts';
import type { NotifyReceipt } from '../contract.ts';
import type { Answered } from './http.ts';
import type { Asked } from './answer.ts';
import { bodyOf, objectIn, stranger, wrongSetting } from './answer.ts';

/** What a vendor's codes mean; one that is in none of the lists refuses the message for good. */
export interface Codes {
  readonly vendor: string;
  /** The body's member that holds it; 0 is a success. */
  readonly member: 'errcode' | 'code';
  readonly busy: readonly number[];
  readonly tooMany: readonly number[];
  /** Says so whatever the code, for a vendor has several. */
  readonly tooManyWords: RegExp;
  /** `20 messages a minute a robot`, and how long is waited then: what is left of the time is not told. */
  readonly limit: string;
  readonly wait: Milliseconds;
  /** Which setting is wrong. Not the recipient's fault, and mended while the incident is open, as a login that SMTP refuses is. */
  readonly wrong: Readonly<Record<number, 'url' | 'secret'>>;
}

/** Throws, terminal: PROVIDER_REFUSED; retryable: PROVIDER_UNREACHABLE, PROVIDER_BUSY, PROVIDER_LOGIN_REFUSED; unknown: PROVIDER_SILENT. */
export function readCode(answer: Answered, codes: Codes, asked: Asked): NotifyReceipt {
  const code = codeIn(bodyOf(answer, asked), codes);
  if (code === 0) return { detail: answer.shown };
  throw code === undefined ? stranger(answer, codes.vendor, asked) : meaning(code, answer, codes, asked);
}

/** What an answer outside of 200 to 299 means by its code; undefined where it has none. */
export function refusedByCode(answer: Answered, codes: Codes, asked: Asked): ApplicationFailure | undefined {
  const code = answer.body === null ? undefined : codeIn(answer.body, codes);
  return code === undefined || code === 0 ? undefined : meaning(code, answer, codes, asked);
}

function meaning(code: number, answer: Answered, codes: Codes, asked: Asked): ApplicationFailure {
  const detail = `${asked.what} answered ${answer.shown}`;
  const setting = codes.wrong[code];
  if (setting !== undefined) return wrongSetting(answer, setting, asked);
  if (codes.tooMany.includes(code) || codes.tooManyWords.test(answer.shown)) {
    return retryable('PROVIDER_BUSY', `${detail} (${codes.limit})`, { after: codes.wait });
  }
  return codes.busy.includes(code) ? retryable('PROVIDER_BUSY', detail) : terminal('PROVIDER_REFUSED', detail);
}

function codeIn(body: string, { member }: Codes): number | undefined {
  const code = objectIn(body)?.[member];
  return typeof code === 'number' ? code : undefined;
}
