/** The environment variables that Tocsin reads itself (interfaces §2); those of Temporal's client are read by its own package. */
import { z } from 'zod';
import { days, parseDuration } from '../domain/duration.ts';
import type { Milliseconds } from '../domain/duration.ts';
import { TocsinError } from '../domain/errors.ts';
import { variable } from './variables.ts';
import type { Variables } from './variables.ts';

export interface Environment {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly configPath: string;
  readonly dataDir: string;
  /** PostgreSQL; holds a password. */
  readonly databaseUrl?: string;
  /** Without a final slash. `http://HOST:PORT` where it is not set, also where PORT is 0. */
  readonly publicUrl: string;
  readonly apiToken?: string;
  readonly secret?: string;
  readonly retention: Milliseconds;
  /** The process's own choice where absent. */
  readonly logLevel?: string;
  /** Where a worker that runs alone offers its metrics. */
  readonly metricsPort?: number;
  /** A secret: whoever knows it can keep the watchdog quiet. */
  readonly deadmanUrl?: string;
  readonly temporalPort: number;
  readonly temporalUiPort: number;
  readonly temporalAddress?: string;
  readonly temporalCli?: string;
}

const SECRETS = new Set(['TOCSIN_API_TOKEN', 'TOCSIN_SECRET', 'TOCSIN_DEADMAN_URL', 'TOCSIN_DATABASE_URL']);

const matching = (expected: string, pattern: RegExp) => z.string().regex(pattern, { error: expected });
const path = matching('a path', /^[^\0]+$/);

function port(lowest: number) {
  const expected = `a port from ${lowest} to 65535`;
  return matching(expected, /^\d{1,5}$/)
    .transform(Number)
    .refine((number) => number >= lowest && number <= 65_535, { error: expected });
}

const DEADMAN_URL = 'an address such as https://hc-ping.com/<id>';
const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const RETENTION = 'a duration of at least 1d, such as 30d';
const retention = z.string().transform((text, ctx): Milliseconds => {
  const parsed = parseDuration(text);
  if (parsed !== undefined && parsed >= days(1)) return parsed;
  ctx.addIssue({ code: 'custom', message: RETENTION });
  return z.NEVER;
});

const PUBLIC_URL = 'an address such as https://tocsin.example.com, without user, query or fragment';
const publicUrl = z
  .string()
  .refine(isPublicUrl, { error: PUBLIC_URL })
  .transform((text) => text.replace(/\/+$/, ''));

function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && username + password === '' && !/[?#\s]/.test(text);
}

const DATABASE_URL = 'an address such as postgres://user:password@host:5432/database';

function isDatabaseUrl(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

const schema = z.object({
  HOST: matching('an address or host name such as 127.0.0.1, without scheme and port', /^[A-Za-z0-9_.:%-]+$/).default(
    '127.0.0.1',
  ),
  PORT: port(0).default(8080),
  TOCSIN_CONFIG: path.default('config/tocsin.yaml'),
  TOCSIN_DATA_DIR: path.default('.tocsin'),
  TOCSIN_DATABASE_URL: z.string().refine(isDatabaseUrl, { error: DATABASE_URL }).optional(),
  TOCSIN_PUBLIC_URL: publicUrl.optional(),
  TOCSIN_API_TOKEN: matching('at least 8 printable characters without spaces', /^[\x21-\x7e]{8,}$/).optional(),
  TOCSIN_SECRET: matching('at least 8 characters; 32 random ones are good', /^[^]{8,}$/).optional(),
  TOCSIN_RETENTION: retention.default(days(30)),
  TOCSIN_DEADMAN_URL: z.string().refine(isWebAddress, { error: DEADMAN_URL }).optional(),
  TOCSIN_LOG_LEVEL: z.enum(LOG_LEVELS, { error: LOG_LEVELS.join(', ') }).optional(),
  TOCSIN_METRICS_PORT: port(1).optional(),
  TOCSIN_TEMPORAL_PORT: port(1).default(7233),
  TOCSIN_TEMPORAL_UI_PORT: port(1).default(8233),
  TEMPORAL_ADDRESS: matching('a host and port such as localhost:7233', /^[^\s/]+:\d{1,5}$/).optional(),
  TEMPORAL_CLI: path.optional(),
});

/**
 * Reads `env`, an empty value counting as not set. A secret may come as NAME_FILE too. Throws BAD_ENVIRONMENT with one
 * line a variable that is not what it should be; no secret is ever in it.
 */
export function readEnvironment(env: Variables): Environment {
  const lines: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const { value, trouble } = SECRETS.has(name) ? variable(env, name) : { value: env[name], trouble: undefined };
    if (trouble !== undefined) lines.push(`${name}: ${trouble}`);
    if (value) given[name] = value;
  }
  const parsed = schema.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0]);
    lines.push(
      `${name}: expected ${message}, found ${SECRETS.has(name) ? 'something else' : JSON.stringify(given[name])}`,
    );
  }
  if (lines.length > 0 || parsed.data === undefined) throw new TocsinError('BAD_ENVIRONMENT', lines.join('\n'));
  return named(parsed.data);
}

function named(read: z.output<typeof schema>): Environment {
  const { TOCSIN_API_TOKEN: apiToken, TOCSIN_SECRET: secret, TEMPORAL_ADDRESS: temporalAddress } = read;
  const { TOCSIN_DATABASE_URL: databaseUrl } = read;
  const {
    TEMPORAL_CLI: temporalCli,
    TOCSIN_LOG_LEVEL: logLevel,
    TOCSIN_METRICS_PORT: metricsPort,
    TOCSIN_DEADMAN_URL: deadmanUrl,
  } = read;
  // An IPv6 address stands in brackets in a URL.
  const host = read.HOST.includes(':') ? `[${read.HOST}]` : read.HOST;
  return {
    host: read.HOST,
    port: read.PORT,
    configPath: read.TOCSIN_CONFIG,
    dataDir: read.TOCSIN_DATA_DIR,
    publicUrl: read.TOCSIN_PUBLIC_URL ?? `http://${host}:${read.PORT}`,
    retention: read.TOCSIN_RETENTION,
    temporalPort: read.TOCSIN_TEMPORAL_PORT,
    temporalUiPort: read.TOCSIN_TEMPORAL_UI_PORT,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(apiToken === undefined ? {} : { apiToken }),
    ...(secret === undefined ? {} : { secret }),
    ...(temporalAddress === undefined ? {} : { temporalAddress }),
    ...(temporalCli === undefined ? {} : { temporalCli }),
    ...(deadmanUrl === undefined ? {} : { deadmanUrl }),
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(metricsPort === undefined ? {} : { metricsPort }),
  };
}
