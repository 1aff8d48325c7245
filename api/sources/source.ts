/** What every inbound format is: a pure translation from a body to its events (design §1). */
import type { SourceEvent } from '../../domain/event.ts';

export interface Source {
  readonly name: string;
  /** What to do about a body that is not JSON: where the sender's own settings are. */
  readonly jsonHint: string;
  /**
   * At least one event, in the order in which they count. Throws TocsinError BAD_EVENT or DEDUP_KEY_TOO_LONG, whose text names the member.
   * `newKey` makes a dedup key for a trigger that has none (lifecycle §2.4).
   */
  translate(body: unknown, newKey: () => string): readonly SourceEvent[];
}

export type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object; undefined for arrays, null, and everything else. */
export function membersOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
}

/** Trimmed text of a string or number; undefined where it is missing, null, blank, or of another type. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
