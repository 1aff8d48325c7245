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
