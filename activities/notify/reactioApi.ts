/** Reactio's API (https://reactio.jp/development/api, wire-formats of https://github.com/gaiax/reactio-ruby-client): incidents, notifications and messages are made and listed, and never changed. */
import { ApplicationFailure } from '@temporalio/common';
import { seconds } from '../../domain/duration.ts';
import type { NotifyReceipt } from '../contract.ts';
import type { Destination } from './endpoint.ts';
import type { Answered, Call } from './http.ts';
import { call } from './http.ts';
import type { ReactioText } from './reactioText.ts';
import { bodyOf, objectIn, stranger, wrongSetting } from './answer.ts';

export type NamedReactio = Pick<Destination<'reactio'>, 'name' | 'endpoint'>;

/** By when an attempt is over (ms since the epoch), and what is kept out of what is told of an answer. */
export interface Secretly {
  readonly until: number;
  readonly secrets: readonly string[];
}

export interface Lookup extends Secretly {
  /** As ours are called there; all of one incident end alike. */
  readonly name: string;
  /** ISO 8601: none of ours is older. */
  readonly createdAt: string;
  /** ISO 8601: when the first attempt began of which nobody knows whether it was taken; null where there is none. */
  readonly mayHaveBeenSent: string | null;
}

/** An incident of Reactio that is ours. */
export interface Found {
  readonly id: string;
  /** Whether it may be of the attempt of which nobody knew: then this is its receipt. */
  readonly sinceThen: boolean;
  readonly receipt: NotifyReceipt;
}

/** Milliseconds, and no more than half of what is left: an answer is still to be sent after it. */
const ASK_TIMEOUT = 2_500;
/** The clocks of two systems differ. */
const CLOCKS_DIFFER = seconds(15);
const PER_PAGE = 100;
const PAGES = 10;

/** Opens an incident: everybody of the project is told, and called where it is configured so. */
export async function create(
  to: NamedReactio,
  { name, spoken, html }: ReactioText,
  how: Secretly,
): Promise<NotifyReceipt> {
  const { detection, call: rings } = to.endpoint;
  const body = { name, status: 'open', detection, notification_text: spoken, notification_call: rings, message: html };
  const answer = await request(to, { path: 'incidents', body }, how);
  return receiptOf(idIn(answer, to), answer);
}

/** Tells everybody again of an incident that is there. */
export async function ring(
  to: NamedReactio,
  incident: string,
  { spoken }: ReactioText,
  how: Secretly,
): Promise<NotifyReceipt> {
  const body = { incident_id: Number(incident), notification_text: spoken, notification_call: to.endpoint.call };
  const answer = await request(to, { path: 'notifications', body }, how);
  idIn(answer, to);
  return receiptOf(incident, answer);
}

/** A message in the timeline of one that is there; nobody is called. */
export async function say(
  to: NamedReactio,
  incident: string,
  { html }: ReactioText,
  how: Secretly,
): Promise<NotifyReceipt> {
  const answer = await request(to, { path: 'messages', body: { incident_id: Number(incident), message: html } }, how);
  if (objectIn(answer.body) === undefined) throw stranger(answer, 'Reactio', askedOf(to));
  return receiptOf(incident, answer);
}

/**
 * The latest of ours that Reactio holds; null where there is none. Throws as `request` does; but where nothing is in doubt, a
 * question that fails is as if it had found none: a page that rings twice is better than one that does not ring.
 */
export async function find(to: NamedReactio, lookup: Lookup): Promise<Found | null> {
  const { mayHaveBeenSent } = lookup;
  const doubted = mayHaveBeenSent === null ? null : Date.parse(mayHaveBeenSent) - CLOCKS_DIFFER;
  try {
    const ours = await listed(to, lookup);
    const latest = ours.toSorted((a, b) => a.createdAt - b.createdAt).at(-1);
    if (latest === undefined) return null;
    const { id, createdAt } = latest;
    const receipt = { providerId: id, conversation: id, detail: 'asked, Reactio has it' };
    return { id, sinceThen: doubted !== null && createdAt >= doubted, receipt };
  } catch (error) {
    if (doubted === null && error instanceof ApplicationFailure) return null;
    throw error;
  }
}

interface Listed {
  readonly id: string;
  /** ms since the epoch. */
  readonly createdAt: number;
}

/** Those whose name has our mark, from all pages. */
async function listed(to: NamedReactio, { name, createdAt, until, secrets }: Lookup): Promise<readonly Listed[]> {
  const mark = name.slice(name.lastIndexOf('['));
  const from = Math.floor((Date.parse(createdAt) - CLOCKS_DIFFER) / 1_000);
  const now = Date.now();
  const asking: Secretly = { until: now + Math.min(ASK_TIMEOUT, (until - now) / 2), secrets };
  const seen = new Set<string>();
  const ours: Listed[] = [];
  for (let page = 1; page <= PAGES; page += 1) {
    const path = `incidents?from=${from}&page=${page}&per_page=${PER_PAGE}`;
    const read = objectIn((await request(to, { path }, asking)).body);
    const incidents = (Array.isArray(read) ? read : []) as readonly Readonly<Record<string, unknown>>[];
    const fresh = incidents.filter(({ id }) => !seen.has(String(id)));
    // A server that knows no pages gives the same for each.
    if (fresh.length === 0) break;
    for (const { id, name: called, created_at: at } of fresh) {
      seen.add(String(id));
      if (typeof called === 'string' && called.endsWith(mark)) {
        ours.push({ id: String(id), createdAt: Number(at) * 1_000 });
      }
    }
  }
  return ours;
}

/** Throws as `call` does, and PROVIDER_LOGIN_REFUSED, retryable. */
async function request(
  to: NamedReactio,
  { path, body }: { readonly path: string; readonly body?: object },
  { until, secrets }: Secretly,
): Promise<Answered> {
  const { url, apiKey } = to.endpoint;
  const asked = askedOf(to);
  const wanted: Pick<Call, 'method' | 'body'> =
    body === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) };
  const answer = await call({
    ...wanted,
    url: `${url}/api/v1/${path}`,
    headers: { accept: 'application/json', 'content-type': 'application/json', 'x-api-key': apiKey },
    allowPrivate: true,
    what: asked.what,
    secrets: [apiKey, ...secrets],
    refusal: (refused) => (refused.status === 401 ? wrongSetting(refused, 'apiKey', asked) : undefined),
    timeout: Math.max(1, Math.floor(until - Date.now())),
  });
  bodyOf(answer, asked);
  return answer;
}

const askedOf = ({ name }: NamedReactio) => ({
  what: `Reactio organization ${name}`,
  path: `channels.reactio.${name}`,
});

const receiptOf = (id: string, { status, shown }: Answered): NotifyReceipt => ({
  providerId: id,
  conversation: id,
  detail: `${status}: ${shown}`,
});

/** Throws, retryable, where it is no answer of Reactio's. */
function idIn(answer: Answered, to: NamedReactio): string {
  const id = objectIn(answer.body)?.['id'];
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id);
  throw stranger(answer, 'Reactio', askedOf(to));
}
