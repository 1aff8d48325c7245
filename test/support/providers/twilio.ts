/**
 * Twilio as its pages have it, on loopback: it takes calls and text messages, refuses what they refuse, can fail, limit, or
 * lose the answer after it took one, and calls back with its signature (twilioPhone.ts has who is called).
 * https://www.twilio.com/docs/voice/api/call-resource, https://www.twilio.com/docs/messaging/api/message-resource.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { HttpReaction, HttpServer, ReceivedRequest } from '../httpServer.ts';
import { startHttpServer } from '../httpServer.ts';
import { parseXml } from './xml.ts';

export type Form = Readonly<Record<string, string | readonly string[]>>;

/** What was asked for, as it was taken. */
export interface Taken {
  readonly sid: string;
  readonly form: Form;
  /** Milliseconds; tests may set it back. */
  createdAt: number;
  status: string;
}

/** What befalls one request: an error of Twilio's, the network's, or that it is taken and its answer is lost. */
export type Fault =
  | {
      readonly code: number;
      readonly status: number;
      readonly message?: string;
      readonly headers?: Record<string, string>;
    }
  | { readonly reaction: HttpReaction }
  | 'loseTheAnswer';

type Resource = 'Calls' | 'Messages';

export interface Answered {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

export interface Twilio {
  readonly server: HttpServer;
  /** For `channels.voice`, and with a number for `channels.sms`. */
  readonly account: {
    readonly provider: 'twilio';
    readonly accountSid: string;
    readonly authToken: string;
    readonly apiUrl: string;
  };
  /** The account's own number, capable of voice and SMS. */
  readonly number: string;
  readonly calls: readonly Taken[];
  readonly messages: readonly Taken[];
  /** Befalls the next request that would make one, then the one after it, and so on. */
  befall(resource: Resource, ...faults: readonly Fault[]): void;
  /** Numbers that it does not reach, by the code it refuses them with. */
  readonly refusedNumbers: Map<string, number>;
  /** Where the public address leads, as a proxy would. */
  lead(publicUrl: string, to: string): void;
  /** Calls back as Twilio does: a form, signed over the address as it was given. `account` and `token` for what is not this account's. */
  callBack(
    url: string,
    form: Form,
    options?: { readonly token?: string; readonly signature?: string },
  ): Promise<Answered>;
  /** A text from a phone to the account's number, at the address that is configured for it. */
  text(url: string, from: string, body: string, more?: Form): Promise<Answered>;
  stop(): Promise<void>;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const EVENTS = new Set(['initiated', 'ringing', 'answered', 'completed']);
/** Characters; https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource, `Twiml`. */
const TWIML_LIMIT = 4_000;
/** Characters; https://www.twilio.com/docs/api/errors/21617. */
const BODY_LIMIT = 1_600;

interface Refusal {
  readonly code: number;
  readonly status: number;
  readonly message: string;
}
const refusal = (code: number, message: string, status = 400): Refusal => ({ code, status, message });

export async function startTwilio(): Promise<Twilio> {
  const server = await startHttpServer();
  const accountSid = `AC${randomBytes(16).toString('hex')}`;
  const authToken = randomBytes(16).toString('hex');
  const number = '+15005550006';
  const taken: Record<Resource, Taken[]> = { Calls: [], Messages: [] };
  const faults: Record<Resource, Fault[]> = { Calls: [], Messages: [] };
  const refusedNumbers = new Map<string, number>();
  const leads: [string, string][] = [];
  const root = `/2010-04-01/Accounts/${accountSid}`;

  const take = (resource: Resource, request: ReceivedRequest): HttpReaction => {
    const fault = faults[resource].shift();
    if (typeof fault === 'object' && 'reaction' in fault) return fault.reaction;
    if (typeof fault === 'object') {
      return withHeaders(errorAnswer({ message: 'something is wrong', ...fault }), fault.headers);
    }
    const form = formOf(request.body);
    const refused = resource === 'Calls' ? refusedCall(form) : refusedMessage(form);
    if (refused !== null) return errorAnswer(refused);
    const to = textOf(form, 'To')!;
    const code = refusedNumbers.get(to);
    if (code !== undefined) return errorAnswer(refusal(code, `The number ${to} cannot be reached`));
    const sid = `${resource === 'Calls' ? 'CA' : 'SM'}${randomBytes(16).toString('hex')}`;
    const one: Taken = { sid, form, createdAt: Date.now(), status: 'queued' };
    taken[resource].push(one);
    return fault === 'loseTheAnswer' ? { instead: 'reset' } : json(201, represented(resource, one, null));
  };

  const refusedCall = (form: Form): Refusal | null => {
    const twiml = textOf(form, 'Twiml');
    const url = textOf(form, 'Url');
    const events = [form['StatusCallbackEvent'] ?? []].flat();
    const ring = Number(textOf(form, 'Timeout') ?? 60);
    if (url === undefined && twiml === undefined) return refusal(21205, 'Url parameter is required.');
    if (url !== undefined && !isPublic(url)) return refusal(21205, `Url is not a valid URL: ${url}`);
    if (twiml !== undefined && twiml.length > TWIML_LIMIT) {
      return refusal(21205, `Twiml is longer than ${TWIML_LIMIT} characters`);
    }
    for (const name of ['StatusCallback', 'AsyncAmdStatusCallback']) {
      const callback = textOf(form, name);
      if (callback !== undefined && !isPublic(callback)) return refusal(21609, `Invalid '${name}' URL: ${callback}`);
    }
    if (!events.every((event) => EVENTS.has(event))) return refusal(21626, 'Invalid statusCallbackEvent');
    if (!Number.isInteger(ring) || ring < 1 || ring > 600) return refusal(20001, 'Timeout is 1 to 600 seconds');
    if (!['Enable', 'DetectMessageEnd', undefined].includes(textOf(form, 'MachineDetection'))) {
      return refusal(20001, 'MachineDetection is Enable or DetectMessageEnd');
    }
    const to = refusedTo(form);
    if (to !== null) return to;
    if (textOf(form, 'From') === undefined) return refusal(21213, "No 'From' number is specified");
    if (textOf(form, 'From') !== number) return refusal(21210, "'From' phone number not verified");
    // Read when somebody answers; here only so that a test sees a document that is none where it was made.
    if (twiml !== undefined) parseXml(twiml);
    return null;
  };

  const refusedMessage = (form: Form): Refusal | null => {
    const body = textOf(form, 'Body');
    const service = textOf(form, 'MessagingServiceSid');
    const from = textOf(form, 'From');
    const callback = textOf(form, 'StatusCallback');
    const to = refusedTo(form);
    if (to !== null) return { ...to, code: to.code === 21201 ? 21604 : to.code };
    if (from === undefined && service === undefined) return refusal(21603, "A 'From' phone number is required.");
    if (from !== undefined && from !== number) return refusal(21606, "The 'From' phone number is not a valid one");
    if (service !== undefined && !/^MG[0-9a-f]{32}$/.test(service)) return refusal(21701, 'no such messaging service');
    if (body === undefined || body === '') return refusal(21602, 'Message body is required.');
    if (body.length > BODY_LIMIT)
      return refusal(21617, `The concatenated message body exceeds the ${BODY_LIMIT} character limit.`);
    if (callback !== undefined && !isPublic(callback))
      return refusal(21609, `Invalid 'StatusCallback' URL: ${callback}`);
    return null;
  };

  const list = (resource: Resource, path: string): HttpReaction => {
    const { searchParams } = new URL(path, 'http://twilio');
    const after = searchParams.get(resource === 'Calls' ? 'StartTime>' : 'DateSent>');
    const size = Number(searchParams.get('PageSize') ?? 50);
    const found = taken[resource]
      .filter(({ form }) => ['To', 'From'].every((name) => [null, form[name]].includes(searchParams.get(name))))
      .filter(({ createdAt }) => after === null || createdAt >= Date.parse(after))
      .toReversed()
      .slice(0, size);
    return json(200, {
      [resource.toLowerCase()]: found.map((one) => represented(resource, one, new Date(one.createdAt))),
      page: 0,
      page_size: size,
      start: 0,
      end: Math.max(0, found.length - 1),
      uri: path,
      first_page_uri: path,
      next_page_uri: null,
      previous_page_uri: null,
    });
  };

  const represented = (resource: Resource, { sid, form, status }: Taken, created: Date | null): object => ({
    sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    to: form['To'],
    from: form['From'] ?? null,
    status,
    direction: 'outbound-api',
    date_created: created?.toUTCString().replace('GMT', '+0000') ?? null,
    date_updated: null,
    price: null,
    price_unit: 'USD',
    uri: `${root}/${resource}/${sid}.json`,
    ...(resource === 'Calls'
      ? {
          answered_by: null,
          duration: null,
          start_time: null,
          end_time: null,
          parent_call_sid: null,
          phone_number_sid: null,
        }
      : {
          body: form['Body'],
          num_media: '0',
          num_segments: '1',
          error_code: null,
          error_message: null,
          messaging_service_sid: form['MessagingServiceSid'] ?? null,
        }),
  });

  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  server.answer('/', (request) => {
    if (request.headers.authorization !== expected) return errorAnswer(refusal(20003, 'Authenticate', 401));
    const resource = (['Calls', 'Messages'] as const).find(
      (each) => request.path.split('?')[0] === `${root}/${each}.json`,
    );
    if (resource === undefined)
      return errorAnswer(refusal(20404, `The requested resource ${request.path} was not found`, 404));
    if (request.method === 'GET') return list(resource, request.path);
    if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) {
      return errorAnswer(refusal(20001, 'Unsupported content type', 415));
    }
    return take(resource, request);
  });

