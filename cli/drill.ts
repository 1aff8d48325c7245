/** `tocsin drill`: an incident marked DRILL goes its real way, and is told line by line until somebody has it, or the time is over. */
import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration, parseDuration } from '../domain/duration.ts';
import { TocsinError } from '../domain/errors.ts';
import type { IncidentView, LogEntryView, NotificationView } from '../domain/view.ts';
import { type ApiClient, apiClient } from './apiClient.ts';
import { listenForShutdown } from './shutdown.ts';

export interface DrillOptions {
  readonly service: string;
  readonly user?: string;
  readonly as?: string;
  /** A duration: how long it goes on where nobody acknowledges. */
  readonly for: string;
  /** `--no-wait`: it is begun, and left to itself. */
  readonly wait: boolean;
}

/** Milliseconds. */
const LOOKS_EVERY = 500;
/** The usual code of a process that SIGINT ended. */
const EXIT_FORCED = 130;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Resolves to the exit code: 0 where everything that was due by its end was sent, 1 where a message was not, or nobody was told.
 * Ctrl-C ends the drill, not only the telling of it. Throws BAD_REQUEST for what is no duration, and what `apiClient` throws.
 */
export async function drill(env: NodeJS.ProcessEnv, options: DrillOptions): Promise<number> {
  const { service, user, as, wait } = options;
  const lasts = parseDuration(options.for);
  if (lasts === undefined)
    throw new TocsinError('BAD_REQUEST', `--for: expected a duration such as 90s or 5m, found ${options.for}`);
  const api = apiClient(env);
  const { id } = await api.call<{ readonly id?: string }>('POST', '/v1/drills', {
    service,
    ...(user === undefined ? {} : { user }),
    ...(as === undefined ? {} : { as }),
  });
  if (id === undefined)
    throw new TocsinError(
      'NO_WORKER',
      'the drill is noted, and begins once a worker is back; GET /v1/incidents lists it',
    );
  say(`DRILL ${id}`);
  if (!wait) {
    say(`It goes on by itself. To end it: curl -X POST -H "Authorization: Bearer …" ${api.url}/v1/drills/${id}/end`);
    return 0;
  }
  say(`Until somebody acknowledges, or ${formatDuration(lasts)} are over; Ctrl-C ends it.\n`);
  const shutdown = listenForShutdown(env, { force: () => process.exit(EXIT_FORCED), reload: () => undefined });
  try {
    const ended = AbortSignal.any([shutdown.signal, AbortSignal.timeout(lasts)]);
    await follow(api, id, ended);
  } finally {
    await end(api, id);
    shutdown.dispose();
  }
  const { notifications } = await api.call<{ readonly notifications: readonly NotificationView[] }>(
    'GET',
    `/v1/incidents/${id}/notifications`,
  );
  return told(notifications);
}

/** Tells each entry of the timeline once, until it is acknowledged, resolved or exhausted. */
async function follow(api: ApiClient, id: string, ended: AbortSignal): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    const { status, exhausted } = await api.call<IncidentView>('GET', `/v1/incidents/${id}`);
    const { entries } = await api.call<{ readonly entries: readonly LogEntryView[] }>(
      'GET',
      `/v1/incidents/${id}/timeline`,
    );
    for (const entry of entries.filter((each) => !seen.has(each.id))) {
      seen.add(entry.id);
      say(`  ${entry.at.slice(11, 19)}  ${entry.text}`);
    }
    if (status === 'acknowledged' || status === 'resolved' || exhausted || ended.aborted) return;
    await sleep(LOOKS_EVERY, undefined, { signal: ended }).catch(() => undefined);
  }
}

/** Resolved, unless it is; whoever was told hears that it is over, as of any other incident. */
async function end(api: ApiClient, id: string): Promise<void> {
  const { status } = await api.call<IncidentView>('GET', `/v1/incidents/${id}`);
  if (status !== 'resolved') await api.call('POST', `/v1/drills/${id}/end`);
  say('\nThe drill is over.');
}

/** A line for each message, and what came of it. Those that were not due yet when it ended are no failure. */
function told(notifications: readonly NotificationView[]): number {
  say('\nWho was told:');
  const due = notifications.filter(({ attempts, status }) => attempts.length > 0 || status === 'failed');
  for (const { user, contact, channel, level, status, attempts } of due) {
    const last = attempts.at(-1);
    const why = [last?.code, last?.detail].filter((part) => part !== undefined).join(': ');
    const place = level === null ? '' : `level ${level}, `;
    say(`  ${user}, ${contact} (${channel})  ${place}${status}${why === '' ? '' : `  ${why}`}`);
  }
  if (due.length === 0) say('  nobody');
  const wentOut = due.every(({ status }) => status === 'sent' || status === 'delivered');
  return due.length > 0 && wentOut ? 0 : 1;
}
