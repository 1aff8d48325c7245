/**
 * Column types that give back what was put in. PostgreSQL refuses NUL in a text, and its UTF-8 has no lone surrogate, while
 * a source may send both; so neither reaches it as such. No `jsonb`, which refuses them too.
 */
import { customType } from 'drizzle-orm/pg-core';

const escaped = (text: string): string =>
  text.replaceAll(/[\\\0\p{Surrogate}]/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const unescaped = (text: string): string =>
  text.replaceAll(/\\u([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

/** Any string. A backslash, NUL or lone surrogate stands in the database as `\u` and four hex digits; all else as it is. */
export const exactText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: escaped,
  fromDriver: unescaped,
});

/** Any value that JSON can hold, as its text: JSON writes what a text cannot hold as escapes of its own. */
export const exactJson = <Value>() =>
  customType<{ data: Value; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (text) => JSON.parse(text) as Value,
  });