  const callBack: Twilio['callBack'] = async (url, given, { token = authToken, signature } = {}) => {
    const form = { AccountSid: accountSid, ApiVersion: '2010-04-01', ...given };
    // A fragment overrides how Twilio connects, and is never sent; https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
    const [address = ''] = url.split('#', 1);
    const [from, to] = leads.find(([base]) => address.startsWith(base)) ?? ['', ''];
    const response = await fetch(to + address.slice(from.length), {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'x-twilio-signature': signature ?? signatureOf(token, address, form),
        'user-agent': 'TwilioProxy/1.1',
      },
      body: encoded(form),
    });
    return { status: response.status, contentType: response.headers.get('content-type'), body: await response.text() };
  };

  return {
    server,
    account: { provider: 'twilio', accountSid, authToken, apiUrl: server.url },
    number,
    calls: taken.Calls,
    messages: taken.Messages,
    befall: (resource, ...more) => void faults[resource].push(...more),
    refusedNumbers,
    lead: (publicUrl, to) => void leads.unshift([publicUrl, to]),
    callBack,
    text: (url, from, body, more = {}) => {
      const sid = `SM${randomBytes(16).toString('hex')}`;
      const ids = { MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, SmsStatus: 'received' };
      return callBack(url, { ...ids, From: from, To: number, Body: body, NumMedia: '0', NumSegments: '1', ...more });
    },
    stop: () => server.stop(),
  };
}

