/** What sections of channels are made of. */
import { z } from 'zod';
import { id, unexpected, url } from '../parts.ts';

/** An address that is called; a login in it would be sent to nobody. */
export const called = (expected: string) =>
  url(expected, 'https:', 'http:').transform((text, ctx) => {
    const { username, password } = new URL(text);
    return username + password === '' ? text : unexpected(ctx, '', `${expected}, without user and password`);
  });

/** Of an API, below which its paths are: what stands in the configuration ends without a slash. */
export const base = (expected: string) => called(expected).transform((text) => text.replace(/\/+$/, ''));

/** Endpoints by name. */
export const named = <Endpoint extends z.ZodType>(expected: string, endpoint: Endpoint) =>
  z
    .record(id, endpoint, {
      error: (issue) =>
        issue.code === 'invalid_key' ? 'not a name of 1 to 64 characters: letters, digits and _ . @ -' : expected,
    })
    .default({});

/** A credential, or part of one: nothing of it is ever shown. */
export const credential = (expected: string) =>
  z.string({ error: expected }).transform((text, ctx) => (text.trim() === '' ? unexpected(ctx, '', expected) : text));

const NUMBER = 'a phone number in E.164, such as "+8613800000000"';
export const phone = z
  .string({ error: NUMBER })
  .regex(/^\+[1-9]\d{6,14}$/, { error: NUMBER })
  .meta({ description: NUMBER });
