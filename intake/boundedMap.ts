/** A map that forgets: past `limit` entries the one set longest ago goes, and past `lifetime` every one. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, { readonly value: V; readonly until: number }>();
  readonly #limit: number;
  readonly #lifetime: number;

  /** `lifetime`: milliseconds. */
  constructor(limit: number, lifetime = Infinity) {
    this.#limit = limit;
    this.#lifetime = lifetime;
  }

  /** How many it holds, those included that it would not give any more. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > Date.now() ? entry.value : undefined;
  }

  /** Drops, too, whatever is past its lifetime. */
  set(key: K, value: V): void {
    const now = Date.now();
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: now + this.#lifetime });
    // In the order in which they were set, and so in that in which they end.
    for (const [oldest, { until }] of this.#entries) {
      if (this.#entries.size <= this.#limit && until > now) break;
      this.#entries.delete(oldest);
    }
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }
}
