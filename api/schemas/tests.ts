/** What came of a test message. */
import { z } from 'zod';

export const contactOfUser = z.object({
  id: z.string().describe("The user's id"),
  contact: z.string().describe("The contact method's id"),
});

const shared = {
  channel: z.string(),
  detail: z.string().optional().describe('What the provider answered'),
};

export const testOutcome = z
  .discriminatedUnion('outcome', [
    z.object({ ...shared, outcome: z.literal('sent'), providerId: z.string().optional() }),
    z.object({
      ...shared,
      outcome: z.enum(['terminal', 'retryable', 'unknown']),
      code: z.string(),
      title: z.string().describe('What the code means'),
      after: z.int().optional().describe('Milliseconds before which the provider wants no other attempt'),
    }),
  ])
  .describe('`sent`: the provider accepted it; `terminal`, `retryable`, `unknown`: as an attempt at a page ends');
