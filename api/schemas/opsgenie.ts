/**
 * Opsgenie's Alert API v2, as it is taken and answered here (github.com/opsgenie/opsgenie-oas, definitions/alert.yaml).
 * Members that clients leave out may be null, for some write them so; others are passed over, as there.
 */
import { z } from 'zod';
import { PRIORITIES } from '../../domain/commands.ts';

const A_TEXT = 'a text that is not blank was expected';
const text = z.string({ error: A_TEXT }).regex(/\S/, { error: A_TEXT });
const optional = z.string().nullish();

/** What the body of every action has. */
export const acting = {
  user: optional.describe('Who asks: a user’s id or e-mail address; for any other, the monitoring source acts'),
  note: optional.describe('Stands in the timeline'),
  source: optional,
};

const recipient = z.looseObject({
  type: z.enum(['user', 'team', 'escalation', 'schedule', 'all', 'none', 'group', 'teams']).nullish(),
  id: optional,
  name: optional,
  username: optional,
});

export const newAlert = z
  .looseObject({
    message: text.describe('Cut at 1,024 characters'),
    alias: optional.describe('Its dedup key; one is made up where there is none'),
    description: optional,
    responders: z.array(recipient).nullish().describe('Noted; who is told, routing and the escalation policy decide'),
    visibleTo: z.array(recipient).nullish().describe('Noted'),
    actions: z.array(z.string()).nullish(),
    tags: z.array(z.string()).nullish().describe('`event.details.tags` in routing rules'),
    details: z.record(z.string(), z.unknown()).nullish(),
    entity: optional,
    priority: z.enum(PRIORITIES).nullish(),
    ...acting,
  })
  .meta({ examples: [{ message: 'disk of db1 is full', alias: 'db1/disk', priority: 'P1', tags: ['critical'] }] });

export const anAction = z.looseObject(acting);

export const identified = z.object({ identifier: z.string().describe('The alert’s id, alias or tiny id') });
export const identifierType = z
  .enum(['id', 'alias', 'tiny'])
  .default('id')
  .describe('What the identifier is: an alias is of an open alert');
export const anAlert = z.object({ identifierType });
/** Without a body, it is said in the address. */
export const inAddress = z.object({
  user: z.string().optional(),
  note: z.string().optional(),
  source: z.string().optional(),
});

const every = { took: z.number(), requestId: z.string() };
export const accepted = z.object({ result: z.literal('Request will be processed'), ...every });
export const failed = z.object({
  message: z.string(),
  code: z.int().optional(),
  errors: z.record(z.string(), z.string()).optional(),
  ...every,
});

export const requestStatus = z.object({
  data: z.object({
    success: z.boolean(),
    isSuccess: z.boolean(),
    action: z.string(),
    processedAt: z.iso.datetime(),
    integrationId: z.string(),
    status: z.string(),
    alertId: z.string(),
    alias: z.string(),
  }),
  ...every,
});

/** Any address may answer so. */
export const guardedByKeys = { 401: failed, 403: failed, 405: failed, 503: failed } as const;
export const takesBody = { 400: failed, 413: failed, 415: failed, 422: failed } as const;
