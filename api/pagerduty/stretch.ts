/** The stretch of time that is asked for. */
import type { Instant, Milliseconds } from '../../domain/duration.ts';
import { invalid } from './errors.ts';

export interface Stretch {
  readonly since: Instant;
  readonly until: Instant;
}

/** `shown`: how long it is where nothing says so. Throws PagerDuty's 2004 for one that ends before it begins, and 2005 for one that is too long. */
export function stretchOf(
  asked: Partial<Record<keyof Stretch, Instant | undefined>>,
  shown: number,
  longest: Milliseconds,
): Stretch {
  const { since = Date.now() } = asked;
  const { until = since + shown } = asked;
  if (until < since) throw invalid('until must not be before since', 2004);
  if (until - since > longest) throw invalid(`at most ${longest / 86_400_000} days at once`, 2005);
  return { since, until };
}
