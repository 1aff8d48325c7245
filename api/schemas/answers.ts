/** Answers that several routes share, for the OpenAPI document. */
import { z } from 'zod';

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
export const invalidEvent = z.object({ status: z.string(), message: z.string(), errors: z.array(z.string()) });
