/** Opsgenie's Alert API v2 over HTTP: what is done with an alert, by its alias, and how it is. */
import type { OpsgenieEndpoint } from '../../domain/channels.ts';
import type { NotifyReceipt } from '../contract.ts';
import { retryable } from '../errors.ts';
import { bodyOf, objectIn, objectOf, stranger } from './answer.ts';
import { call } from './http.ts';
import type { Answered, Call } from './http.ts';
import type { AlertAction } from './opsgenieAlert.ts';

export interface NamedOpsgenie {
  readonly name: string;
  readonly endpoint: OpsgenieEndpoint;
}

/** What is asked of Opsgenie. */
export interface AlertRequest {
  readonly action: AlertAction;
  /** The incident's id. */
  readonly alias: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const SUFFIX: Readonly<Record<Exclude<AlertAction, 'create'>, string>> = {
  acknowledge: '/acknowledge',
  unacknowledge: '/unacknowledge',
  close: '/close',
  note: '/notes',
};

/**
 * 202 has it, and does it soon: its `requestId` is the receipt's. 422 is for good, as other 4xx are, but for 401 and 403; 429
 * and 5xx are "later". Throws as `call` does, and PROVIDER_LOGIN_REFUSED, retryable. `timeout` in ms; `secrets` beside the endpoint's own.
 */
export async function request(
  named: NamedOpsgenie,
  { action, alias, body }: AlertRequest,
  { timeout, secrets }: { readonly timeout: number; readonly secrets: readonly string[] },
): Promise<NotifyReceipt> {
  const path = action === 'create' ? '' : `/${encodeURIComponent(alias)}${SUFFIX[action]}?identifierType=alias`;
  const answer = await call({ ...base(named, path, timeout, secrets), body: JSON.stringify(body) });
  const asked = { what: `Opsgenie ${named.name}`, path: `channels.opsgenie.${named.name}` };
  const { requestId } = objectIn(bodyOf(answer, asked)) ?? {};
  if (typeof requestId !== 'string') throw stranger(answer, 'Opsgenie', asked);
  return { providerId: requestId, detail: `${action}: ${answer.shown}` };
}

/**
 * The receipt of what Opsgenie has done already, by `GET /v2/alerts/{alias}`, which knows open alerts alone; null where it has
 * not, or cannot be told (a note). Throws as `call` does.
 */
export async function findDone(
  named: NamedOpsgenie,
  { action, alias }: AlertRequest,
  timeout: number,
): Promise<NotifyReceipt | null> {
  if (action === 'note') return null;
  const path = `/${encodeURIComponent(alias)}?identifierType=alias`;
  const { body } = await call({ ...base(named, path, timeout, []), method: 'GET' });
  const alert = objectOf(objectIn(body)?.['data']) ?? {};
  if (!isDone(action, alert)) return null;
  const state = alert['acknowledged'] === true ? 'acknowledged' : String(alert['status']);
  return {
    providerId: String(alert['id']),
    detail: `${action}: there already, as alert ${String(alert['tinyId'])}, ${state}`,
  };
}

function isDone(action: Exclude<AlertAction, 'note'>, { status, acknowledged }: Readonly<Record<string, unknown>>) {
  if (action === 'close') return status === 'closed';
  if (status !== 'open') return false;
  return action === 'create' || acknowledged === (action === 'acknowledge');
}

function base({ name, endpoint }: NamedOpsgenie, path: string, timeout: number, secrets: readonly string[]): Call {
  const what = `Opsgenie ${name}`;
  return {
    url: `${endpoint.url}/v2/alerts${path}`,
    headers: {
      authorization: `GenieKey ${endpoint.apiKey}`,
      'content-type': 'application/json',
      'user-agent': 'Tocsin',
    },
    allowPrivate: true,
    what,
    secrets: [endpoint.apiKey, ...secrets],
    timeout,
    refusal: ({ status, shown }: Answered) =>
      status === 401 || status === 403
        ? retryable(
            'PROVIDER_LOGIN_REFUSED',
            `${what} answered ${status}: ${shown} (put right channels.opsgenie.${name}.apiKey)`,
          )
        : undefined,
  };
}