const refusedTo = (form: Form): Refusal | null => {
  const to = textOf(form, 'To');
  if (to === undefined) return refusal(21201, "No 'To' number is specified");
  return E164.test(to) ? null : refusal(21211, `The 'To' number ${to} is not a valid phone number.`);
};

/** Absolute, with a host's name or address and no underscore in it; https://www.twilio.com/docs/api/errors/21609. */
const isPublic = (url: string): boolean =>
  url.length <= 4_000 && URL.canParse(url) && /^https?:\/\/[A-Za-z\d.-]+(?::\d+)?\//.test(url);

const errorAnswer = ({ code, status, message }: Refusal): HttpReaction =>
  json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
const withHeaders = (reaction: HttpReaction, headers: Record<string, string> = {}): HttpReaction => ({
  ...reaction,
  headers: { ...reaction.headers, ...headers },
});
const json = (status: number, body: object): HttpReaction => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function formOf(body: string): Form {
  const parameters = new URLSearchParams(body);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

/** A parameter that was given once. */
export const textOf = (form: Form, name: string): string | undefined => {
  const value = form[name];
  return typeof value === 'string' ? value : undefined;
};

const pairsOf = (form: Form): [string, string][] =>
  Object.entries(form).flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each]));

export const encoded = (form: Form): string => new URLSearchParams(pairsOf(form)).toString();

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security: the address, then each name with its values, sorted, each value once. */
export function signatureOf(token: string, url: string, form: Form): string {
  const signed = Object.keys(form)
    .toSorted()
    .map((name) =>
      [...new Set([form[name]!].flat())]
        .toSorted()
        .map((value) => name + value)
        .join(''),
    );
  return createHmac('sha1', token)
    .update(url + signed.join(''))
    .digest('base64');
}
