/** What is asked in the query, as PagerDuty's clients write it (wire-formats §1b): arrays as `ids[]=`, booleans as `true` or `1`. */
import { z } from 'zod';
import type { Included } from './references.ts';

/** Of a page, at most (PagerDuty/developer-docs, docs/REST-API/09-Pagination.md); asked for more, it is this many. */
const MOST_ON_A_PAGE = 100;
/** `offset` and `limit` together may not be more. */
export const FARTHEST = 10_000;

/** `ids[]=a&ids[]=b`, or one of them. */
const several = <Item extends z.ZodType>(item: Item, what: string) =>
  z
    .preprocess((given) => [given].flat(), z.array(item))
    .optional()
    .describe(what);

export const ids = (what: string) => several(z.string().max(600), what);

export const oneOf = <const Value extends string>(values: readonly Value[], what: string) =>
  several(z.enum(values), what);

export const included = several(
  z.string().max(100),
  'Resources to have whole in the place of references; a name that is none is passed over',
).transform((given): Included => new Set(given));

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, 1: true, false: false, 0: false };

export const yesOrNo = (what: string) =>
  z
    .preprocess((given) => (typeof given === 'string' ? (BOOLEANS[given] ?? given) : given), z.boolean())
    .default(false)
    .describe(what);

const DAY_AND_TIME = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?(.*)$/;

/** A plus that a client left as it is comes as a space. */
function whole(given: unknown): unknown {
  const [, day, time = '00:00', seconds = ':00', zone = ''] = DAY_AND_TIME.exec(String(given)) ?? [];
  return day === undefined ? given : `${day}T${time}${seconds}${zone.replace(/^ /, '+') || 'Z'}`;
}

/** As UTC milliseconds. */
export const instant = (what: string) =>
  z
    .preprocess(
      whole,
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    )
    .optional()
    .describe(`${what}; ISO 8601, UTC where it names no offset`);

/** Every list's. */
export const paging = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(25)
    .transform((limit) => Math.min(limit, MOST_ON_A_PAGE))
    .describe('Of a page: at most 100, where more is asked for too'),
  offset: z.coerce
    .number()
    .int()
    .min(0)
    .max(FARTHEST)
    .default(0)
    .describe('How many come before the page; with `limit` at most 10,000'),
  total: yesOrNo('Whether `total` is wanted'),
};

export interface PageAsked {
  readonly limit: number;
  readonly offset: number;
  readonly total: boolean;
}

export const query = z.string().max(1024).optional().describe('Only those whose name has this in it');

/** Whether `asked` is in one of the texts, whatever the case. */
export const matches = (asked: string | undefined, ...texts: readonly (string | undefined)[]): boolean =>
  asked === undefined || texts.some((text) => text?.toLowerCase().includes(asked.toLowerCase()));
