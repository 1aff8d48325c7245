/** What is said of a heartbeat: to its incident, in lists, and in the Temporal UI. */
import { escape } from './details.ts';
import type { Instant } from './duration.ts';
import { formatDuration } from './duration.ts';
import type { Severity, SourceEvent } from './event.ts';
import type { HeartbeatName, HeartbeatOrigin, HeartbeatSettings, HeartbeatState } from './heartbeat.ts';
import { heartbeatDeadline } from './heartbeat.ts';
import { dayAndClock } from './naming.ts';

/** The dedup key of its incident, in its integration: never that of an alert of another kind, whatever it is called. */
export const heartbeatDedupKey = (name: string): string => `heartbeat/${name}`;

export function heartbeatEvent(state: HeartbeatState, word: 'trigger' | 'resolve'): SourceEvent {
  const { name, settings, lastBeat, away, over, enabled, silentSince } = state;
  const event = { dedupKey: heartbeatDedupKey(name), source: name, class: 'heartbeat' } as const;
  if (word === 'resolve') return { ...event, action: 'resolve', summary: ended({ name, over, enabled }) };
  const { every, grace, severity, priority, summary, details } = settings;
  const heard = lastBeat === null ? 'it never beat' : `its last beat was at ${dayAndClock(lastBeat)}`;
  return {
    ...event,
    action: 'trigger',
    severity,
    ...(priority === null ? {} : { priority }),
    summary: summary ?? `${name} is silent: ${heard}, and one is due every ${formatDuration(every)}`,
    details: {
      ...details,
      heartbeat: name,
      every: formatDuration(every),
      grace: formatDuration(grace),
      'last beat': lastBeat === null ? 'never' : dayAndClock(lastBeat),
      'due at': silentSince === null ? null : dayAndClock(silentSince),
      ...(away.length === 0
        ? {}
        : { 'Tocsin was away': away.map(({ from, to }) => `${dayAndClock(from)} to ${dayAndClock(to)}`).join(', ') }),
    },
  };
}

function ended({ name, over, enabled }: Pick<HeartbeatState, 'name' | 'over' | 'enabled'>): string {
  if (over !== null) return `${name} is not watched any more: ${over}`;
  return enabled ? `${name} is in time again` : `${name} is not watched: it is disabled`;
}

/** `waiting`: for its first beat. */
export type HeartbeatStatus = 'waiting' | 'alive' | 'silent' | 'disabled' | 'over';

/** A heartbeat as it is shown: instants in ISO 8601, durations as they are written. */
export interface HeartbeatView extends HeartbeatName {
  readonly status: HeartbeatStatus;
  readonly origin: HeartbeatOrigin;
  readonly every: string;
  readonly grace: string;
  readonly severity: Severity;
  readonly lastBeat: string | null;
  /** When it is silent, if no beat comes; or was, as it fell silent. */
  readonly deadline: string | null;
  readonly watchedSince: string;
  readonly beats: number;
  readonly written: HeartbeatSettings['written'];
}

const iso = (at: Instant | null): string | null => (at === null ? null : new Date(at).toISOString());

function statusOf({ over, enabled, silentSince, lastBeat }: HeartbeatState): HeartbeatStatus {
  if (over !== null) return 'over';
  if (!enabled) return 'disabled';
  if (silentSince !== null) return 'silent';
  return lastBeat === null ? 'waiting' : 'alive';
}

export function heartbeatView(state: HeartbeatState): HeartbeatView {
  const { integration, name, origin, settings, lastBeat, watchedSince, beats } = state;
  return {
    integration,
    name,
    status: statusOf(state),
    origin,
    every: formatDuration(settings.every),
    grace: formatDuration(settings.grace),
    severity: settings.severity,
    lastBeat: iso(lastBeat),
    deadline: iso(heartbeatDeadline(state)),
    watchedSince: new Date(watchedSince).toISOString(),
    beats,
    written: settings.written,
  };
}

/** "alive; due by 2026-12-01 10:02:11 UTC": the truth of it in one line. */
export function heartbeatSentence(state: HeartbeatState): string {
  const { over, silentSince, away } = state;
  if (over !== null) return `not watched any more: ${over}`;
  const deadline = heartbeatDeadline(state);
  if (deadline === null) return 'disabled';
  if (silentSince !== null) return `silent: a beat was due by ${dayAndClock(silentSince)}`;
  const spared = away.length === 0 ? '' : '; Tocsin was away at its deadline, and it has an interval anew';
  return `${statusOf(state)}; a beat is due by ${dayAndClock(deadline)}${spared}`;
}

/** What one who opens it in the Temporal UI reads first, in Markdown. */
export function heartbeatDetails(state: HeartbeatState): string {
  const { name, integration, settings, lastBeat, beats, origin } = state;
  const set = { configuration: 'the configuration', beat: 'the address it beats at', opsgenie: "Opsgenie's API" };
  return [
    `## ${escape(name)}`,
    `**${statusOf(state).toUpperCase()}**: ${escape(heartbeatSentence(state))}`,
    `A beat every ${formatDuration(settings.every)}, with ${formatDuration(settings.grace)} of grace, as ${set[origin]} says · integration ${escape(integration)}`,
    `Last beat: ${lastBeat === null ? 'none yet' : dayAndClock(lastBeat)} · ${beats === 1 ? '1 beat' : `${beats} beats`}`,
    `Its incident has the dedup key \`${heartbeatDedupKey(name).replaceAll('`', "'")}\``,
  ].join('\n\n');
}
