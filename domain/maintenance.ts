/** Maintenance windows: which one holds a service at an instant, and until when at least (lifecycle §3, §7, §10). */
import type { Restriction } from './configuration.ts';
import type { Instant } from './duration.ts';
import type { Held } from './incident.ts';
import { common } from './interval.ts';
import type { Interval } from './interval.ts';
import { applies } from './restriction.ts';

/** When a window is in effect. */
export interface WindowTimes {
  readonly start: Instant;
  /** No longer in effect then; null for one that recurs for ever. */
  readonly end: Instant | null;
  /** Between start and end it is in effect where this applies, by the clock of the zone; null: all the time. */
  readonly recurs: { readonly timezone: string; readonly restriction: Restriction } | null;
}

/** New incidents of its services are held while it is in effect. */
export interface MaintenanceWindow extends WindowTimes {
  readonly id: string;
  /** Their ids; one that the configuration no longer has holds nothing. */
  readonly services: readonly string[];
  readonly description: string | null;
  readonly createdAt: Instant;
  /** `user`: null where the token belongs to none and none was named. */
  readonly createdBy: { readonly user: string | null; readonly token: string };
}

/** Stretches that are looked through before it is supposed that it never comes: more than a year of days. */
const MOST_LOOKS = 400;

/** The stretch of a window that `at` is in, or the next one after it; null where none comes. Throws RangeError for a zone or time that is not valid. */
export function occurrence({ start, end, recurs }: WindowTimes, at: Instant): Interval | null {
  const whole = { start, end: end ?? Infinity };
  let look = Math.max(at, start);
  for (let looks = 0; looks < MOST_LOOKS && look < whole.end; looks += 1) {
    if (recurs === null) return whole;
    const position = applies([recurs.restriction], look, recurs.timezone);
    if (position.inside) return common(whole, position);
    look = position.end;
  }
  return null;
}

/** The window that holds `service` at `at`, of several the one that does so longest; null where none does. Throws as `occurrence` does. */
export function heldAt(windows: readonly MaintenanceWindow[], service: string, at: Instant): Held | null {
  let held: Held | null = null;
  for (const window of windows) {
    const stretch = window.services.includes(service) ? occurrence(window, at) : null;
    if (stretch === null || stretch.start > at) continue;
    if (held === null || stretch.end > held.until)
      held = { by: window.id, description: window.description, until: stretch.end, turn: false };
  }
  return held;
}
