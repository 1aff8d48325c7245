/** Shapes of what is configured: users, teams, services and escalation policies (interfaces §5). */
import { z } from 'zod';
import { WEEKDAYS } from '../../domain/configuration.ts';
import { urgencySchema } from './incident.ts';

export const userId = z.object({ id: z.string().describe("The user's id") });

const duration = z.string().describe('Such as 90s, 5m or 1h30m');
const nextCursor = z.null();
const hidden = 'Only where a manager, an admin or the user themself asks';

const rule = z.object({ after: duration, contact: z.string() });

export const user = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().optional().describe(hidden),
  timezone: z.string().describe('IANA zone'),
  role: z.enum(['admin', 'manager', 'responder', 'observer']),
  statusUpdates: z.boolean(),
  away: z
    .array(z.object({ from: z.string(), to: z.string() }))
    .describe("Local dates or date-times in the user's zone"),
  contacts: z.array(z.object({ id: z.string(), channel: z.string(), to: z.string().optional().describe(hidden) })),
  notificationRules: z.object({ high: z.array(rule), low: z.array(rule) }),
});
export const userList = z.object({ users: z.array(user), nextCursor });

const team = z.object({ id: z.string(), name: z.string(), members: z.array(z.string()).describe("Users' ids") });
export const teamList = z.object({ teams: z.array(team), nextCursor });

const target = z.string().describe('user:<id>, schedule:<id> or team:<id>');
const level = z.object({
  targets: z.array(target),
  escalateAfter: duration,
  ifEmpty: z.enum(['skip', 'wait']),
  onEscalate: z.enum(['replace', 'accumulate']),
  multiAck: z.boolean(),
  massNotification: z.boolean(),
  assign: z.enum(['all', 'round-robin']),
});
const escalationPolicy = z.object({
  id: z.string(),
  name: z.string(),
  repeat: z.int().describe('Passes after the first'),
  levels: z.array(level),
  lastResort: z.array(target),
});
export const escalationPolicyList = z.object({ escalationPolicies: z.array(escalationPolicy), nextCursor });

const supportHours = z.object({
  timezone: z.string().describe('IANA zone'),
  days: z.array(z.enum(WEEKDAYS)),
  from: z.string().describe('Such as 09:00'),
  to: z.string().describe('Such as 18:00; not later than `from`: on the day after'),
  inside: urgencySchema,
  outside: urgencySchema,
  raise: z.enum(['start', 'end']).nullable().describe('When open low incidents are raised; null: never'),
});
const service = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  runbook: z.string().nullable(),
  team: z.string().nullable(),
  escalationPolicy: z.string(),
  ackTimeout: z.object({
    after: duration.nullable().describe('Null: off'),
    resume: z.enum(['same-level', 'first-level']),
  }),
  urgency: z.union([z.enum([...urgencySchema.options, 'bySeverity']), z.object({ supportHours })]),
  minuteZeroMaxAge: duration,
  autoResolve: z
    .object({ after: duration, from: z.enum(['created', 'lastEvent']), includeAcknowledged: z.boolean() })
    .nullable()
    .describe('Null: off'),
  holdFor: duration,
  reopenWindow: duration.nullable().describe('Null: off'),
  threshold: z.object({ moreThan: z.int(), within: duration }).nullable().describe('Null: off'),
  flapping: z
    .object({ transitions: z.int(), within: duration, quiet: duration, digestEvery: duration })
    .nullable()
    .describe('Null: off'),
  grouping: z
    .object({ by: z.array(z.string()).describe('Expressions in CEL'), window: duration.nullable() })
    .nullable()
    .describe('Null: off'),
  subscribers: z.array(z.string()).describe('<channel>:<endpoint>'),
  integrations: z.array(z.object({ id: z.string(), source: z.string() })).describe('Without their keys'),
});
export const serviceList = z.object({ services: z.array(service), nextCursor });
