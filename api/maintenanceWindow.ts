/** A maintenance window as a request describes it, and as it is shown. */
import { restriction } from '../config/schema/restriction.ts';
import type { Restriction } from '../domain/configuration.ts';
import type { Instant } from '../domain/duration.ts';
import { TocsinError } from '../domain/errors.ts';
import { type MaintenanceWindow, type WindowTimes, occurrence } from '../domain/maintenance.ts';
import { isZone } from '../domain/time.ts';
import type { NewWindow } from './schemas/maintenance.ts';

const ONCE = ['start', 'end'] as const;
const RECURRING = ['timezone', 'days', 'from', 'to', 'since', 'until'] as const;

const refused = (member: string, says: string): TocsinError =>
  new TocsinError('BAD_REQUEST', `body.${member}: ${says}`);
const iso = (at: Instant): string => new Date(at).toISOString();

/** When it is in effect. Throws BAD_REQUEST for what is neither once nor recurring, and for what never comes after `now`. */
export function whenOf(body: NewWindow, now: Instant): WindowTimes {
  const [once, recurring] = [ONCE, RECURRING].map((members) => members.find((member) => body[member] !== undefined));
  if (once !== undefined && recurring !== undefined) {
    throw refused(recurring, `a window is either once, with start and end, or recurring; this one has ${once} too`);
  }
  const when = recurring === undefined ? onceOf(body, now) : recurringOf(body, now);
  if (occurrence(when, now) === null) throw refused('until', 'the window would never be in effect before then');
  return when;
}

function onceOf({ start, end }: NewWindow, now: Instant): WindowTimes {
  if (end === undefined) {
    throw refused('end', 'is missing; a window has an end, or recurs, with timezone, from and to');
  }
  const begins = Math.max(now, start ?? now);
  if (end <= now) throw refused('end', `is past: ${iso(end)}`);
  if (end <= begins) throw refused('end', `must be after start: ${iso(end)} is not after ${iso(begins)}`);
  return { start: begins, end, recurs: null };
}

function recurringOf(body: NewWindow, now: Instant): WindowTimes {
  const { timezone, since, until } = body;
  if (timezone === undefined) throw refused('timezone', 'is missing; an IANA zone such as Europe/Berlin was expected');
  if (!isZone(timezone)) throw refused('timezone', 'an IANA zone such as Europe/Berlin was expected');
  const start = Math.max(now, since ?? now);
  if (until !== undefined && until <= now) throw refused('until', `is past: ${iso(until)}`);
  if (until !== undefined && until <= start) {
    throw refused('until', `must be after since: ${iso(until)} is not after ${iso(start)}`);
  }
  return { start, end: until ?? null, recurs: { timezone, restriction: restrictionOf(body) } };
}

function restrictionOf({ days, from, to }: NewWindow): Restriction {
  const { success, data, error } = restriction.safeParse({ days, from, to });
  if (success) return data;
  const [issue] = error.issues;
  const says = issue?.code === 'custom' ? issue.message : `${issue?.message ?? 'something else'} was expected`;
  throw refused(String(issue?.path[0] ?? 'from'), says);
}

/** As the API shows it at `now`. */
export function windowJson(window: MaintenanceWindow, now: Instant) {
  const { id, services, description, createdAt, createdBy } = window;
  const stretch = occurrence(window, now);
  return {
    id,
    services,
    description,
    inEffect: stretch !== null && stretch.start <= now,
    start: stretch === null ? null : iso(stretch.start),
    end: stretch === null ? null : iso(stretch.end),
    recurring: recurringJson(window),
    createdAt: iso(createdAt),
    createdBy,
  };
}

function recurringJson({ start, end, recurs }: WindowTimes) {
  if (recurs === null) return null;
  const { timezone, restriction } = recurs;
  const written =
    restriction.kind === 'daily'
      ? { days: restriction.days, from: restriction.from, to: restriction.to }
      : { days: null, from: dayAndTime(restriction.from), to: dayAndTime(restriction.to) };
  return { timezone, ...written, since: iso(start), until: end === null ? null : iso(end) };
}

const dayAndTime = ({ day, time }: { readonly day: string; readonly time: string }): string => `${day} ${time}`;
