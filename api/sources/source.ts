/** What every inbound format is: a pure translation from what came to its events (design §1). */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { Integration } from '../../domain/configuration.ts';
import type { SourceEvent } from '../../domain/event.ts';
import type { Members } from '../../intake/members.ts';

/** How a body is read: to JSON's value, to the members of a form of one kind or the other, each a text, or not at all. */
export type Reading = 'json' | 'form' | 'multipart' | 'text';

/** A request of a source, as it was read and as it came: what is signed is the bytes. */
export interface Received {
  readonly body: unknown;
  readonly raw: Buffer;
  /** Lower case, without parameters: `application/json`. */
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  /** The parameters behind the address: each a text, or a list of them. */
  readonly query: Members;
  readonly integration: Integration;
  /** For what is no event, and still to be known. */
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
}

export interface Source {
  readonly name: string;
  /** What to do about a body that cannot be read: where the sender's own settings are. */
  readonly jsonHint: string;
  /** The content types that it takes beside `application/json`, and how each is read. */
  readonly alsoTakes?: Readonly<Record<string, Reading>>;
  /** Its sender may be told to PUT. */
  readonly alsoPut?: true;
  /** Throws TocsinError SOURCE_REFUSED where the sender is not proven to be who it should be. */
  readonly verify?: (received: Received) => void | Promise<void>;
  /**
   * Its events, in the order in which they count; none where it is of no alert (a test, a greeting). Throws TocsinError
   * BAD_EVENT or DEDUP_KEY_TOO_LONG, whose text names the member. `newKey` makes a dedup key for a trigger that has none (lifecycle §2.4).
   */
  translate(received: Received, newKey: () => string): readonly SourceEvent[] | Promise<readonly SourceEvent[]>;
}
