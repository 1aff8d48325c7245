/**
 * Idempotency-Key (interfaces §5): a command's id is made from token, incident, command and key, so the same request again
 * is the same command, done once, on any API node and after any restart. The incident remembers what was asked with it,
 * and says so with what came of it; a command that no worker has taken yet is known to the node that saw it, among its
 * last 10,000 keys.
 */
import { randomUUID } from 'node:crypto';
import { TocsinError } from '../domain/errors.ts';
import { BoundedMap } from '../intake/boundedMap.ts';
import { sha256Hex } from '../intake/hashes.ts';

const REMEMBERED = 10_000;

export interface CommandRequest {
  readonly token: string;
  readonly incident: string;
  readonly command: string;
  readonly key: string | undefined;
  readonly body: unknown;
}

/** As the incident knows it. */
export interface NamedCommand {
  readonly id: string;
  readonly body?: string;
}

export class CommandIds {
  readonly #bodies = new BoundedMap<string, string>(REMEMBERED);

  /** The id of a request's command, a fresh one without a key; with one, what names its body too. Throws IDEMPOTENCY_KEY_REUSED for another body. */
  named({ token, incident, command, key, body }: CommandRequest): NamedCommand {
    if (key === undefined) return { id: randomUUID() };
    const id = sha256Hex(JSON.stringify([token, incident, command, key]));
    const hash = sha256Hex(JSON.stringify(body)).slice(0, 32);
    assertSame(key, this.#bodies.get(id), hash);
    this.#bodies.set(id, hash);
    return { id, body: hash };
  }

  /** What was asked with the key first, as the incident says. Throws IDEMPOTENCY_KEY_REUSED where that is not this request. */
  learn(key: string | undefined, { id, body }: NamedCommand, first: string | undefined): void {
    if (key === undefined || body === undefined || first === undefined) return;
    this.#bodies.set(id, first);
    assertSame(key, first, body);
  }
}

function assertSame(key: string, before: string | undefined, hash: string): void {
  if (before === undefined || before === hash) return;
  throw new TocsinError(
    'IDEMPOTENCY_KEY_REUSED',
    `'${key}' came before with another body; use a new key for a new request`,
  );
}
