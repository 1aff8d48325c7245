/**
 * What sections are made of. What a transform takes in is described for editors by `meta` (config/jsonSchema.ts). Every message is a noun phrase of what is expected, which the report completes; an issue of
 * code `custom` is a sentence; and of unknown names it is the list of the known ones.
 */
import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import { isZone, parseLocalDate, parseLocalTime } from '../../domain/time.ts';
import { suggestion } from '../nearest.ts';

const ADDRESS = String.raw`[^\s@<>,;:"()]+@[^\s@<>,;:"()]+`;

/** A map of known names. Unknown ones are errors. */
export const fields = <Shape extends z.core.$ZodLooseShape>(expected: string, shape: Shape) =>
  z
    .strictObject(shape, {
      error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : expected),
    })
    .meta({ description: expected });

/** A list of `min` to `max` entries. */
export const list = <Item extends z.ZodType>(expected: string, item: Item, min = 0, max = Infinity) =>
  z.array(item, { error: expected }).min(min, { error: expected }).max(max, { error: expected });

const matching = (expected: string, pattern: RegExp) =>
  z.string({ error: expected }).regex(pattern, { error: expected }).meta({ description: expected });

/** Says of a value that it is not what belongs there, and ends its parsing. */
export function unexpected(ctx: z.core.$RefinementCtx, input: unknown, expected: string): never {
  ctx.addIssue({ code: 'invalid_value', values: [], input, message: expected });
  return z.NEVER;
}

export const flag = z.boolean({ error: 'true or false' });
export const whole = (expected: string, min: number, max: number) =>
  z.int({ error: expected }).min(min, { error: expected }).max(max, { error: expected });

const NAME = /^[^\p{Cc}]{1,200}$/u;
export const name = matching('a name of 1 to 200 characters on one line', NAME);
/** Of a contact method; its channel has its own form of it. */
export const reach = matching('text of 1 to 200 characters on one line, a number in quotes: "+8613800000000"', NAME);
export const prose = matching('text of 1 to 2000 characters', /^(?!\s*$)[^]{1,2000}$/);
export const id = matching('an id of 1 to 64 characters: letters, digits and _ . @ -', /^[A-Za-z0-9_.@-]{1,64}$/);

/** Its domain may be in any script, for that has an ASCII form too; a mailbox has none, and needs SMTPUTF8 (RFC 6531) of every server on the way. */
function asciiMailbox(text: string, ctx: z.core.$RefinementCtx): void {
  const mailbox = text.slice(text.lastIndexOf('<') + 1, text.lastIndexOf('@'));
  if (!text.includes('@') || /^[!-~]*$/.test(mailbox)) return;
  const message =
    'before the @ of an address only ASCII is taken: other letters need SMTPUTF8 of every server on the way';
  ctx.addIssue({ code: 'custom', message, input: '' });
}

export const address = matching('an e-mail address such as ana@example.com', new RegExp(`^${ADDRESS}$`)).superRefine(
  asciiMailbox,
);
export const sender = matching(
  'a sender such as alerts@example.com or "Tocsin <alerts@example.com>"',
  new RegExp(String.raw`^(?:${ADDRESS}|[^\p{Cc}<>]*<${ADDRESS}>)$`, 'u'),
).superRefine(asciiMailbox);

export const zone = z.string({ error: 'an IANA time zone such as Europe/Berlin' }).transform((text, ctx) => {
  if (isZone(text)) return text;
  const near = suggestion(text, Intl.supportedValuesOf('timeZone'));
  const hint = near.includes('did you mean') ? near : '';
  ctx.addIssue({ code: 'custom', message: `not an IANA time zone such as Europe/Berlin${hint}`, input: text });
  return z.NEVER;
});

const LOCAL = 'a local date and time without offset, such as 2026-01-05T09:00';
export const localTime = z
  .string({ error: LOCAL })
  .transform((text, ctx) => (parseLocalTime(text) === undefined ? unexpected(ctx, text, LOCAL) : text));

const LOCAL_DATE = 'a local date, or date and time without offset, such as 2026-12-24 or 2026-12-24T09:00';
export const localDate = z
  .string({ error: LOCAL_DATE })
  .transform((text, ctx) => (parseLocalDate(text) === undefined ? unexpected(ctx, text, LOCAL_DATE) : text));

/** `90s`, `1h30m`, `0s`: its form; a pattern has no bounds. */
export const WRITTEN_DURATION = String.raw`^(?!$)(\d+d)?(\d+h)?(\d+m)?(\d+s)?$`;

/** A duration from `min` to `max`, both as they are written. */
export function duration(min: string, max: string) {
  const expected = `a duration from ${min} to ${max}, such as 90s, 5m or 1h30m`;
  const [lowest, highest] = [parseDuration(min) ?? 0, parseDuration(max) ?? 0];
  return z
    .string({ error: expected })
    .transform((text, ctx): Milliseconds => {
      const parsed = parseDuration(text);
      const fits = parsed !== undefined && parsed >= lowest && parsed <= highest;
      return fits ? parsed : unexpected(ctx, text, expected);
    })
    .meta({ type: 'string', pattern: WRITTEN_DURATION, description: expected });
}

/** An absolute address with one of these protocols. */
export function url(expected: string, ...protocols: readonly string[]) {
  return z.string({ error: expected }).transform((text, ctx) => {
    const parsed = URL.canParse(text) ? new URL(text) : undefined;
    const fits = parsed !== undefined && protocols.includes(parsed.protocol) && parsed.hostname !== '';
    return fits ? text : unexpected(ctx, '', expected);
  });
}

/** One of a few words. */
export const choice = <const Word extends string>(words: readonly Word[]) =>
  z
    .unknown()
    .transform((value, ctx): Word => {
      const found = words.find((one) => one === value);
      return found ?? unexpected(ctx, '', words.join(', ').replace(/, ([^,]+)$/, ' or $1'));
    })
    .meta({ enum: [...words] });

/** A setting that is to come: only values that ask for what happens anyway are taken. */
export const notBuilt = (setting: string, ...accepted: readonly unknown[]) =>
  z
    .unknown()
    .transform((value, ctx): undefined => {
      if (accepted.some((one) => JSON.stringify(one) === JSON.stringify(value))) return;
      const [first] = accepted;
      const way =
        first === undefined ? '' : ` or set it to ${typeof first === 'string' ? first : JSON.stringify(first)}`;
      ctx.addIssue({ code: 'custom', message: `${setting} is not built yet; leave it out${way}`, input: '' });
    })
    .meta({ description: 'Not built yet', ...(accepted.length === 0 ? { not: {} } : { enum: [...accepted] }) })
    .optional();

/** `off`, as YAML 1.2 and YAML 1.1 read it. */
export const OFF = ['off', false] as const;
export const isOff = (value: unknown): boolean => OFF.some((off) => off === value);

/** A setting that may be `off`, which is null; left out, it is. */
export const orOff = <Setting extends z.ZodType>(setting: Setting) =>
  z
    .preprocess((value) => (isOff(value) ? undefined : value), setting.optional())
    .transform((value) => value ?? null)
    .meta({ alsoTakes: { enum: [...OFF] } })
    .default(null);

/** How long an incident is held: of a service, and of a routing rule (lifecycle §4, Limits). */
export const holdFor = z
  .preprocess((value) => (isOff(value) ? '0s' : value), duration('0s', '1h'))
  .meta({ alsoTakes: { enum: [...OFF] } });
