/** Users and their contact methods, rules; tokens (interfaces §3). */
import { z } from 'zod';
import { CHANNELS } from '../../domain/channels.ts';
import { LANGUAGES } from '../../domain/language.ts';
import { parseLocalDate } from '../../domain/time.ts';
import {
  address,
  choice,
  duration,
  fields,
  flag,
  id,
  list,
  localDate,
  name,
  reach,
  unexpected,
  zone,
} from './parts.ts';

/** A user's acknowledgement stands beside the source's own, which is by `source` (lifecycle §3). */
const userId = id.transform((text, ctx) =>
  text === 'source' ? unexpected(ctx, text, 'another id: "source" stands for the monitoring source') : text,
);

const role = choice(['admin', 'manager', 'responder', 'observer']).default('responder');

const contact = fields('a contact method such as { id: mail, channel: email, to: ana@example.com }', {
  id,
  channel: choice(CHANNELS),
  to: reach.optional(),
});

const rule = fields('a rule such as { after: 0s, contact: mail }', { after: duration('0s', '9000m'), contact: id });
const rules = list('a list of at most 15 rules', rule, 0, 15).default([]);

const absence = fields('an absence such as { from: 2026-12-24, to: 2027-01-02 }', {
  from: localDate,
  to: localDate,
}).transform((absence, ctx) => {
  if ((parseLocalDate(absence.to) ?? 0) > (parseLocalDate(absence.from) ?? 0)) return absence;
  const message = 'an absence must end after it begins; to is the first day, or the time, at which the user is back';
  ctx.addIssue({ code: 'custom', message, path: ['to'], input: '' });
  return z.NEVER;
});

export const user = fields('a user such as { id: ana, contacts: [{ id: term, channel: console }] }', {
  id: userId,
  name: name.optional(),
  email: address.optional(),
  timezone: zone.optional(),
  language: choice(LANGUAGES).optional(),
  role,
  statusUpdates: flag.default(false),
  away: list('a list of absences', absence).default([]),
  contacts: list('a list of at most 10 contact methods', contact, 0, 10).default([]),
  notificationRules: fields('rules by urgency: high and low', { high: rules, low: rules }).prefault({}),
});

export const team = fields('a team such as { id: microservices, members: [ana, bob] }', {
  id,
  name: name.optional(),
  members: list('a list of at least one user', id, 1),
});

const HASH = 'sha256: and the SHA-256 of the token in 64 hex digits';

export const token = fields('a token such as { id: grafana, hash: "sha256:…" }', {
  id,
  hash: z
    .string({ error: HASH })
    .regex(/^sha256:[0-9a-fA-F]{64}$/, { error: HASH })
    .transform((text) => text.slice('sha256:'.length).toLowerCase()),
  role,
  user: id.optional(),
  mayActAs: flag.default(false),
});
