/** Instants as the people of a language write them: in their own time zone, with UTC beside it, which stands in timelines and in the API. */

/** Swedish writes dates as ISO 8601 does. */
export type DateOrder = 'sv-SE' | 'zh-CN' | 'ja-JP' | 'ko-KR' | 'de-DE';

export interface TimeWriter {
  /** `2026-12-01 18:02:11 Asia/Shanghai (10:02:11 UTC)`, from ISO 8601 and an IANA zone. */
  readonly day: (iso: string, zone: string) => string;
  /** `18:02:11 (10:02:11 UTC)`; in UTC `10:02:11 UTC`. */
  readonly clock: (at: number, zone: string) => string;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const DAY = { year: 'numeric', month: '2-digit', day: '2-digit', ...CLOCK } as const;

/** Both throw RangeError for an unknown zone. */
export const timeWriter = (order: DateOrder): TimeWriter => ({
  day(iso, zone) {
    const local = new Intl.DateTimeFormat(order, { ...DAY, timeZone: zone }).format(new Date(iso));
    return zone === 'UTC' ? `${local} UTC` : `${local} ${zone} (${utcClock(iso)})`;
  },
  clock(at, zone) {
    const utc = utcClock(new Date(at).toISOString());
    if (zone === 'UTC') return utc;
    return `${new Intl.DateTimeFormat(order, { ...CLOCK, timeZone: zone }).format(at)} (${utc})`;
  },
});

const utcClock = (iso: string): string => `${iso.slice(11, 19)} UTC`;
