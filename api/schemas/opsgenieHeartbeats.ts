/** Opsgenie's Heartbeat API (github.com/opsgenie/opsgenie-oas, definitions/heartbeat.yaml; https://docs.opsgenie.com/docs/heartbeat-api). */
import { z } from 'zod';
import { PRIORITIES } from '../../domain/commands.ts';
import { heartbeatId } from './heartbeats.ts';

const UNITS = ['minutes', 'hours', 'days'] as const;
export type IntervalUnit = (typeof UNITS)[number];

const interval = z.int().min(1).max(525_600).describe('A ping is due at least so often; a year at most');
const intervalUnit = z.enum(UNITS);
/** What may be left out, and may be null. The Go SDK writes tags as one text, and teams with empty members. */
const more = {
  description: z.string().max(10_000).nullish(),
  ownerTeam: z
    .looseObject({ id: z.string().nullish(), name: z.string().nullish() })
    .nullish()
    .describe('Noted, each cut at 255 characters'),
  alertMessage: z.string().max(1_024).nullish().describe('What its incident is called'),
  alertTags: z
    .union([z.array(z.string()), z.string()])
    .nullish()
    .describe('`event.details.tags` in routing rules: 20, each cut at 50 characters'),
  alertPriority: z.enum(PRIORITIES).nullish().describe('P3 where it is left out'),
};

export const heartbeatName = z.object({ name: heartbeatId });

export const newHeartbeat = z
  .looseObject({
    name: heartbeatId,
    interval,
    intervalUnit,
    enabled: z.boolean().nullish().describe('Not watched where it is left out'),
    ...more,
  })
  .meta({ examples: [{ name: 'backup', interval: 25, intervalUnit: 'hours', enabled: true }] });

export const changedHeartbeat = z
  .looseObject({
    interval: interval.nullish(),
    intervalUnit: intervalUnit.nullish(),
    enabled: z.boolean().nullish(),
    ...more,
  })
  .meta({ examples: [{ interval: 26 }] });

const every = { took: z.number(), requestId: z.string() };
const heartbeat = z.object({
  name: z.string(),
  description: z.string().optional(),
  interval: z.int(),
  intervalUnit,
  enabled: z.boolean(),
  expired: z.boolean(),
  ownerTeam: z.looseObject({}).optional(),
  alertMessage: z.string(),
  alertTags: z.array(z.string()),
  alertPriority: z.enum(PRIORITIES),
  lastPingTime: z.iso.datetime().optional(),
});
export const oneHeartbeat = z.object({ data: heartbeat, ...every });
export const allHeartbeats = z.object({ data: z.object({ heartbeats: z.array(heartbeat) }), ...every });
export const heartbeatMeta = z.object({
  data: z.object({ name: z.string(), enabled: z.boolean(), expired: z.boolean() }),
  ...every,
});
export const deletedHeartbeat = z.object({ result: z.literal('Deleted'), ...every });
export const pong = z.object({ result: z.literal('PONG - Heartbeat received'), ...every });
