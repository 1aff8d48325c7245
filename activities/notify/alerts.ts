/** The alerts of an incident that has several, on one line. */
import { cut, oneLine } from '../../domain/text.ts';
import type { NotifyRequest } from '../contract.ts';

const ALERT_LIMIT = 200;

/** As many of the alerts as fit, whole, and how many more there are: `a; b; and 3 more`. `room`: characters. */
export function alertsLine(
  { summaries, count }: NonNullable<NotifyRequest['incident']['firing']>,
  more: (count: number) => string,
  room: number,
): string {
  const left = (shown: readonly string[]): readonly string[] =>
    count === shown.length ? shown : [...shown, more(count - shown.length)];
  let shown: readonly string[] = [];
  for (const summary of summaries) {
    const next = [...shown, cut(oneLine(summary), ALERT_LIMIT)];
    if (left(next).join('; ').length > room) break;
    shown = next;
  }
  return left(shown).join('; ');
}
