/** Schedules and escalation policies (interfaces §3; their limits: lifecycle §4). */
import { z } from 'zod';
import type { Target } from '../../domain/configuration.ts';
import { choice, duration, fields, flag, id, list, localTime, name, unexpected, whole, zone } from './parts.ts';
import { restriction } from './restriction.ts';

const layer = fields('a layer such as { start: 2026-01-05T09:00, rotate: { every: 1, unit: week }, users: [ana] }', {
  start: localTime,
  rotate: fields('a rotation such as { every: 1, unit: week }', {
    every: whole('a whole number from 1 to 1000', 1, 1000).default(1),
    unit: choice(['hour', 'day', 'week', 'month']),
  }),
  users: list('a list of at least one user', id, 1),
  restrictions: list('a list of at most 50 restrictions', restriction, 0, 50).default([]),
});

export const schedule = fields('a schedule with id, timezone and layers', {
  id,
  name: name.optional(),
  timezone: zone.optional(),
  layers: list('a list of at least one layer', layer, 1),
});

const TARGET = 'a target: user:<id>, schedule:<id> or team:<id>';

export const target = z
  .string({ error: TARGET })
  .meta({ pattern: '^(user|schedule|team):.+$', description: TARGET })
  .transform((text, ctx): Target => {
    const [, kind, id] = /^(user|schedule|team):(.+)$/.exec(text) ?? [];
    return id === undefined ? unexpected(ctx, '', TARGET) : { kind: kind as Target['kind'], id };
  });

const level = fields('a level such as { targets: ["schedule:primary"], escalateAfter: 5m }', {
  targets: list("a list of 1 to 10 targets (a page that goes to more is nobody's: add a level)", target, 1, 10),
  escalateAfter: duration('1s', '9000m'),
  ifEmpty: choice(['skip', 'wait']).default('skip'),
  onEscalate: choice(['replace', 'accumulate']).default('replace'),
  multiAck: flag.default(false),
  assign: choice(['all', 'round-robin']).default('all'),
  massNotification: flag.default(false),
});

export const escalationPolicy = fields('an escalation policy with id and levels', {
  id,
  name: name.optional(),
  repeat: whole('a whole number from 0 to 9', 0, 9).default(0),
  levels: list('a list of 1 to 20 levels', level, 1, 20),
  lastResort: list('a list of targets', target).default([]),
});
