/**
 * An incident's log or ledger, page by page: what the incident carries, and what it has moved to the store (lifecycle §9).
 * Entries are numbered without gaps (`e1`, `e2`; `n1`, `n2`), so what is missing between those carried is in the store.
 */
import { badCursor, TocsinError } from '../domain/errors.ts';
import type { NotificationView } from '../domain/view.ts';
import type { Store } from '../store/store.ts';

export interface RecordPage<Item> {
  readonly items: readonly Item[];
  /** The last item's id; null at the end. */
  readonly nextCursor: string | null;
  /** Why older items are missing: the store is away. What the incident carries is worth having without them. */
  readonly incomplete?: string;
}

interface Asked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type Older<Item> = (page: { readonly after: number; readonly limit: number }) => Promise<readonly Item[]>;

/**
 * One page, oldest first. `carried` was read before `older` is asked, so that an item that moves meanwhile is in both, and
 * taken as it was carried. Throws BAD_REQUEST for a cursor that is none.
 */
export async function recordPage<Item extends { readonly id: string }>(
  carried: readonly Item[],
  { limit, cursor }: Asked,
  older: Older<Item>,
): Promise<RecordPage<Item>> {
  const after = numberAfter(cursor);
  const ahead = sorted(carried.filter((item) => numberOf(item) > after));
  const { found, incomplete } = gapless(ahead.slice(0, limit), after)
    ? { found: [], incomplete: undefined }
    : await asked(older({ after, limit }));
  const both = new Map([...found, ...ahead].map((item) => [item.id, item]));
  const all = sorted([...both.values()]);
  const items = all.slice(0, limit);
  return {
    items,
    nextCursor: all.length > limit ? (items.at(-1)?.id ?? null) : null,
    ...(incomplete === undefined ? {} : { incomplete }),
  };
}

/** With the texts that were sent; null where none was, and while the store is away. */
export async function withTexts(
  incident: string,
  notifications: readonly NotificationView[],
  store: Store,
): Promise<readonly NotificationView[]> {
  const tried = notifications.filter(({ attempts }) => attempts.length > 0).map(({ id }) => id);
  if (tried.length === 0 || store.absent) return notifications;
  const texts = await store.texts(incident, tried).catch(unlessAway(new Map<string, string>()));
  return notifications.map((each) => ({ ...each, text: texts.get(each.id) ?? null }));
}

const numberOf = ({ id }: { readonly id: string }): number => Number(id.slice(1));

const sorted = <Item extends { readonly id: string }>(items: readonly Item[]): Item[] =>
  items.toSorted((one, other) => numberOf(one) - numberOf(other));

const gapless = (items: readonly { readonly id: string }[], after: number): boolean =>
  items.every((item, index) => numberOf(item) === after + index + 1);

async function asked<Item>(
  older: Promise<readonly Item[]>,
): Promise<{ readonly found: readonly Item[]; readonly incomplete?: string }> {
  try {
    return { found: await older };
  } catch (error) {
    return { found: [], incomplete: unlessAway((error as Error).message)(error) };
  }
}

/** What stands in for an answer of the store while it is away; any other error is thrown on. */
const unlessAway =
  <Value>(value: Value) =>
  (error: unknown): Value => {
    if (error instanceof TocsinError && error.code === 'STORE_UNAVAILABLE') return value;
    throw error;
  };

/** Of the last item of the page before; 0 for the first page. */
function numberAfter(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [, number] = /^[en]([1-9]\d{0,8})$/.exec(cursor) ?? [];
  if (number === undefined) throw badCursor();
  return Number(number);
}
