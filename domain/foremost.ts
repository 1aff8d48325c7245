/** Whose turn it is: a recipient's next notice does not begin before the one before it is done. */
import type { IncidentState, Notice } from './incident.ts';

/** The line that a notice waits in: its recipient, in words that no other recipient has. */
export const lineOf = ({ channel, to }: Pick<Notice, 'channel' | 'to'>): string =>
  to.kind === 'subscriber' ? `${channel}:${to.endpoint}` : `${to.user}/${to.contact}`;

/** The first of each line. */
export function foremost({ notices }: Pick<IncidentState, 'notices'>): readonly Notice[] {
  const first = new Map<string, Notice>();
  for (const notice of notices) if (!first.has(lineOf(notice))) first.set(lineOf(notice), notice);
  return [...first.values()];
}
