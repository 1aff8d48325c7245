/**
 * Idempotency-Key (interfaces §5): a command's id is made from token, incident, command and key, so the same request again
 * is the same command, done once, on any API node and after any restart. That another body came with the key is only
 * noticed by the node that saw the first one, among its last 10,000 keys.
 */
import { randomUUID } from 'node:crypto';
import { TocsinError } from '../domain/errors.ts';
import { BoundedMap } from './boundedMap.ts';
import { sha256Hex } from './hashes.ts';

const REMEMBERED = 10_000;

export interface CommandRequest {
  readonly token: string;
  readonly incident: string;
  readonly command: string;
  readonly key: string | undefined;
  readonly body: unknown;
}

export class CommandIds {
  readonly #bodies = new BoundedMap<string, string>(REMEMBERED);

  /** The id of a request's command; a fresh one without a key. Throws IDEMPOTENCY_KEY_REUSED for another body. */
  idOf({ token, incident, command, key, body }: CommandRequest): string {
    if (key === undefined) return randomUUID();
    const id = sha256Hex(JSON.stringify([token, incident, command, key]));
    const hash = sha256Hex(JSON.stringify(body));
    const before = this.#bodies.get(id);
    if (before !== undefined && before !== hash) {
      throw new TocsinError(
        'IDEMPOTENCY_KEY_REUSED',
        `'${key}' came before with another body; use a new key for a new request`,
      );
    }
    this.#bodies.set(id, hash);
    return id;
  }
}
