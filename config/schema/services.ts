/** Services, and what an incident of theirs pins (interfaces §3). */
import { z } from 'zod';
import { formatDuration, milliseconds, minutes } from '../../domain/duration.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import {
  choice,
  duration,
  fields,
  flag,
  holdFor,
  id,
  isOff,
  list,
  name,
  OFF,
  orOff,
  prose,
  url,
  unexpected,
  whole,
  WRITTEN_DURATION,
} from './parts.ts';
import { grouping } from './grouping.ts';
import { integration } from './integration.ts';
import { subscriber } from './subscriber.ts';
import { urgency } from './urgency.ts';

/** Stands in workflow ids (lifecycle §2.2), so it has fewer characters than other ids. */
const SERVICE_ID = 'an id of 1 to 57 characters: letters, digits, _ and -, and not "tocsin", which is reserved';

const TIMEOUT = duration('1s', '30d');
const OFF_OR_TIMEOUT = { anyOf: [{ enum: [...OFF] }, { type: 'string', pattern: WRITTEN_DURATION }] } as const;
const timeout = z
  .unknown()
  .transform((value, ctx): Milliseconds | null => {
    if (isOff(value)) return null;
    const parsed = TIMEOUT.safeParse(value);
    return parsed.success ? parsed.data : unexpected(ctx, '', `off, or ${parsed.error.issues[0]?.message}`);
  })
  .meta(OFF_OR_TIMEOUT);
const ACK_TIMEOUT = fields('off, a duration such as 30m, or { after: 30m, resume: same-level }', {
  after: timeout.default(minutes(30)),
  resume: choice(['same-level', 'first-level']).default('same-level'),
});
const ackTimeout = z
  .preprocess((value) => (typeof value === 'object' ? value : { after: value }), ACK_TIMEOUT)
  .meta({ alsoTakes: OFF_OR_TIMEOUT });

const autoResolve = fields('off, or { after: 4h, from: created }', {
  after: duration('1s', '365d'),
  from: choice(['created', 'lastEvent']).default('created'),
  includeAcknowledged: flag.default(false),
});

const threshold = fields('off, or a threshold such as { moreThan: 3, within: 5m }', {
  moreThan: whole('a whole number from 1 to 1000', 1, 1000),
  within: duration('1s', '1d'),
});

const reopenWindow = duration('0s', '1d').transform((window) => (window === 0 ? null : window));

const flapping = fields('off, or a map such as { transitions: 5, within: 10m, quiet: 15m, digestEvery: 30m }', {
  transitions: whole('a whole number from 2 to 100', 2, 100),
  within: duration('1s', '1d'),
  quiet: duration('1s', '1d'),
  digestEvery: duration('1m', '7d'),
});

const SERVICE = fields('a service such as { id: payments, escalationPolicy: payments }', {
  id: z.string({ error: SERVICE_ID }).regex(/^(?!tocsin$)[A-Za-z0-9_-]{1,57}$/, { error: SERVICE_ID }),
  name: name.optional(),
  description: prose.optional(),
  runbook: url('an address such as https://wiki.example.com/payments', 'https:', 'http:').optional(),
  team: id.optional(),
  escalationPolicy: id,
  ackTimeout: ackTimeout.default({ after: minutes(30), resume: 'same-level' }),
  autoResolve: orOff(autoResolve),
  urgency: urgency.default('high'),
  holdFor: holdFor.default(milliseconds(0)),
  reopenWindow: orOff(reopenWindow),
  minuteZeroMaxAge: duration('1s', '30d').default(minutes(10)),
  grouping,
  threshold: orOff(threshold),
  flapping: orOff(flapping),
  integrations: list('a list of integrations', integration).default([]),
  subscribers: list('a list of subscribers', subscriber).default([]),
});

/** A source that goes off and on again must come back to the same incident, or its transitions are never counted together (lifecycle §8). */
export const service = SERVICE.superRefine(({ flapping, reopenWindow }, ctx) => {
  if (flapping === null || (reopenWindow ?? 0) >= flapping.within) return;
  const least = formatDuration(flapping.within);
  const found = reopenWindow === null ? 'there is none' : `it is ${formatDuration(reopenWindow)}`;
  const message = `needs a reopenWindow of at least its \`within\`, ${least}, and ${found}; add reopenWindow: ${least}`;
  ctx.addIssue({ code: 'custom', path: ['flapping'], message, input: '' });
});
