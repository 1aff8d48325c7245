/**
 * Tencent Cloud SMS, API 3.0 (2021-01-11), by the vendor's SDK: https://cloud.tencent.com/document/api/382/55981.
 * An approved template, its parameters, and at most 200 numbers a call, each with an outcome of its own.
 */
import type { ApplicationFailure } from '@temporalio/common';
import type { TencentSms } from '../../domain/channels.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import { minutes, seconds } from '../../domain/duration.ts';
import { retryable, terminal, unknown } from '../errors.ts';
import { lineTo } from '../tencentLine.ts';
import { CALL_TIMEOUT } from './http.ts';
import type { NumberOutcome } from './smsOutcome.ts';
import { withoutNumbers } from './smsOutcome.ts';

const WHAT = 'Tencent Cloud SMS';

/** Throws what holds for all numbers: PROVIDER_LOGIN_REFUSED, PROVIDER_BUSY, PROVIDER_UNREACHABLE, PROVIDER_SILENT, PROVIDER_REFUSED, ADDRESS_REFUSED. */
export async function sendByTencent(
  account: TencentSms,
  numbers: readonly string[],
  params: readonly string[],
  timeout = CALL_TIMEOUT,
): Promise<readonly NumberOutcome[]> {
  const { sms } = await import('tencentcloud-sdk-nodejs-sms');
  const { secretId, secretKey, region } = account;
  const line = lineTo(account.apiUrl, 'sms');
  const client = new sms.v20210111.Client({
    credential: { secretId, secretKey },
    region,
    profile: { httpProfile: { ...line.profile, reqTimeout: timeout / 1_000 } },
  });
  const request = {
    PhoneNumberSet: numbers,
    SmsSdkAppId: account.sdkAppId,
    SignName: account.signName,
    TemplateId: account.templateId,
    TemplateParamSet: params,
  };
  // The SDK's own method takes no signal, and its time-out begins anew for the body.
  const answer: unknown = await client
    .request('SendSms', request, { signal: AbortSignal.timeout(timeout) })
    .catch((error: SdkError) => {
      throw failureOf(error, line.connected(), numbers);
    })
    .finally(() => line.close());
  return outcomesOf(numbers, answer);
}

interface SendStatus {
  readonly SerialNo?: unknown;
  readonly PhoneNumber?: unknown;
  readonly Code?: unknown;
  readonly Message?: unknown;
}

/** By the numbers as they were given, and where the answer names none, by their places. */
function outcomesOf(numbers: readonly string[], answer: unknown): readonly NumberOutcome[] {
  const set = (answer as { SendStatusSet?: unknown } | null)?.SendStatusSet;
  if (!Array.isArray(set) || set.length === 0) throw notTencent();
  const statuses = set as readonly SendStatus[];
  return numbers.map((number, index): NumberOutcome => {
    const status = statuses.find(({ PhoneNumber }) => PhoneNumber === number) ?? statuses[index] ?? {};
    const { SerialNo, Code, Message } = status;
    if (Code !== 'Ok') return { number, failure: refusalOf(String(Code), String(Message), numbers) };
    return { number, receipt: { ...(typeof SerialNo === 'string' ? { providerId: SerialNo } : {}), detail: 'Ok' } };
  });
}

interface SdkError extends Error {
  readonly code?: string;
  readonly httpCode?: number;
  readonly type?: string;
}

function failureOf(error: SdkError, connected: boolean, numbers: readonly string[]): ApplicationFailure {
  const { code, httpCode, message, type } = error;
  if (httpCode !== undefined) {
    const detail = `${WHAT} answered ${httpCode}`;
    const later = httpCode === 429 || httpCode >= 500;
    return later ? retryable('PROVIDER_BUSY', detail) : terminal('PROVIDER_REFUSED', detail);
  }
  // Of the SDK's errors, those alone that are in an answer of Tencent's have a code.
  if (code !== undefined && 'requestId' in error) return refusalOf(code, message, numbers);
  if (!connected) return retryable('PROVIDER_UNREACHABLE', `${WHAT}: ${message}`);
  if (type === 'invalid-json' || error instanceof TypeError) return notTencent();
  return unknown('PROVIDER_SILENT', `${WHAT}: ${message}`);
}

const notTencent = (): ApplicationFailure =>
  retryable(
    'PROVIDER_UNREACHABLE',
    `${WHAT}: the answer is none of Tencent Cloud’s (is it that which answers at channels.sms.apiUrl?)`,
  );

/** After how long a limit is over, where its name says so; the limits of a day say not when theirs ends. */
const LIMITS: Readonly<Record<string, Milliseconds>> = {
  'LimitExceeded.PhoneNumberThirtySecondLimit': seconds(30),
  'LimitExceeded.PhoneNumberOneHourLimit': minutes(60),
};

/** The account's, not the recipient's, and mended while the incident is open. */
const ACCOUNT = [
  /^AuthFailure/,
  /^UnauthorizedOperation/,
  /^FailedOperation\.InsufficientBalanceInSmsPackage$/,
  /^InternalError\.(SigVerificationFail|SigFieldMissing|RequestTimeException)$/,
  /^InvalidParameterValue\.SdkAppIdNotExist$/,
];
const ADDRESS = [
  /^FailedOperation\.PhoneNumberInBlacklist$/,
  /^InvalidParameterValue\.IncorrectPhoneNumber$/,
  /^LimitExceeded\.AppCountryOrRegionInBlacklist$/,
  /^UnsupportedOperation\.(UnsupportedRegion|ChineseMainlandTemplateToGlobalPhone|GlobalTemplateToChineseMainlandPhone)$/,
];
/** It was taken, and whether it was passed on is not known. */
const TAKEN = /^InternalError\.(Timeout|SendAndRecvFail)$/;
/** The configuration's. What would mend it is said, for the code does not say it. */
const HINTS: Readonly<Record<string, string>> = {
  'FailedOperation.TemplateParamSetNotMatchApprovedTemplate':
    'does the template take as many parameters as channels.sms.params has?',
  'InvalidParameterValue.TemplateParameterLengthLimit':
    'lower channels.sms.paramLength to what the console shows for this account',
};

/** https://cloud.tencent.com/document/api/382/59177 and /38780; of a request, and of each of its numbers. */
function refusalOf(code: string, message: string, numbers: readonly string[]): ApplicationFailure {
  const hint = HINTS[code];
  const said = `${code}: ${withoutNumbers(message, numbers)}`;
  const detail = `${WHAT} answered ${said}${hint === undefined ? '' : ` (${hint})`}`;
  const is = (patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(code));
  if (is(ACCOUNT)) return retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right channels.sms, or the account)`);
  if (is(ADDRESS)) return terminal('ADDRESS_REFUSED', detail);
  if (TAKEN.test(code)) return unknown('PROVIDER_SILENT', detail);
  if (code === 'LimitExceeded.PhoneNumberCountLimit') return terminal('PROVIDER_REFUSED', detail);
  if (/^(LimitExceeded|RequestLimitExceeded|InternalError|ResourceUnavailable|ResourceInsufficient)/.test(code)) {
    const after = LIMITS[code];
    return retryable('PROVIDER_BUSY', detail, after === undefined ? {} : { after });
  }
  return terminal('PROVIDER_REFUSED', detail);
}
