/** What is asked of heartbeats and answered: /heartbeats and /v1/heartbeats (interfaces §4, §5). */
import { z } from 'zod';
import { duration } from '../../config/schema/parts.ts';
import { severitySchema } from './incident.ts';
import { limit, text } from './requests.ts';

const NAME = 'a name of 1 to 200 characters on one line was expected';
/** No control character (`\p{Cc}`), written so that every reader of the OpenAPI document knows it. */
const ONE_LINE = new RegExp(String.raw`^[^\u0000-\u001f\u007f-\u009f]{1,200}$`, 'u');

export const heartbeatId = z.string().regex(ONE_LINE, { error: NAME }).describe('Its name: 1 to 200 characters');

export const beatAddress = z.object({
  key: z.string().describe('The routing key of an integration of source heartbeat; a secret'),
  id: heartbeatId,
});

/** A misspelt interval must not be silently without effect. */
export const beatQuery = z.strictObject({
  every: duration('1s', '365d')
    .optional()
    .describe('A beat is due at least so often, such as 5m; needed where the configuration says no interval'),
  grace: duration('0s', '365d').optional().describe('How late it may be, such as 1m'),
});

const integration = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'the id of an integration was expected' });
export const heartbeatAddress = z.object({
  integration: integration.describe("Its integration's id"),
  id: heartbeatId,
});

export const heartbeatQuery = z.strictObject({
  integration: integration.optional().describe('Of this integration alone'),
  limit: limit.default(100),
  cursor: text(10_000).optional().describe('`nextCursor` of the page before'),
});

const moment = z.iso.datetime().describe('ISO 8601, UTC');

export const heartbeat = z.object({
  integration: z.string(),
  id: z.string().describe('Its name'),
  status: z
    .enum(['waiting', 'alive', 'silent', 'disabled', 'over'])
    .describe('waiting: for its first beat. over: its incident is being told that it is not watched any more'),
  every: z.string().describe('A beat is due at least so often, such as 5m'),
  grace: z.string().describe('How late it may be'),
  severity: severitySchema.describe('Of its incident'),
  origin: z.enum(['configuration', 'beat', 'opsgenie']).describe('Who says so'),
  watchedSince: moment,
  lastBeat: moment.nullable(),
  deadline: moment.nullable().describe('Silent from then on; null while it is disabled'),
  beats: z.int().describe('Those of one moment are one'),
  dedupKey: z.string().describe('Of its incident'),
});
export const heartbeatList = z.object({ heartbeats: z.array(heartbeat), nextCursor: z.string().nullable() });
