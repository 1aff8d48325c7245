/** What is asked of maintenance windows and answered, /v1/maintenance-windows (interfaces §5). */
import { z } from 'zod';
import { WEEKDAYS } from '../../domain/configuration.ts';
import { text } from './requests.ts';

const instant = (what: string) =>
  z.iso
    .datetime({
      offset: true,
      error: 'an instant with its offset was expected, such as 2026-03-02T22:00:00Z or 2026-03-03T06:00:00+08:00',
    })
    .transform((written) => Date.parse(written))
    .meta({ type: 'string', format: 'date-time', description: `${what}; ISO 8601 with Z or an offset` })
    .optional();

const restriction = z.string().max(20);

export const newWindow = z.strictObject({
  services: z.array(text(255)).min(1).max(250).describe("Services' ids"),
  description: text(200).optional().describe('What is done: stands in the timeline of what it holds'),
  as: text(255).optional().describe("Who makes it: a user's id. The token's own user where it is left out"),
  start: instant('Once: when it begins, now where it is left out or past'),
  end: instant('Once: when it is over'),
  timezone: text(100).optional().describe('Recurring: the IANA zone of `from` and `to`'),
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .optional()
    .describe('Recurring, by day: on which days it begins; every day where it is left out'),
  from: restriction.optional().describe('Recurring: `02:00`; by week with a day, `fri 22:00`'),
  to: restriction
    .optional()
    .describe('Recurring: no longer in effect then; on the next day where it is not later than `from`'),
  since: instant('Recurring: not before'),
  until: instant('Recurring: not from then on'),
});
export type NewWindow = z.output<typeof newWindow>;

export const windowId = z.object({ id: z.string().describe("The window's id") });

const moment = z.iso.datetime().describe('ISO 8601, UTC');

export const maintenanceWindow = z.object({
  id: z.string(),
  services: z.array(z.string()),
  description: z.string().nullable(),
  inEffect: z.boolean().describe('Now'),
  start: moment.nullable().describe('Of the stretch that is in effect, or else of the next one; null where none comes'),
  end: moment.nullable().describe('Of the same stretch; no longer in effect then'),
  recurring: z
    .object({
      timezone: z.string(),
      days: z.array(z.enum(WEEKDAYS)).nullable().describe('Null: by week'),
      from: z.string(),
      to: z.string(),
      since: moment,
      until: moment.nullable(),
    })
    .nullable()
    .describe('Null: once'),
  createdAt: moment,
  createdBy: z.object({ user: z.string().nullable(), token: z.string() }),
});
export const windowList = z.object({
  maintenanceWindows: z.array(maintenanceWindow),
  nextCursor: z.string().nullable(),
});
