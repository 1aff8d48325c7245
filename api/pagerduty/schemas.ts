/** What all of PagerDuty's resources share, as documentation (wire-formats §1b). */
import { z } from 'zod';

export const reference = z.looseObject({
  id: z.string(),
  type: z.string().describe('Such as `user_reference`, or `user` where it is whole'),
  summary: z.string().nullable(),
  self: z.string().nullable(),
  html_url: z.string().nullable(),
});

export const instantText = z.iso.datetime().describe('ISO 8601, UTC');

export const failure = z
  .object({
    error: z.object({
      message: z.string(),
      code: z.int().describe("PagerDuty's own: 2001 for what is not valid, 2100 for what is not there"),
      errors: z.array(z.string()).describe('Where, what was expected, and what to do'),
    }),
  })
  .describe("PagerDuty's error object");

/** The answers that any authorised route may give. */
export const guarded = { 400: failure, 401: failure, 403: failure, 503: failure } as const;
/** Those of a route with a body, too. */
export const withBody = { ...guarded, 413: failure, 415: failure } as const;

export const idParam = z.object({ id: z.string().min(1) });
