/** Answers that several routes share, for the OpenAPI document. */
import { z } from 'zod';
import { incident } from './incident.ts';

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    instance: z.string(),
  })
  .describe('Problem details, RFC 9457');

/** The answers that any authorised route may give. */
export const guarded = { 401: problem, 403: problem, 503: problem } as const;

export const recorded = z
  .object({ status: z.literal('recorded') })
  .describe('No worker answered within 3 s: noted durably, not yet confirmed');

/** With a command that comes too late (lifecycle §3). */
export const refused = problem
  .extend({ incident: incident.describe('As it is now') })
  .describe('Problem details, with the present truth');

export const bulkResults = z.object({
  results: z.array(
    z.object({
      id: z.string().describe('As it was given: an id or a number'),
      status: z.int().describe('What this incident alone would have been answered: 200, 202, 404, 409, …'),
      incident: incident.optional().describe('With 200: as it is now'),
      problem: problem.extend({ incident: incident.optional().describe('Where it came too late') }).optional(),
    }),
  ),
});

export const mergeRefused = problem
  .extend({
    incident: incident.describe('The incident to merge into, as it is now'),
    results: bulkResults.shape.results.describe('What came of each source'),
  })
  .describe('Problem details, with a result for each source');

export const acceptedEvents = z.object({
  status: z.literal('accepted'),
  events: z.array(
    z.object({
      dedupKey: z.string(),
      outcome: z.enum(['accepted', 'ignored', 'suppressed']),
      incident: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
});

/** PagerDuty's own shapes (wire-formats §1a). */
export const enqueued = z.object({
  status: z.literal('success'),
  message: z.literal('Event processed'),
  dedup_key: z.string(),
});
/** Of a change event. */
export const changeTaken = z.object({ status: z.literal('success'), message: z.string() });
/** Events v1's (wire-formats §1a″). */
export const created = enqueued.omit({ dedup_key: true }).extend({ incident_key: z.string() });
export const invalidEvent = z.object({ status: z.string(), message: z.string(), errors: z.array(z.string()) });
