/** `channels.pagerduty`, `opsgenie` and `reactio`: other systems that hold incidents too. */
import { z } from 'zod';
import { REACTIO_DETECTIONS } from '../../../domain/channels.ts';
import { choice, fields, flag, id, list, unexpected } from '../parts.ts';
import { base, credential, named } from './parts.ts';

const secret = credential('a secret such as "${PAGERDUTY_WEBHOOK_SECRET}"');

const THEIR_USERS = 'users by their ids in PagerDuty, such as { PLH1HKV: ana }';

const theirUsers = z.record(z.string().regex(/^[A-Z0-9]{1,64}$/), id, {
  error: (issue) =>
    issue.code === 'invalid_key' ? 'not an id such as PLH1HKV: capital letters and digits' : THEIR_USERS,
});

const BEARER = 'a secret of 20 to 200 letters, digits, _ and -, as of: openssl rand -hex 32';
const bearer = z
  .string({ error: BEARER })
  .transform((text, ctx) => (/^[A-Za-z0-9_-]{20,200}$/.test(text) ? text : unexpected(ctx, '', BEARER)));

export const pagerduty = named(
  'services by name, such as { main: { routingKey: "${PAGERDUTY_KEY}" } }',
  fields('a service such as { routingKey: "${PAGERDUTY_KEY}" }', {
    routingKey: credential('a routing key such as "${PAGERDUTY_KEY}"'),
    url: base('an address such as https://events.pagerduty.com').default('https://events.pagerduty.com'),
    apiKey: credential('a REST API key such as "${PAGERDUTY_API_KEY}"').optional(),
    apiUrl: base('an address such as https://api.pagerduty.com').default('https://api.pagerduty.com'),
    webhookSecrets: list('a list of secrets', secret).default([]),
    users: theirUsers.default({}),
  }),
);

export const opsgenie = named(
  'integrations by name, such as { main: { apiKey: "${OPSGENIE_KEY}" } }',
  fields('an integration such as { apiKey: "${OPSGENIE_KEY}" }', {
    apiKey: credential('an API key such as "${OPSGENIE_KEY}"'),
    url: base('an address such as https://api.opsgenie.com').default('https://api.opsgenie.com'),
    webhookSecret: bearer.optional(),
  }),
);

export const reactio = named(
  'organizations by name, such as { main: { apiKey: "${REACTIO_KEY}", url: "https://example.reactio.jp" } }',
  fields('an organization such as { apiKey: "${REACTIO_KEY}", url: "https://example.reactio.jp" }', {
    apiKey: credential('an API key such as "${REACTIO_KEY}"'),
    url: base('an address such as https://example.reactio.jp'),
    call: flag.default(true),
    detection: choice(REACTIO_DETECTIONS).default('internal'),
  }),
);
