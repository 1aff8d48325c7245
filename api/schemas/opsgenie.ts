/**
 * Opsgenie's Alert API v2, as it is taken and answered here (github.com/opsgenie/opsgenie-oas, definitions/alert.yaml).
 * Members that clients leave out may be null, for some write them so; others are passed over, as there.
 */
import { z } from 'zod';
import { PRIORITIES } from '../../domain/commands.ts';
import { SORTS } from '../opsgenie/sorting.ts';

const AN_INSTANT = 'an instant was expected, such as 2026-03-02T09:00:00Z';
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
export const newNote = z
  .looseObject({ ...acting, note: text })
  .meta({ examples: [{ note: 'looked at it, and it is the disk' }] });
export const newPriority = z.looseObject({ ...acting, priority: z.enum(PRIORITIES) });
export const newMessage = z.looseObject({ ...acting, message: text.describe('Cut at 1,024 characters') });
export const newDescription = z.looseObject({ ...acting, description: z.string() });
export const newTags = z.looseObject({ ...acting, tags: z.array(z.string()) });
export const newDetails = z.looseObject({ ...acting, details: z.record(z.string(), z.unknown()) });
export const newSnooze = z.looseObject({
  ...acting,
  endTime: z.iso.datetime({ offset: true, error: AN_INSTANT }).describe('Within 7 days from now, ISO 8601'),
});
export const newOwner = z.looseObject({ ...acting, owner: recipient });
export const newEscalation = z.looseObject({ ...acting, escalation: recipient });
export const newResponder = z.looseObject({ ...acting, responder: recipient });
export const newTeam = z.looseObject({ ...acting, team: recipient });

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

export const withoutTags = inAddress.extend({ tags: z.string().describe('Separated by commas') });
export const withoutDetails = inAddress.extend({ keys: z.string().describe('Names, separated by commas') });

const search = z
  .string()
  .optional()
  .describe('Such as `status: open AND tag: (critical OR disk) AND NOT owner: ana@example.com`');
export const countQuery = z.object({ query: search });
export const listQuery = z.object({
  query: search,
  sort: z.enum(SORTS).default('createdAt'),
  order: z.enum(['asc', 'desc']).default('desc'),
  offset: z.coerce.number().int().min(0).max(20_000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const logQuery = z.object({
  identifierType,
  offset: z.string().optional().describe('`offset` of an entry: those after it'),
  direction: z.enum(['next', 'prev']).default('next'),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
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

const instant = z.iso.datetime();
const listedAlert = z.object({
  id: z.string().describe('The incident’s id'),
  tinyId: z.string().describe('The incident’s number; empty for its first moment'),
  alias: z.string(),
  message: z.string(),
  status: z.enum(['open', 'closed']),
  acknowledged: z.boolean(),
  isSeen: z.boolean(),
  seen: z.boolean(),
  tags: z.array(z.string()),
  snoozed: z.boolean(),
  snoozedUntil: instant.optional(),
  count: z.int(),
  lastOccurredAt: instant,
  createdAt: instant,
  updatedAt: instant,
  source: z.string(),
  owner: z.string().describe('Who holds it, or to whom alone it is assigned'),
  priority: z.string(),
  responders: z.array(z.object({ type: z.literal('user'), id: z.string() })),
  integration: z.object({ id: z.string(), name: z.string(), type: z.literal('API') }),
  report: z.object({
    ackTime: z.int().optional(),
    closeTime: z.int().optional(),
    acknowledgedBy: z.string().optional(),
  }),
});
const paging = z.object({
  first: z.string(),
  last: z.string(),
  prev: z.string().optional(),
  next: z.string().optional(),
});
export const foundAlerts = z.object({ data: z.array(listedAlert), paging, ...every });
export const aCount = z.object({ data: z.object({ count: z.int() }), ...every });
export const aFoundAlert = z.object({
  data: listedAlert.extend({
    actions: z.array(z.string()),
    entity: z.string(),
    description: z.string(),
    details: z.record(z.string(), z.string()),
  }),
  ...every,
});

const logPaging = z.object({ first: z.string(), next: z.string().optional() });
const logged = { owner: z.string(), createdAt: instant, offset: z.string() };
export const foundLogs = z.object({
  data: z.array(z.object({ log: z.string(), type: z.enum(['action', 'alert', 'system']), ...logged })),
  paging: logPaging,
  ...every,
});
export const foundNotes = z.object({
  data: z.array(z.object({ note: z.string(), ...logged })),
  paging: logPaging,
  ...every,
});
export const foundRecipients = z.object({
  data: z.array(
    z.object({
      user: z.object({ id: z.string(), username: z.string() }),
      state: z.enum(['action', 'active', 'notactive']),
      method: z.string(),
      createdAt: instant,
      updatedAt: instant,
    }),
  ),
  ...every,
});

/** Any address may answer so. */
export const guardedByKeys = { 401: failed, 403: failed, 405: failed, 503: failed } as const;
export const takesBody = { 400: failed, 413: failed, 415: failed, 422: failed } as const;
