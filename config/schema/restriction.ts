/** When a layer applies (interfaces §3; lifecycle §10): by day, or by week. */
import { z } from 'zod';
import { WEEKDAYS } from '../../domain/configuration.ts';
import type { Restriction, Weekday } from '../../domain/configuration.ts';
import { parseTimeOfDay } from '../../domain/time.ts';
import { choice, fields, list, unexpected } from './parts.ts';

const MOMENT = 'a time such as "09:00", or a day and time such as "fri 17:00"';
const WRITTEN = /^(?:(mon|tue|wed|thu|fri|sat|sun) )?(\d{1,2}:\d\d)$/;

const moment = (last: string) => {
  const expected = `${MOMENT}, to ${last}`;
  return z
    .string({ error: expected })
    .meta({ pattern: WRITTEN.source })
    .transform((text, ctx): string => {
      const time = timeOf(text);
      return time === undefined || time > Number(timeOf(last)) ? unexpected(ctx, text, expected) : text;
    });
};

const timeOf = (text: string): number | undefined => parseTimeOfDay(WRITTEN.exec(text)?.[2] ?? '');
const dayIn = (text: string): Weekday | undefined => WRITTEN.exec(text)?.[1] as Weekday | undefined;
const timeIn = (text: string): string => WRITTEN.exec(text)?.[2] ?? text;

export const restriction = fields(
  'a restriction such as { days: [sat, sun], from: "09:00", to: "21:00" } or { from: "fri 17:00", to: "mon 09:00" }',
  {
    days: list('a list of at least one day, such as [sat, sun]', choice(WEEKDAYS), 1).optional(),
    from: moment('23:59'),
    to: moment('24:00'),
  },
).transform(({ days, from, to }, ctx): Restriction => {
  const [fromDay, toDay] = [dayIn(from), dayIn(to)];
  const refuse = (member: string, message: string): never => {
    ctx.addIssue({ code: 'custom', message, path: [member], input: '' });
    return z.NEVER;
  };
  if ((fromDay === undefined) !== (toDay === undefined)) {
    return refuse('to', 'from and to must both name a day, or neither');
  }
  if (days !== undefined && fromDay !== undefined) {
    return refuse('days', 'from and to name days already; leave days out');
  }
  if (fromDay === toDay && timeOf(from) === timeOf(to)) {
    return refuse(
      'to',
      'from and to are the same; a whole day is from "00:00" to "24:00", and always is no restriction',
    );
  }
  if (fromDay === undefined || toDay === undefined) return { kind: 'daily', days: days ?? WEEKDAYS, from, to };
  return { kind: 'weekly', from: { day: fromDay, time: timeIn(from) }, to: { day: toDay, time: timeIn(to) } };
});
