/** How the JSON of an integration of source `generic` becomes events: expressions in CEL (docs/guides/generic.md). */

/** Each is an expression over `body`, `headers`, `query` and, but for `each`, `item`. */
export interface Mapping {
  /** The items of a body, each of which is an event; absent: the body is the one item. */
  readonly each?: string;
  /** Whether an item is an event at all; absent: each is. */
  readonly when?: string;
  /** A word such as `trigger`, `firing`, `resolved`; absent: trigger. */
  readonly action?: string;
  /** Absent: each trigger is an alert of its own, and none can be resolved. */
  readonly dedupKey?: string;
  readonly groupKey?: string;
  readonly summary: string;
  readonly source?: string;
  readonly severity?: string;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  /** A map, or each member by itself; absent: the item. */
  readonly details?: string | Readonly<Record<string, string>>;
  /** A list of addresses or of `{href, text}`, or each address by the text that is shown. */
  readonly links?: string | Readonly<Record<string, string>>;
  /** ISO 8601, or seconds or milliseconds since 1970. */
  readonly at?: string;
}
