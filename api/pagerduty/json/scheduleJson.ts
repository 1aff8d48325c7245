/** A schedule, as PagerDuty shows it. */
import { WEEKDAYS, type Layer, type Restriction, type Schedule, type Weekday } from '../../../domain/configuration.ts';
import type { Instant } from '../../../domain/duration.ts';
import { shifts } from '../../../domain/onCall.ts';
import { DAY, instantOf, parseLocalTime } from '../../../domain/time.ts';
import type { Visit } from '../door.ts';
import { headOf, referenceTo } from '../references.ts';

export function scheduleJson(visit: Visit, schedule: Schedule) {
  const { escalationPolicies } = visit.deps.configuration();
  const policies = [...escalationPolicies.values()].filter(({ levels }) =>
    levels.some(({ targets }) => targets.some(({ kind, id }) => kind === 'schedule' && id === schedule.id)),
  );
  const users = new Set(schedule.layers.flatMap((layer) => layer.users));
  return {
    ...headOf(visit, 'schedule', schedule.id, schedule.name),
    name: schedule.name,
    description: null,
    time_zone: schedule.timezone,
    escalation_policies: policies.map(({ id, name }) => referenceTo(visit, 'escalation_policy', id, name)),
    users: [...users].map((id) => userReference(visit, id)),
    teams: [],
  };
}

export const userReference = (visit: Visit, id: string) =>
  referenceTo(visit, 'user', id, visit.deps.configuration().users.get(id)?.name ?? id);

interface Stretch {
  readonly since: Instant;
  readonly until: Instant;
}

/** With its layers, and who is on call between `since` and `until`; entries are cut there unless `whole`. */
export function renderedScheduleJson(visit: Visit, schedule: Schedule, stretch: Stretch, whole: boolean) {
  const { users } = visit.deps.configuration();
  const entries = shifts(schedule, users, stretch.since, stretch.until).filter(({ user }) => user !== null);
  const rendered = entries.map(({ user, start, end, layer }) => ({
    layer,
    start: iso(whole && Number.isFinite(start) ? start : Math.max(start, stretch.since)),
    end: iso(whole && Number.isFinite(end) ? end : Math.min(end, stretch.until)),
    user: userReference(visit, user ?? ''),
  }));
  return {
    ...scheduleJson(visit, schedule),
    schedule_layers: schedule.layers.map((layer, index) => ({
      ...layerJson(visit, schedule, layer, index),
      ...coverage(
        rendered.filter((each) => each.layer === index),
        stretch,
      ),
    })),
    overrides_subschedule: { name: 'Overrides', ...coverage([], stretch) },
    final_schedule: { name: 'Final Schedule', ...coverage(rendered, stretch) },
  };
}

const iso = (at: Instant): string => new Date(at).toISOString();

interface Rendered {
  readonly layer: number | null;
  readonly start: string;
  readonly end: string;
  readonly user: ReturnType<typeof userReference>;
}

/** Of a layer: what of it shows in the end, for a later layer covers an earlier one. */
function coverage(entries: readonly Rendered[], { since, until }: Stretch) {
  const covered = entries.reduce(
    (sum, { start, end }) => sum + Math.min(Date.parse(end), until) - Math.max(Date.parse(start), since),
    0,
  );
  return {
    rendered_schedule_entries: entries.map(({ start, end, user }) => ({ start, end, user })),
    rendered_coverage_percentage: until > since ? Math.round((covered / (until - since)) * 1_000) / 10 : 0,
  };
}

const TURN_LENGTHS = { hour: DAY / 24, day: DAY, week: 7 * DAY } as const;

function layerJson(visit: Visit, { id, timezone }: Schedule, layer: Layer, index: number) {
  const { every, unit } = layer.rotate;
  const local = parseLocalTime(layer.start);
  const start = local === undefined ? null : iso(instantOf(local, timezone));
  return {
    id: `${id}-${index + 1}`,
    name: `Layer ${index + 1}`,
    start,
    end: null,
    rotation_virtual_start: start,
    // Months have no one length.
    rotation_turn_length_seconds: unit === 'month' ? null : (every * TURN_LENGTHS[unit]) / 1_000,
    users: layer.users.map((user) => ({ user: userReference(visit, user) })),
    restrictions: layer.restrictions.flatMap(restrictionJson),
  };
}

/** Days are counted from Monday, 1. */
const numberOf = (day: Weekday): number => WEEKDAYS.indexOf(day) + 1;
const secondsOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 3_600 + minutes * 60;
};

function restrictionJson(restriction: Restriction) {
  if (restriction.kind === 'weekly') {
    const { from, to } = restriction;
    const begins = numberOf(from.day) * 86_400 + secondsOf(from.time);
    const ends = numberOf(to.day) * 86_400 + secondsOf(to.time);
    const length = (ends - begins + 7 * 86_400) % (7 * 86_400) || 7 * 86_400;
    return [weekly(from.day, from.time, length)];
  }
  const { days, from, to } = restriction;
  const length = (secondsOf(to) - secondsOf(from) + 86_400) % 86_400 || 86_400;
  return days.length === WEEKDAYS.length
    ? [{ type: 'daily_restriction', start_time_of_day: `${from}:00`, duration_seconds: length }]
    : days.map((day) => weekly(day, from, length));
}

const weekly = (day: Weekday, time: string, seconds: number) => ({
  type: 'weekly_restriction',
  start_day_of_week: numberOf(day),
  start_time_of_day: `${time}:00`,
  duration_seconds: seconds,
});
