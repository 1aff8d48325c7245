/**
 * Tencent Cloud SMS by the API of before 2019, for accounts that still have it: one number
 * (https://cloud.tencent.com/document/product/382/5808) or up to 200 (https://cloud.tencent.com/document/product/382/5977).
 */
import { createHash, randomInt } from 'node:crypto';
import type { ApplicationFailure } from '@temporalio/common';
import type { LegacyTencentSms } from '../../domain/channels.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import { minutes, seconds } from '../../domain/duration.ts';
import { splitNumber } from '../../domain/phone.ts';
import { retryable, terminal, unknown } from '../errors.ts';
import { bodyOf, objectIn, stranger } from './answer.ts';
import { call } from './http.ts';
import type { NumberOutcome } from './smsOutcome.ts';

const WHAT = 'Tencent SMS (legacy)';
const ASKED = { what: WHAT, path: 'channels.sms' };
const RANDOM_LIMIT = 10_000_000_000;

/** Throws as `call` does, and what holds for all numbers: PROVIDER_LOGIN_REFUSED, PROVIDER_BUSY, PROVIDER_SILENT, PROVIDER_REFUSED, ADDRESS_REFUSED. */
export async function sendByLegacyTencent(
  account: LegacyTencentSms,
  numbers: readonly string[],
  params: readonly string[],
  timeout?: number,
): Promise<readonly NumberOutcome[]> {
  const { sdkAppId, appKey, sign, templateId } = account;
  const phones = numbers.map((number) => {
    const { callingCode, national } = splitNumber(number);
    return { nationcode: callingCode, mobile: national };
  });
  const [only, ...others] = phones;
  const alone = others.length === 0;
  const random = String(randomInt(RANDOM_LIMIT));
  const time = Math.floor(Date.now() / 1_000);
  const mobiles = phones.map(({ mobile }) => mobile).join(',');
  const sig = createHash('sha256')
    .update(`appkey=${appKey}&random=${random}&time=${time}&mobile=${mobiles}`)
    .digest('hex');
  const method = alone ? 'sendsms' : 'sendmultisms2';
  const query = new URLSearchParams({ sdkappid: sdkAppId, random });
  const answer = await call({
    url: `${account.apiUrl}/v5/tlssmssvr/${method}?${query.toString()}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      tel: alone ? only : phones,
      sign,
      tpl_id: Number(templateId),
      params,
      sig,
      time,
      extend: '',
      ext: '',
    }),
    allowPrivate: true,
    what: WHAT,
    secrets: [appKey, sig, ...numbers, ...phones.map(({ mobile }) => mobile)],
    ...(timeout === undefined ? {} : { timeout }),
  });
  const { result, errmsg, sid, detail }: Result = objectIn(bodyOf(answer, ASKED)) ?? {};
  if (typeof result !== 'number') throw stranger(answer, 'Tencent', ASKED, 'apiUrl');
  if (result !== 0) throw refusalOf(result, errmsg);
  if (alone) return numbers.map((number) => ({ number, receipt: receipt(sid) }));
  const each = Array.isArray(detail) ? (detail as readonly Result[]) : [];
  return numbers.map((number, index): NumberOutcome => {
    const own = each.find(({ mobile }) => mobile === phones[index]?.mobile) ?? each[index] ?? {};
    return own.result === 0
      ? { number, receipt: receipt(own.sid) }
      : { number, failure: refusalOf(Number(own.result), own.errmsg) };
  });
}

interface Result {
  readonly result?: unknown;
  readonly errmsg?: unknown;
  readonly sid?: unknown;
  readonly mobile?: unknown;
  readonly detail?: unknown;
}

const receipt = (sid: unknown) => ({ ...(typeof sid === 'string' ? { providerId: sid } : {}), detail: 'OK' });

/** The account's, not the recipient's, and mended while the incident is open: signature, permission, package, money. */
const ACCOUNT = new Set([1001, 1003, 1006, 1009, 1019, 1020, 1021, 1031, 1033]);
const ADDRESS = new Set([1015, 1016, 1045]);
/** A request that timed out on the way to the network: it may have been sent. */
const TAKEN = new Set([1008, 60008]);
const BUSY = new Set([1007, 1013, 1022, 1023, 1024, 1025, 1026, 1047]);
/** After how long a limit is over, where it is known. */
const LIMITS: ReadonlyMap<number, Milliseconds> = new Map([
  [1023, seconds(30)],
  [1024, minutes(60)],
]);
const HINTS: ReadonlyMap<number, string> = new Map([
  [1014, 'does the template take as many parameters as channels.sms.params has?'],
  [1036, 'lower channels.sms.paramLength to what the console shows for this account'],
]);

/** https://cloud.tencent.com/document/product/382/3771. */
function refusalOf(result: number, errmsg: unknown): ApplicationFailure {
  const hint = HINTS.get(result);
  const detail = `${WHAT} answered ${result}: ${String(errmsg)}${hint === undefined ? '' : ` (${hint})`}`;
  if (ACCOUNT.has(result))
    return retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right channels.sms, or the account)`);
  if (ADDRESS.has(result)) return terminal('ADDRESS_REFUSED', detail);
  if (TAKEN.has(result)) return unknown('PROVIDER_SILENT', detail);
  if (!BUSY.has(result)) return terminal('PROVIDER_REFUSED', detail);
  const after = LIMITS.get(result);
  return retryable('PROVIDER_BUSY', detail, after === undefined ? {} : { after });
}
