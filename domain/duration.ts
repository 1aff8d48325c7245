/**
 * Durations are milliseconds, branded so that a bare number cannot pass for one. They are parsed once, where
 * configuration or a request enters; inside, they are only added to instants.
 */
export type Milliseconds = number & { readonly __unit: 'ms' };

/** An instant: milliseconds since the Unix epoch, UTC. */
export type Instant = number;

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
const WRITTEN = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
export const seconds = (value: number): Milliseconds => milliseconds(value * UNITS.s);
export const minutes = (value: number): Milliseconds => milliseconds(value * UNITS.m);
export const days = (value: number): Milliseconds => milliseconds(value * UNITS.d);

/** Parses `90s`, `5m`, `1h30m`, `2d` (lifecycle §4, Limits). Returns undefined for anything else. */
export function parseDuration(text: string): Milliseconds | undefined {
  const match = WRITTEN.exec(text);
  if (match === null || text === '') return undefined;
  const [, d = '0', h = '0', m = '0', s = '0'] = match;
  const total = Number(d) * UNITS.d + Number(h) * UNITS.h + Number(m) * UNITS.m + Number(s) * UNITS.s;
  return Number.isSafeInteger(total) ? milliseconds(total) : undefined;
}

/** Writes a duration as it is parsed: `90_000` is `1m30s`, `0` is `0s`. Parts of a second are rounded up to a whole one. */
export function formatDuration(duration: number): string {
  let rest = Math.ceil(duration / UNITS.s) * UNITS.s;
  if (rest <= 0) return '0s';
  let text = '';
  for (const [unit, size] of Object.entries(UNITS)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}
