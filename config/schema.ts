/** The configuration as an operator writes it (interfaces §3). What is to come is refused by name, never ignored. */
import type { z } from 'zod';
import { LANGUAGES } from '../domain/language.ts';
import { channels } from './schema/channels/index.ts';
import { escalationPolicy, schedule } from './schema/escalation.ts';
import { integration } from './schema/integration.ts';
import { monitor } from './schema/monitors.ts';
import { choice, fields, list, name, notBuilt, zone } from './schema/parts.ts';
import { team, token, user } from './schema/people.ts';
import { rule } from './schema/routing.ts';
import { service } from './schema/services.ts';
import { templates } from './schema/templates.ts';

const organization = fields('{ name: Example, timezone: Asia/Shanghai }', {
  name: name.default('Tocsin'),
  timezone: zone.default('UTC'),
  language: choice(LANGUAGES).default('en'),
});

export const configurationSchema = fields('sections such as users: and services:', {
  organization: organization.prefault({}),
  users: list('a list of users', user).default([]),
  teams: list('a list of teams', team).default([]),
  schedules: list('a list of schedules', schedule).default([]),
  escalationPolicies: list('a list of escalation policies', escalationPolicy).default([]),
  services: list('a list of at least one service', service, 1),
  integrations: list('a list of integrations', integration).default([]),
  routing: list('a list of at most 500 rules', rule, 0, 500).default([]),
  channels: channels.prefault({}),
  templates: templates.prefault({}),
  monitors: list('a list of monitors', monitor).default([]),
  limits: notBuilt('limits', {}),
  tokens: list('a list of tokens', token).default([]),
});

export type Written = z.output<typeof configurationSchema>;
