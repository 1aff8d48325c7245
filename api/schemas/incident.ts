/** Shapes that the API answers with (interfaces §5, Shapes), as documentation: domain/view.ts decides, a test compares. */
import { z } from 'zod';
import { SEVERITIES } from '../../domain/event.ts';

const instant = z.iso.datetime().describe('ISO 8601, UTC');
const severity = z.enum(SEVERITIES);
const urgency = z.enum(['high', 'low']);
const details = z.record(z.string(), z.unknown());
const link = z.object({ href: z.string(), text: z.string().optional() });

const alert = z.object({
  integration: z.string(),
  dedupKey: z.string(),
  status: z.enum(['triggered', 'resolved']),
  severity: severity.nullable(),
  summary: z.string(),
  eventCount: z.int(),
  firstAt: instant,
  lastAt: instant,
});

const recentChange = z.object({
  id: z.string(),
  at: instant,
  summary: z.string().describe('Its first 200 characters'),
  source: z.string(),
  links: z.array(link).describe('The first'),
});

export const incident = z.object({
  id: z.string().describe('Opaque; names the workflow and the run in which the incident began'),
  number: z.int().nullable(),
  workflowId: z.string(),
  runId: z.string(),
  temporalUrl: z.string().nullable().describe('Where the Temporal UI shows it; null where its address is not known'),
  status: z.enum(['suspended', 'triggered', 'acknowledged', 'resolved']),
  urgency,
  priority: z.string().nullable(),
  severity: severity.nullable(),
  service: z.string(),
  team: z.string().nullable(),
  summary: z.string(),
  details: details.describe('In lists: empty where they are longer than 1,000 characters'),
  dedupKey: z.string(),
  alerts: z.array(alert).describe('In lists, the first 10'),
  alertsTruncated: z.boolean().describe('More alerts fire than are listed: it is not resolved by those it has'),
  assignees: z.array(z.string()),
  responders: z.array(z.string()).describe('Told beside the assignees, because a person asked for them'),
  acknowledgements: z.array(z.object({ user: z.string(), at: instant })),
  level: z.int().nullable(),
  pass: z.int(),
  episode: z.int(),
  alertCount: z.int(),
  eventCount: z.int(),
  createdAt: instant,
  acknowledgedAt: instant.nullable(),
  workStartedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  snoozedUntil: instant.nullable().describe('Acknowledged until then, when it is triggered again'),
  heldBy: z.string().nullable(),
  mergedInto: z.string().nullable(),
  exhausted: z.boolean(),
  nobodyOnCall: z.boolean(),
  flapping: z.boolean(),
  drill: z.boolean().describe('Somebody tries out who is told; it counts in no statistics'),
  transient: z.boolean().describe('Resolved by its source before anybody was told'),
  links: z.array(link),
  changes: z
    .array(recentChange)
    .describe('Change events of its service shortly before it opened, the newest first; in lists, none'),
  previous: z.string().nullable().describe('The incident of the same key before this one'),
});

const logEntry = z.object({
  id: z.string(),
  at: instant,
  type: z.string(),
  actor: z.object({
    kind: z.enum(['user', 'source', 'timer', 'system']),
    id: z.string().optional(),
    name: z.string().optional(),
    via: z.string().optional(),
  }),
  reason: z.string().nullable(),
  text: z.string(),
  notification: z.string().optional(),
});

const attempt = z.object({
  at: instant,
  outcome: z
    .enum(['sent', 'failed', 'unknown', 'cancelled', 'delivered', 'unanswered'])
    .describe('`delivered`, `unanswered`, and what comes after `sent`: what the provider said later of what it took'),
  code: z.string().optional(),
  providerId: z.string().optional(),
  detail: z.string().optional(),
  receipt: z.string().optional(),
});

const notification = z.object({
  id: z.string(),
  incident: z.string(),
  episode: z.int(),
  pass: z.int(),
  level: z.int().nullable(),
  user: z.string(),
  contact: z.string(),
  channel: z.string(),
  rule: z.int(),
  cause: z.string(),
  idempotencyKey: z.string(),
  status: z.enum(['queued', 'sent', 'delivered', 'failed', 'throttled', 'bundled', 'cancelled', 'expired', 'unknown']),
  reason: z.string().nullable(),
  minuteZero: z.boolean(),
  dueAt: instant,
  sentAt: instant.nullable(),
  text: z.string().nullable(),
  attempts: z.array(attempt),
});

const next = z.object({
  at: instant,
  kind: z.enum(['notify', 'escalate', 'ackTimeout', 'snoozeEnd', 'autoResolve', 'release', 'lastResort']),
  user: z.string().optional(),
  channel: z.string().optional(),
  contact: z.string().optional(),
  level: z.int().optional(),
  pass: z.int().optional(),
  reason: z.string(),
});

const nextCursor = z.string().nullable();
export const incidentPage = z.object({ incidents: z.array(incident), nextCursor });
const incomplete = z.string().optional().describe('Why older ones are missing: the store is away');
export const timelinePage = z.object({ entries: z.array(logEntry), nextCursor, incomplete });
export const notificationPage = z.object({ notifications: z.array(notification), nextCursor, incomplete });
export const nextList = z.object({ next: z.array(next) });

export { details as detailsSchema, severity as severitySchema, urgency as urgencySchema };
