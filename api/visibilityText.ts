/** Text in Temporal's SQL-like visibility queries. Dedup keys are hostile input, and so is whatever is asked for. */
import { cutToBytes } from '../workflows/searchAttributes.ts';

/**
 * Nothing in a query can match a value with one of these: the server (1.29, store/sql/query_converter.go) escapes them once
 * more as MySQL would, which SQLite and PostgreSQL take as they stand, and strips quotes from the ends of a value.
 */
const NOT_MATCHABLE = /['"\\\p{Cc}]/u;

/**
 * A keyword, cut as it is indexed, as a string literal; undefined where no query could match it. What is left needs no
 * escaping: it ends no literal, and nothing in it is an escape.
 */
export const literal = (text: string): string | undefined =>
  NOT_MATCHABLE.test(text) ? undefined : `'${cutToBytes(text)}'`;
