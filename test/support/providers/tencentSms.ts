/**
 * A stand-in for Tencent Cloud SMS: API 3.0 (https://cloud.tencent.com/document/api/382/55981), and the API of before 2019
 * (https://cloud.tencent.com/document/product/382/5808 and /5977). It checks both signatures by the vendor's pages, refuses
 * what those refuse, and remembers what it took.
 */
import { createHash } from 'node:crypto';
import type { HttpReaction, HttpServer, ReceivedRequest } from '../httpServer.ts';
import { startHttpServer } from '../httpServer.ts';
import { wrongSignature } from './tc3.ts';

export const TENCENT = {
  secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
  sdkAppId: '1400006666',
  signName: '腾讯云',
  appKey: '5f03a35d00ee52a21327ab048186a2c4',
} as const;

/** Approved templates by id, and how long a parameter may be (1036, TemplateParameterLengthLimit). */
interface Approved {
  readonly parameters: number;
  readonly length: number;
}

export interface TextMessage {
  /** In E.164. */
  readonly numbers: readonly string[];
  readonly params: readonly string[];
}

export interface TencentStandIn {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly server: HttpServer;
  /** What was taken; by number, what it got. */
  readonly messages: readonly TextMessage[];
  /** Numbers that are answered so: a code of the API 3.0 or of the old one. */
  refuse(number: string, code: string | number): void;
  /** Instead of every answer, after the message was taken where `accepted`. */
  answerBy(reaction: HttpReaction | undefined, accepted?: boolean): void;
  approve(templateId: string, approved: Approved): void;
  stop(): Promise<void>;
}

export async function startTencentSms(): Promise<TencentStandIn> {
  const server = await startHttpServer();
  const messages: TextMessage[] = [];
  const refused = new Map<string, string | number>();
  const templates = new Map<string, Approved>([['19', { parameters: 3, length: 6 }]]);
  let instead: { reaction: HttpReaction; accepted: boolean } | undefined;

  const state: State = { templates, refused, take: (message) => void messages.push(message) };
  const answering =
    (read: (request: ReceivedRequest, state: State) => unknown) =>
    (request: ReceivedRequest): HttpReaction => {
      if (instead !== undefined && !instead.accepted) return instead.reaction;
      const body = read(request, state);
      return instead?.reaction ?? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    };
  server.answer('/', answering(answerV3));
  server.answer('/v5/tlssmssvr/', answering(answerLegacy));
  return {
    url: server.url,
    server,
    messages,
    refuse: (number, code) => void refused.set(number, code),
    answerBy: (reaction, accepted = false) => {
      instead = reaction && { reaction, accepted };
    },
    approve: (templateId, approved) => void templates.set(templateId, approved),
    stop: () => server.stop(),
  };
}

