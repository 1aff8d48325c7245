/**
 * One HTTP request to a channel's provider, and what its failure means (RFC 9110). A connection for each: on a kept one a
 * request may be lost unseen, and could not be told from one that the provider took and did not answer for.
 */
import { ApplicationFailure } from '@temporalio/common';
import { buildConnector, Client } from 'undici';
import type { Milliseconds } from '../../domain/duration.ts';
import { days } from '../../domain/duration.ts';
import { TocsinError } from '../../domain/errors.ts';
import { cut, oneLine } from '../../domain/text.ts';
import { retryable, terminal, unknown } from '../errors.ts';
import { publicConnector } from '../../network/privateNetworks.ts';

export interface Call {
  /** POST where absent. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** None where absent. */
  readonly body?: string;
  /** Whether the address may be in a network that is not public. */
  readonly allowPrivate: boolean;
  /** Names the endpoint in a failure, for its address may be a secret: `webhook ops-bus`. */
  readonly what: string;
  /** Kept out of what is told of the answer, beside the address. */
  readonly secrets: readonly string[];
  /** Milliseconds for everything, from the look-up of the host's name to the end of the answer. */
  readonly timeout?: number;
  /** Bytes of the answer that are kept; 64 KiB where absent. */
  readonly kept?: number;
  /**
   * What an answer outside of 200 to 299 means, where the provider's page says more of it than its status does: what it
   * gives is thrown. Undefined: what the status says. `after`: what `Retry-After` asks for.
   */
  readonly refusal?: (answer: Answered, after: Milliseconds | undefined) => ApplicationFailure | undefined;
}

export interface Answered {
  readonly status: number;
  /** As it came, as much as is kept; null where it broke off. */
  readonly body: string | null;
  /** The body as it may be shown: one line, 300 characters, no secrets. */
  readonly shown: string;
}

/** An attempt ends by itself before its start-to-close timeout of 10 s. */
export const CALL_TIMEOUT = 8_500;
const BODY_LIMIT = 65_536;
const SHOWN_LIMIT = 300;
/** "Not now" (RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4); of 500 and above all say so. */
const LATER: readonly number[] = [408, 425, 429];
/** Requests to one endpoint at once, of this process: one that does not answer must leave the others of its channel their turn. */
const AT_ONCE = 100;
/** How many are under way, by what the endpoint is called and its address without the query, which may hold a signature. */
const requestsTo = new Map<string, number>();

/**
 * Resolves with an answer of 200 to 299. Throws, terminal: ADDRESS_PRIVATE, PROVIDER_REFUSED; retryable: PROVIDER_BUSY,
 * with `after` where `Retry-After` says so, or where too many are under way, PROVIDER_UNREACHABLE; unknown: PROVIDER_SILENT;
 * and what `refusal` makes of an answer. Redirects are not followed.
 */
export async function call(request: Call): Promise<Answered> {
  const { method = 'POST', url, what, headers, body = null, timeout = CALL_TIMEOUT } = request;
  const signal = AbortSignal.timeout(timeout);
  const { origin, pathname, search } = new URL(url);
  const endpoint = `${what} ${origin}${pathname}`;
  const underWay = requestsTo.get(endpoint) ?? 0;
  if (underWay >= AT_ONCE) {
    throw retryable('PROVIDER_BUSY', `${what}: ${AT_ONCE} requests to it wait for an answer already`);
  }
  requestsTo.set(endpoint, underWay + 1);
  const connect = connectorOf(request);
  const client = new Client(origin, { connect: connect.connector });
  const scrub = scrubber(request);
  try {
    const response = await client.request({ method, path: pathname + search, headers, body, signal });
    const text = await read(response.body, request.kept ?? BODY_LIMIT);
    const shown = cut(oneLine(scrub(text ?? '')), SHOWN_LIMIT);
    const answer = { status: response.statusCode, body: text, shown };
    if (answer.status >= 200 && answer.status < 300) return answer;
    const after = readRetryAfter(response.headers['retry-after'], Date.now());
    throw request.refusal?.(answer, after) ?? refused(request, answer, after);
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    const why = signal.aborted ? new Error(`no answer within ${timeout} ms`) : error;
    throw broken(request, why, connect.connected, scrub);
  } finally {
    void client.destroy();
    const left = (requestsTo.get(endpoint) ?? 1) - 1;
    if (left > 0) requestsTo.set(endpoint, left);
    else requestsTo.delete(endpoint);
  }
}

/** Knows whether a connection was made: from then on the provider may have the request. */
export function connectorOf({ allowPrivate, timeout = CALL_TIMEOUT }: Pick<Call, 'allowPrivate' | 'timeout'>) {
  const base = allowPrivate ? buildConnector({ timeout }) : publicConnector({ timeout });
  const state: { connected: boolean; connector: buildConnector.connector } = {
    connected: false,
    connector: (target, done) =>
      base(target, (...outcome) => {
        state.connected ||= outcome[0] === null;
        done(...outcome);
      }),
  };
  return state;
}

/** Null where the answer breaks off, or takes too long. More than is kept is not waited for. */
async function read(body: AsyncIterable<Buffer>, kept: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= kept) break;
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks).subarray(0, kept).toString('utf8');
}

function refused({ what }: Call, { status, shown }: Answered, after: Milliseconds | undefined): ApplicationFailure {
  const detail = `${what} answered ${status}${shown === '' ? '' : `: ${shown}`}`;
  if (status < 400) {
    return terminal('PROVIDER_REFUSED', `${detail} (redirects are not followed: give the address it leads to)`);
  }
  if (status < 500 && !LATER.includes(status)) return terminal('PROVIDER_REFUSED', detail);
  return retryable('PROVIDER_BUSY', detail, after === undefined ? {} : { after });
}

function broken(
  { what }: Call,
  error: unknown,
  connected: boolean,
  scrub: (text: string) => string,
): ApplicationFailure {
  const { message } = error as Error;
  const detail = `${what}: ${scrub(message)}`;
  if (error instanceof TocsinError && error.code === 'ADDRESS_PRIVATE') return terminal('ADDRESS_PRIVATE', detail);
  return connected ? unknown('PROVIDER_SILENT', detail) : retryable('PROVIDER_UNREACHABLE', detail);
}

/**
 * `Retry-After` in milliseconds from `now`: seconds, or an HTTP date (RFC 9110 §10.2.3). Undefined for what is neither; at
 * most a day, for how long it is waited is the incident's to say.
 */
export function readRetryAfter(value: unknown, now: number): Milliseconds | undefined {
  if (typeof value !== 'string') return undefined;
  const asked = /^\d+$/.test(value) ? Number(value) * 1_000 : HTTP_DATE.test(value) ? Date.parse(value) - now : NaN;
  return Number.isNaN(asked) ? undefined : (Math.min(days(1), Math.max(0, asked)) as Milliseconds);
}

const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** A provider, or an error of the network, may echo what it was called with. */
function scrubber({ url, secrets }: Call): (text: string) => string {
  const { pathname, search, searchParams } = new URL(url);
  // Of an address its end by itself too: where the slashes are escaped, as some write JSON, it is not found whole.
  const ends = secrets.map((secret) => secret.slice(secret.lastIndexOf('/') + 1));
  const hidden = [url, ...secrets, ...ends, pathname + search, ...searchParams.values(), pathname].filter(
    (text) => text.length > 3,
  );
  return (text) => hidden.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
