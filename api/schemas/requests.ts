/** What the API takes under /v1. Unknown members are refused by name: a misspelt one must not be silently without effect. */
import { z } from 'zod';
import { duration } from '../../config/schema/parts.ts';
import { type CommandName, PRIORITIES } from '../../domain/commands.ts';
import { RESPONDERS_MOST } from '../../domain/responders.ts';
import { detailsSchema, severitySchema, urgencySchema } from './incident.ts';

const notBuilt = (name: string) => z.never({ error: `\`${name}\` is not built yet; leave it out` }).optional();
export const text = (limit: number) => z.string().trim().min(1).max(limit);

export const limit = z.coerce.number().int().min(1).max(250);
const cursor = text(10_000).optional().describe('`nextCursor` of the page before');

export const incidentId = z.object({ id: z.string().describe("The incident's id, or its number") });

/** Whoever asks for a record wants all of it. */
export const recordQuery = z.strictObject({ limit: limit.default(250), cursor });

export const listQuery = z.strictObject({
  status: z.enum(['open', 'suspended', 'triggered', 'acknowledged', 'resolved']).optional(),
  service: text(255).optional(),
  team: text(255).optional().describe('Of the services that are of this team now'),
  assignee: text(255).optional().describe("A user's id"),
  urgency: urgencySchema.optional(),
  dedupKey: text(10_000).optional().describe('Of the incident, or of an alert in a group'),
  number: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  since: z.iso.datetime({ offset: true }).optional().describe('Created at or after this instant, ISO 8601'),
  limit: limit.default(100),
  cursor,
  query: notBuilt('query'),
});

const as = text(255).optional().describe("Who acts: a user's id. Needed where the token belongs to no user");

export const openByHand = z.strictObject({
  service: text(255),
  summary: text(1024),
  severity: severitySchema.optional(),
  details: detailsSchema.optional(),
  dedupKey: z.string().optional().describe('1 to 255 characters; one that is open counts as a trigger'),
  as,
});

export const newDrill = z.strictObject({
  service: text(255),
  user: text(255).optional().describe('Only this user is told, once, by their own rules'),
  summary: text(1024).optional(),
  severity: severitySchema.optional(),
  as,
});

const note = text(1024).optional().describe('Stands in the timeline');

const said = text(2_000).describe('1 to 2,000 characters');

const TAGS_AT_ONCE = 100;
const tags = z.array(text(255)).max(TAGS_AT_ONCE);
/** Of an optional text, object or list. */
const saysSomething = (part: string | object | undefined): boolean => Object.keys(part ?? {}).length > 0;

const place = z.int().min(1).optional();

/** By command: what its body has beside `as` and `note`. Objects, each of which the bulk command extends. */
export const COMMAND_BODIES = {
  acknowledge: z.strictObject({ as, note }),
  unacknowledge: z.strictObject({ as, note }),
  'start-work': z.strictObject({ as, note }),
  trigger: z.strictObject({ as, note }),
  reopen: z.strictObject({ as, note }),
  resolve: z.strictObject({ as, note, resolution: text(1024).optional() }),
  snooze: z.strictObject({ as, note, duration: duration('1s', '7d') }),
  escalate: z.strictObject({
    as,
    note,
    fromLevel: z.int().min(0).max(20).nullable().describe('`level` as it was shown'),
    fromPass: place.describe('`pass` as it was shown'),
    fromEpisode: place.describe('`episode` as it was shown'),
  }),
  reassign: z
    .strictObject({
      as,
      note,
      users: z.array(text(255)).min(1).max(100).optional(),
      escalationPolicy: text(255)
        .optional()
        .describe('In today’s version; its present one where only `level` is given'),
      level: z.int().min(1).max(20).optional().describe('1 where it is left out'),
    })
    .refine(
      ({ users, escalationPolicy, level }) =>
        (users === undefined) !== (escalationPolicy === undefined && level === undefined),
      { error: 'either `users`, or `escalationPolicy` or `level` or both' },
    ),
  'adopt-policy': z.strictObject({ as, note }),
  responders: z.strictObject({ as, note, users: z.array(text(255)).min(1).max(RESPONDERS_MOST) }),
  priority: z.strictObject({
    as,
    note,
    priority: z.enum(PRIORITIES).nullable().describe('P1 matters most; null takes it away'),
  }),
  urgency: z.strictObject({ as, note, urgency: urgencySchema }),
  amend: z
    .strictObject({
      as,
      note,
      summary: text(1024).optional(),
      details: detailsSchema.optional().describe('Merged into those that are there; null takes a member away'),
      tags: z
        .strictObject({ add: tags.optional(), remove: tags.optional() })
        .optional()
        .describe('They are `details.tags`'),
    })
    .refine(({ summary, details, tags: both }) => [summary, details, both?.add, both?.remove].some(saysSomething), {
      error: '`summary`, `details` with a member, or `tags` to `add` or to `remove`',
    }),
  notes: z.strictObject({ as, note, text: said }),
  'status-updates': z.strictObject({ as, note, text: said }),
} as const satisfies Record<Exclude<CommandName, 'merge'>, z.ZodObject>;

const SOURCES_AT_ONCE = 100;

export const mergeBody = z.strictObject({
  as,
  note,
  sources: z
    .array(z.union([text(600), z.int().min(1)]))
    .min(1)
    .max(SOURCES_AT_ONCE)
    .describe('The incidents to merge into this one: their ids, or their numbers'),
});

/** Incidents that one request may name (lifecycle §4, Limits). */
const INCIDENTS_AT_ONCE = 250;

/** The body of a command for many incidents. */
export const bulkBody = (type: keyof typeof COMMAND_BODIES) =>
  (COMMAND_BODIES[type] as z.ZodObject).safeExtend({
    incidents: z
      .array(z.union([text(600), z.int().min(1)]))
      .min(1)
      .max(INCIDENTS_AT_ONCE)
      .describe('Their ids, or their numbers'),
  });

export const commandHeaders = z.object({
  'idempotency-key': text(255).optional().describe('The same key again is the same command, done once'),
});
