/** A heartbeat as Opsgenie's clients write it, what that makes of it, and as they read it again. */
import type { Priority } from '../../domain/commands.ts';
import { days, milliseconds, minutes } from '../../domain/duration.ts';
import type { HeartbeatSettings } from '../../domain/heartbeat.ts';
import type { HeartbeatView } from '../../domain/heartbeatTelling.ts';
import { cut } from '../../domain/text.ts';
import { textOf } from '../../intake/members.ts';
import type { IntervalUnit } from '../schemas/opsgenieHeartbeats.ts';
import { SEVERITY_OF } from '../sources/opsgenie.ts';

/** What it is kept as. */
export interface WrittenHeartbeat extends Readonly<Record<string, unknown>> {
  readonly interval: number;
  readonly intervalUnit: IntervalUnit;
  readonly description?: string;
  readonly ownerTeam?: Readonly<Record<string, unknown>>;
  readonly alertMessage?: string;
  readonly alertTags?: readonly string[];
  readonly alertPriority?: Priority;
}

/** What a request says of one; null is as if it were left out. */
interface Asked {
  readonly interval?: number | null | undefined;
  readonly intervalUnit?: IntervalUnit | null | undefined;
  readonly description?: string | null | undefined;
  readonly ownerTeam?: Readonly<Record<string, unknown>> | null | undefined;
  readonly alertMessage?: string | null | undefined;
  readonly alertTags?: readonly string[] | string | null | undefined;
  readonly alertPriority?: Priority | null | undefined;
}

const UNITS: Readonly<Record<IntervalUnit, number>> = { minutes: minutes(1), hours: minutes(60), days: days(1) };
/** As that of every heartbeat (config/schema/heartbeats.ts). */
const LONGEST = days(365);
/** Opsgenie's own limits of an alert's tags, and characters of a team's id and name: a list carries them all. */
const MAX_TAGS = 20;
const MAX_TAG = 50;
const MAX_TEAM = 255;
/** Opsgenie's default. */
const PRIORITY: Priority = 'P3';

/** What is written, with what is asked in its place. */
export function writtenWith(before: WrittenHeartbeat, asked: Asked): WrittenHeartbeat {
  const { interval, intervalUnit, description, ownerTeam, alertMessage, alertTags, alertPriority } = asked;
  const tags = typeof alertTags === 'string' ? alertTags.split(',') : alertTags;
  return {
    ...before,
    interval: interval ?? before.interval,
    intervalUnit: intervalUnit ?? before.intervalUnit,
    ...(textOf(description) !== undefined && { description: textOf(description) }),
    ...(textOf(alertMessage) !== undefined && { alertMessage: textOf(alertMessage) }),
    ...(tags && { alertTags: tags.flatMap((tag) => shortOf(tag, MAX_TAG) ?? []).slice(0, MAX_TAGS) }),
    ...(alertPriority && { alertPriority }),
    ...(ownerTeam && { ownerTeam: teamIn(ownerTeam) }),
  } as WrittenHeartbeat;
}

const teamIn = ({ id, name }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
  ...(textOf(id) !== undefined && { id: shortOf(id, MAX_TEAM) }),
  ...(textOf(name) !== undefined && { name: shortOf(name, MAX_TEAM) }),
});

function shortOf(value: unknown, limit: number): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : cut(text, limit);
}

/** Undefined where its interval is longer than a year. */
export function settingsOf(written: WrittenHeartbeat): HeartbeatSettings | undefined {
  const { interval, intervalUnit, description, alertMessage, alertTags = [], alertPriority = PRIORITY } = written;
  const every = milliseconds(interval * UNITS[intervalUnit]);
  if (every > LONGEST) return undefined;
  return {
    every,
    grace: milliseconds(0),
    severity: SEVERITY_OF[alertPriority],
    priority: alertPriority,
    summary: alertMessage ?? null,
    details: {
      ...(description !== undefined && { description: cut(description, 1_024) }),
      ...(alertTags.length > 0 && { tags: alertTags }),
    },
    written,
  };
}

export function heartbeatMetaJson({ name, status }: Pick<HeartbeatView, 'name' | 'status'>) {
  return { name, enabled: status !== 'disabled', expired: status === 'silent' };
}

export function heartbeatJson(view: HeartbeatView) {
  const { name, lastBeat } = view;
  const { alertMessage = `${name} is expired`, alertTags = [], alertPriority = PRIORITY, ...rest } = writtenIn(view);
  return {
    ...rest,
    ...heartbeatMetaJson(view),
    alertMessage,
    alertTags,
    alertPriority,
    ...(lastBeat !== null && { lastPingTime: lastBeat }),
  };
}

/** One that Opsgenie's API made has nothing else. */
export const writtenIn = ({ written }: HeartbeatView): WrittenHeartbeat => written as unknown as WrittenHeartbeat;
