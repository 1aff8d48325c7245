/** Pages by offset (PagerDuty/developer-docs, docs/REST-API/09-Pagination.md), and how they are documented. */
import { z } from 'zod';
import { FARTHEST, type PageAsked } from './asked.ts';
import { invalid } from './errors.ts';

/** Throws what PagerDuty refuses: a page beyond the 10,000th. */
export function assertWithinReach({ limit, offset }: PageAsked): void {
  if (offset + limit > FARTHEST) throw invalid('offset and limit together may not be more than 10000: ask for less');
}

/** The page of a whole list, under its plural. Clients add `limit` to `offset` and ask on while there is `more`. */
export function pageOf<Item>(plural: string, all: readonly Item[], asked: PageAsked, show: (item: Item) => unknown) {
  assertWithinReach(asked);
  const { limit, offset, total } = asked;
  return {
    [plural]: all.slice(offset, offset + limit).map(show),
    limit,
    offset,
    more: all.length > offset + limit,
    total: total ? all.length : null,
  };
}

/** Documents a page: its items under their plural. */
export const pageSchema = (plural: string, item: z.ZodType) =>
  z.looseObject({
    [plural]: z.array(item),
    limit: z.int(),
    offset: z.int(),
    more: z.boolean().describe('Whether there is a next page'),
    total: z.int().nullable().describe('Of all pages; null unless it was asked for'),
  });