interface State {
  readonly templates: ReadonlyMap<string, Approved>;
  readonly refused: ReadonlyMap<string, string | number>;
  readonly take: (message: TextMessage) => void;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const domestic = (number: string): boolean => number.startsWith('+86');
/** How many characters, every sign as one. */
const tooLong = (params: readonly string[], { length }: Approved): boolean =>
  params.some((param) => Array.from(param).length > length);
const hasAddress = (params: readonly string[]): boolean =>
  params.some((param) => /https?:\/\/|\w\.(?:com|cn|net|org|example)\b/.test(param));

/** Errors are answered with status 200. */
const failed = (Code: string, Message = Code) => ({ Response: { Error: { Code, Message }, RequestId: 'r-1' } });

function answerV3({ method, path, headers, body }: ReceivedRequest, { templates, refused, take }: State): unknown {
  const wrong = wrongSignature({ method, path, headers, body }, { ...TENCENT, service: 'sms' });
  if (wrong !== undefined) return failed(wrong);
  if (headers['x-tc-action'] !== 'SendSms') return failed('InvalidAction');
  if (headers['x-tc-version'] !== '2021-01-11') return failed('NoSuchVersion');
  const written = JSON.parse(body) as Record<string, unknown>;
  const numbers = written['PhoneNumberSet'] as string[];
  const params = (written['TemplateParamSet'] ?? []) as string[];
  const template = templates.get(String(written['TemplateId']));
  if (written['SmsSdkAppId'] !== TENCENT.sdkAppId) return failed('UnauthorizedOperation.SmsSdkAppIdVerifyFail');
  if (numbers.length === 0) return failed('MissingParameter.EmptyPhoneNumberSet');
  if (numbers.length > 200) return failed('LimitExceeded.PhoneNumberCountLimit');
  if (numbers.some(domestic) && !numbers.every(domestic)) {
    return failed('UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber');
  }
  const status = (number: string, code: string, index: number) => ({
    SerialNo: code === 'Ok' ? `2028:${messages(index)}` : '',
    PhoneNumber: number,
    Fee: code === 'Ok' ? 1 : 0,
    SessionContext: '',
    Code: code,
    Message: code === 'Ok' ? 'send success' : `refused ${number}`,
    IsoCode: 'CN',
  });
  const forAll = ((): string | undefined => {
    if (template === undefined) return 'FailedOperation.TemplateUnapprovedOrNotExist';
    if (domestic(numbers[0] ?? '') && written['SignName'] !== TENCENT.signName) {
      return 'FailedOperation.SignatureIncorrectOrUnapproved';
    }
    if (params.length !== template.parameters) return 'FailedOperation.TemplateParamSetNotMatchApprovedTemplate';
    if (tooLong(params, template)) return 'InvalidParameterValue.TemplateParameterLengthLimit';
    return hasAddress(params) ? 'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter' : undefined;
  })();
  const codeOf = (number: string): string => forAll ?? String(refused.get(number) ?? 'Ok');
  const taken = numbers.filter((number) => codeOf(number) === 'Ok');
  if (taken.length > 0) take({ numbers: taken, params });
  return {
    Response: {
      SendStatusSet: numbers.map((number, index) => status(number, codeOf(number), index)),
      RequestId: 'r-1',
    },
  };
}

const messages = (index: number): string => `f825bd277c9a${String(index).padStart(4, '0')}`;

interface LegacyBody {
  readonly tel: LegacyTel | readonly LegacyTel[];
  readonly sign: string;
  readonly tpl_id: number;
  readonly params: readonly string[];
  readonly sig: string;
  readonly time: number;
}

interface LegacyTel {
  readonly nationcode: string;
  readonly mobile: string;
}

const ERRMSG: Readonly<Record<number, string>> = {
  0: 'OK',
  1001: 'sig verification failed',
  1004: 'package format error',
  1012: 'sign is not approved',
  1014: 'package format error, template params error',
  1019: 'sdkappid not exist',
  1021: 'request time is abnormal',
  1034: 'tel contains both domestic and international numbers',
  1036: 'template param too long',
  1046: 'more than 200 numbers',
  1048: 'no address in a parameter',
};

function answerLegacy({ path, body }: ReceivedRequest, { templates, refused, take }: State): unknown {
  const { pathname, searchParams } = new URL(path, 'http://x');
  const many = pathname.endsWith('/sendmultisms2');
  const written = JSON.parse(body) as LegacyBody;
  const tels = Array.isArray(written.tel) ? (written.tel as readonly LegacyTel[]) : [written.tel as LegacyTel];
  const answer = (result: number) => ({ result, errmsg: ERRMSG[result] ?? 'refused', ext: '' });
  const numbers = tels.map(({ nationcode, mobile }) => `+${nationcode}${mobile}`);
  const template = templates.get(String(written.tpl_id));
  const sig = sha256(
    `appkey=${TENCENT.appKey}&random=${searchParams.get('random')}&time=${written.time}&mobile=${tels.map(({ mobile }) => mobile).join(',')}`,
  );
  if (many !== Array.isArray(written.tel) || typeof written.tpl_id !== 'number') return answer(1004);
  if (searchParams.get('sdkappid') !== TENCENT.sdkAppId) return answer(1019);
  if (written.sig !== sig) return answer(1001);
  if (Math.abs(Date.now() / 1_000 - written.time) > 600) return answer(1021);
  if (numbers.length > 200) return answer(1046);
  if (numbers.some(domestic) && !numbers.every(domestic)) return answer(1034);
  if (written.sign !== TENCENT.signName) return answer(1012);
  if (template?.parameters !== written.params.length) return answer(1014);
  if (tooLong(written.params, template)) return answer(1036);
  if (hasAddress(written.params)) return answer(1048);
  const resultOf = (number: string): number => Number(refused.get(number) ?? 0);
  const taken = numbers.filter((number) => resultOf(number) === 0);
  if (taken.length > 0) take({ numbers: taken, params: written.params });
  const each = tels.map(({ nationcode, mobile }, index) => {
    const result = resultOf(`+${nationcode}${mobile}`);
    return { ...answer(result), nationcode, mobile, ...(result === 0 ? { sid: `8:${messages(index)}`, fee: 1 } : {}) };
  });
  return many ? { ...answer(0), detail: each } : each[0];
}
