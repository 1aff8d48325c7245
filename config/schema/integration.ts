/** An integration: a way in, and what its source is told beside the key (interfaces §3, §4). */
import { z } from 'zod';
import { called, credential } from './channels/parts.ts';
import { mapping } from './mapping.ts';
import { every, grace, heartbeats } from './heartbeats.ts';
import { choice, fields, flag, list } from './parts.ts';

/** Stands in workflow ids (lifecycle §2.2), so it has fewer characters than other ids. */
const ID =
  'an id of 1 to 64 characters: letters, digits, _ and -, not beginning with "manual-", and not "tocsin", which are reserved';
const KEY = 'a routing key of 8 to 255 characters: letters, digits, _ and -';

export const SOURCES = [
  'events-v2',
  'events-v1',
  'guance',
  'alertmanager',
  'grafana',
  'sensu',
  'sentry',
  'cloudwatch',
  'opsgenie',
  'generic',
  'heartbeat',
] as const;

const HEADER = 'the name of a header, such as X-Grafana-Alerting-Signature';
/** RFC 9110 §5.1. */
const header = z.string({ error: HEADER }).regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, { error: HEADER });

const TOPIC = 'the ARN of a topic, such as arn:aws:sns:us-east-1:123456789012:alarms';
const topic = z
  .string({ error: TOPIC })
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]{1,256}$/, { error: TOPIC });
const ENDPOINT = 'an address such as http://127.0.0.1:4566, of a stand-in for Amazon SNS';
const endpoint = called(ENDPOINT).transform((text) => new URL(text).origin);

export const integration = fields('an integration such as { key: "${PAYMENTS_KEY}", source: guance }', {
  id: z
    .string({ error: ID })
    .regex(/^(?!manual-|tocsin$)[A-Za-z0-9_-]{1,64}$/, { error: ID })
    .exactOptional(),
  key: z.string({ error: KEY }).regex(/^[A-Za-z0-9_-]{8,255}$/, { error: KEY }),
  source: choice(SOURCES),
  signatureHeader: header.exactOptional(),
  timestampHeader: header.exactOptional(),
  newIssues: choice(['trigger', 'ignore']).exactOptional(),
  topics: list('a list of topics', topic, 1).exactOptional(),
  verify: flag.exactOptional(),
  insufficientData: choice(['trigger', 'resolve', 'ignore']).exactOptional(),
  endpoints: list('a list of addresses', endpoint, 1).exactOptional(),
  secret: credential('the secret that the source signs with, such as "${GRAFANA_SECRET}"').exactOptional(),
  mapping: mapping.exactOptional(),
  heartbeats: heartbeats.exactOptional(),
  every: every.exactOptional(),
  grace: grace.exactOptional(),
});

type Setting = Exclude<keyof z.output<typeof integration>, 'id' | 'key' | 'source'>;

/** Which sources a setting is of; given for another one it is an error (config/integrations.ts). */
export const SETTINGS: Readonly<Record<Setting, readonly string[]>> = {
  secret: ['grafana', 'sentry'],
  newIssues: ['sentry'],
  heartbeats: ['heartbeat'],
  every: ['heartbeat'],
  grace: ['heartbeat'],
  topics: ['cloudwatch'],
  verify: ['cloudwatch'],
  insufficientData: ['cloudwatch'],
  endpoints: ['cloudwatch'],
  signatureHeader: ['grafana'],
  timestampHeader: ['grafana'],
  mapping: ['generic'],
};

/** Settings that say nothing without another one. */
export const NEEDS: Readonly<Partial<Record<Setting, Setting>>> = {
  signatureHeader: 'secret',
  timestampHeader: 'secret',
};
