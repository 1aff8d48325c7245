/** A dedup key, or any other keyword, in Temporal's SQL-like visibility queries. */
import { cutToBytes } from '../workflows/searchAttributes.ts';

/**
 * A keyword, cut as it is indexed, as a string literal. Dedup keys are hostile input: the query's parser (vitess) ends a
 * literal at a quote and reads backslash escapes, so both are escaped.
 */
export const literal = (text: string): string =>
  `'${cutToBytes(text).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
