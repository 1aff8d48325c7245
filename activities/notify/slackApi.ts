/** One call of Slack's Web API by its own library, and what its failure means (https://docs.slack.dev/apis/web-api). */
import { ApplicationFailure } from '@temporalio/common';
import type * as slackLibrary from '@slack/web-api';
import { Agent, fetch } from 'undici';
import type { SlackChannel } from '../../domain/channels.ts';
import { days, milliseconds } from '../../domain/duration.ts';
import { retryable, terminal, unknown } from '../errors.ts';
import { CALL_TIMEOUT, connectorOf } from './http.ts';

type Library = typeof slackLibrary;
type Logger = slackLibrary.Logger;
export type SlackMethod = 'chat.postMessage' | 'chat.update';

/** Where a message stands. */
export interface Posted {
  readonly channel: string;
  readonly ts: string;
}

/** The message is not there any more, or nobody may change it any more: another takes its place. */
const GONE: ReadonlySet<string> = new Set([
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'edit_window_closed',
]);
/** The operator's to mend, and mended while the incident is open. */
const LOGIN: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'org_login_required',
  'team_access_not_granted',
  'access_denied',
]);
/** Whoever is written to is not there for this app. */
const ADDRESS: ReadonlySet<string> = new Set([
  'channel_not_found',
  'user_not_found',
  'is_archived',
  'not_in_channel',
  'cannot_dm_bot',
  'messages_tab_disabled',
]);
const LATER: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);
/** What Slack's errors look like; anything else is not Slack's. */
const ERROR = /^[a-z][a-z_]{2,80}$/;

/**
 * Calls `method`; null where the message that it changes or answers is gone. Throws, terminal: ADDRESS_REFUSED,
 * PROVIDER_REFUSED; retryable: PROVIDER_LOGIN_REFUSED, PROVIDER_BUSY, with `after` where Slack says so, PROVIDER_UNREACHABLE;
 * unknown: PROVIDER_SILENT. The library retries nothing. `timeout` in milliseconds.
 */
export async function callSlack(
  { botToken, apiUrl }: SlackChannel,
  method: SlackMethod,
  what: Readonly<Record<string, unknown>>,
  timeout = CALL_TIMEOUT,
): Promise<Posted | null> {
  const library = await import('@slack/web-api');
  const connection = connectorOf({ allowPrivate: true, timeout });
  const dispatcher = new Agent({ connect: connection.connector });
  let status: number | undefined;
  const watched = async (url: string, init: object) => {
    const response = await fetch(url, { ...init, redirect: 'manual', dispatcher });
    status = response.status;
    return response;
  };
  const client = new library.WebClient(botToken, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logger: SILENT,
    fetch: watched as unknown as NonNullable<slackLibrary.WebClientOptions['fetch']>,
  });
  try {
    return postedBy(await client.apiCall(method, what));
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    return failed(library, error, { connected: connection.connected, status, hidden: botToken });
  } finally {
    void dispatcher.destroy();
  }
}

function postedBy(answer: slackLibrary.WebAPICallResult): Posted {
  const { channel, ts } = answer as { channel?: unknown; ts?: unknown };
  if (typeof channel === 'string' && typeof ts === 'string') return { channel, ts };
  throw retryable('PROVIDER_UNREACHABLE', `${NOT_SLACK}: its answer names no message`);
}

const NOT_SLACK = 'is it Slack that answers at channels.slack.apiUrl?';

function failed(
  library: Library,
  error: unknown,
  { connected, status, hidden }: { connected: boolean; status: number | undefined; hidden: string },
): null {
  const detail = `Slack: ${(error as Error).message.replaceAll(hidden, '***')}`;
  if (error instanceof library.WebAPIPlatformError) return refused(error);
  if (error instanceof library.WebAPIRateLimitedError) {
    const after = milliseconds(Math.min(days(1), error.retryAfter * 1_000));
    throw retryable('PROVIDER_BUSY', `${detail} (about one message a second a channel)`, { after });
  }
  if (error instanceof library.WebAPIHTTPError || status === 429) {
    const answered = `Slack answered ${status ?? 'with an error'}`;
    if (status === 429 || (status ?? 0) >= 500) throw retryable('PROVIDER_BUSY', answered);
    throw retryable('PROVIDER_UNREACHABLE', `${answered} (${NOT_SLACK})`);
  }
  if (!connected) throw retryable('PROVIDER_UNREACHABLE', detail);
  throw unknown('PROVIDER_SILENT', detail);
}

/** `ok: false` comes with status 200. */
function refused({ data }: InstanceType<Library['WebAPIPlatformError']>): null {
  const { error, response_metadata: more } = data;
  if (!ERROR.test(error)) throw retryable('PROVIDER_UNREACHABLE', `its answer is no answer of Slack's (${NOT_SLACK})`);
  if (GONE.has(error)) return null;
  const why = more?.messages?.join('; ') ?? '';
  const detail = `Slack answered ${error}${why === '' ? '' : `: ${why}`}`;
  if (LOGIN.has(error)) throw retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right channels.slack.botToken)`);
  if (LATER.has(error)) throw retryable('PROVIDER_BUSY', detail);
  throw terminal(ADDRESS.has(error) ? 'ADDRESS_REFUSED' : 'PROVIDER_REFUSED', detail);
}

/** What it would log is in the failure. */
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as ReturnType<Logger['getLevel']>,
  setName: () => undefined,
};
