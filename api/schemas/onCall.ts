/** What is asked of schedules and answered, /v1/oncall and /v1/schedules (interfaces §5). */
import { z } from 'zod';

const id = (what: string) => z.string().trim().min(1).max(255).optional().describe(what);

const instant = (what: string) =>
  z.iso
    .datetime({
      offset: true,
      error: 'an instant with its offset was expected, such as 2026-03-02T09:00:00Z or 2026-03-02T09:00:00%2B08:00',
    })
    .transform((text) => Date.parse(text))
    .meta({ type: 'string', format: 'date-time', description: `${what}; ISO 8601 with Z or an offset` })
    .optional();

export const onCallQuery = z.strictObject({
  at: instant('Now where it is left out'),
  schedule: id('Only this schedule, by its id'),
  user: id('Only schedules that give this user, by their id'),
});

export const scheduleId = z.object({ id: z.string().describe("The schedule's id") });

export const rangeQuery = z.strictObject({
  from: instant('Now where it is left out'),
  to: instant('14 days after `from` where it is left out; at most 366 days after it'),
});

const person = z.object({ id: z.string(), name: z.string() });
const moment = z.iso.datetime().describe('ISO 8601, UTC');

const onCall = z.object({
  schedule: z.string().describe("The schedule's id"),
  users: z.array(person).describe('Empty in a gap'),
  start: moment.nullable().describe('Where the shift or gap begins; null: nothing is before it'),
  end: moment.nullable().describe('Where it ends, and is no longer in force; null: nothing comes after it'),
  override: z.boolean(),
});
export const onCallList = z.object({ onCall: z.array(onCall) });

const schedule = z.object({ id: z.string(), name: z.string(), timezone: z.string().describe('IANA zone') });
export const scheduleList = z.object({ schedules: z.array(schedule), nextCursor: z.string().nullable() });

const shift = z.object({
  user: person,
  layer: z.int().describe("Which of the schedule's layers gives the user, from 0"),
  start: moment,
  end: moment,
});
export const scheduleRange = schedule.extend({
  from: moment,
  to: moment,
  shifts: z.array(shift).describe('In order and without overlap, cut at `from` and `to`'),
  gaps: z.array(z.object({ start: moment, end: moment })).describe('When nobody is on call, cut at `from` and `to`'),
});
