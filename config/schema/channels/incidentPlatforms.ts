/** `channels.pagerduty`, `opsgenie` and `reactio`: other systems that hold incidents too. */
import { fields, flag, list } from '../parts.ts';
import { called, credential, named } from './parts.ts';

const secret = credential('a secret such as "${PAGERDUTY_WEBHOOK_SECRET}"');

export const pagerduty = named(
  'services by name, such as { main: { routingKey: "${PAGERDUTY_KEY}" } }',
  fields('a service such as { routingKey: "${PAGERDUTY_KEY}" }', {
    routingKey: credential('a routing key such as "${PAGERDUTY_KEY}"'),
    url: called('an address such as https://events.pagerduty.com').default('https://events.pagerduty.com'),
    apiKey: credential('a REST API key such as "${PAGERDUTY_API_KEY}"').optional(),
    apiUrl: called('an address such as https://api.pagerduty.com').default('https://api.pagerduty.com'),
    webhookSecrets: list('a list of secrets', secret).default([]),
  }),
);

export const opsgenie = named(
  'integrations by name, such as { main: { apiKey: "${OPSGENIE_KEY}" } }',
  fields('an integration such as { apiKey: "${OPSGENIE_KEY}" }', {
    apiKey: credential('an API key such as "${OPSGENIE_KEY}"'),
    url: called('an address such as https://api.opsgenie.com').default('https://api.opsgenie.com'),
    webhookSecret: secret.optional(),
  }),
);

export const reactio = named(
  'organizations by name, such as { main: { apiKey: "${REACTIO_KEY}", url: "https://example.reactio.jp" } }',
  fields('an organization such as { apiKey: "${REACTIO_KEY}", url: "https://example.reactio.jp" }', {
    apiKey: credential('an API key such as "${REACTIO_KEY}"'),
    url: called('an address such as https://example.reactio.jp'),
    call: flag.default(true),
  }),
);
