/** `tocsin try-mapping`: the events that a mapping makes of a sample, or what is wrong, without a server and without an incident. */
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import { jsonReader } from '../api/jsonBody.ts';
import { asTocsinError } from '../api/problems.ts';
import { generic, translated, type Translated } from '../api/sources/generic.ts';
import { receivedBy } from '../api/sources/reading.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfiguration } from '../config/load.ts';
import { codeOf } from '../config/variables.ts';
import type { Integration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import type { SourceEvent } from '../domain/event.ts';
import type { Mapping } from '../domain/mapping.ts';
import { cut, oneLine } from '../domain/text.ts';
import { READY, READY_NAMES } from '../mapping/ready/index.ts';

export interface TryOptions {
  /** `Name: value`; of the sender's request. */
  readonly header: readonly string[];
  /** What stands behind the ? of the address. */
  readonly query: string;
  readonly config?: string;
  readonly json: boolean;
}

/** Characters of a value in the table. */
const MAX_SHOWN = 200;
const STANDARD_INPUT = 0;
const NEW_KEY = '(a new one each time)';

/**
 * Reads `file`, `-` for standard input, as the body of a request. Resolves to 0; throws BAD_EVENT, as its sender would be
 * answered, and NOT_FOUND, BAD_REQUEST and BAD_CONFIGURATION for what it is asked with.
 */
export async function tryMapping(
  env: NodeJS.ProcessEnv,
  name: string,
  file: string,
  options: TryOptions,
): Promise<number> {
  const integration = integrationOf(env, name, options.config);
  const request = {
    headers: { 'content-type': 'application/json', ...headersOf(options.header) },
    query: Object.fromEntries(new URLSearchParams(options.query)),
    body: contentOf(file),
    log: console,
  };
  const items = await receivedBy(generic, integration, request, jsonReader(fastify()))
    .then((received) => translated(received, () => NEW_KEY))
    .catch((error: unknown) => {
      throw asTocsinError(error);
    });
  const lines = options.json ? [JSON.stringify(jsonOf(items), null, 2)] : tableOf(items);
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** A ready mapping needs no configuration. */
function integrationOf(env: NodeJS.ProcessEnv, name: string, config: string | undefined): Integration {
  const ready: Readonly<Partial<Record<string, Mapping>>> = Object.hasOwn(READY, name) ? READY : {};
  const mapping = ready[name];
  if (mapping !== undefined) return { id: name, key: '', source: generic.name, service: null, mapping };
  const { configuration } = loadConfiguration(config ?? readEnvironment(env).configPath, env);
  const mapped = [...configuration.integrations.values()].filter((one) => one.mapping !== undefined);
  const found = mapped.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const ids = mapped.map(({ id }) => id).join(', ') || 'none';
  const text = `'${name}' is no ready mapping (${READY_NAMES.join(', ')}) and no integration of source generic (${ids})`;
  throw new TocsinError('NOT_FOUND', text);
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file);
  } catch (error) {
    throw new TocsinError('BAD_REQUEST', `${file} cannot be read (${codeOf(error)})`);
  }
}

const headersOf = (written: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    written.map((header) => {
      const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(header) ?? [];
      if (name === undefined || value === undefined)
        throw new TocsinError('BAD_REQUEST', `--header: expected 'Name: value', found '${header}'`);
      return [name.toLowerCase(), value];
    }),
  );

const jsonOf = (items: readonly Translated[]) => ({
  events: items.flatMap(({ event, remarks }) => (event === undefined ? [] : [{ ...event, at: isoOf(event), remarks }])),
  leftOut: items.filter(({ event }) => event === undefined).length,
});

function tableOf(items: readonly Translated[]): readonly string[] {
  if (items.length === 0) return ['No event: `each` gives an empty list.'];
  return items.flatMap(({ event, remarks }, index) => {
    const place = items.length === 1 ? '' : ` ${index + 1} of ${items.length}`;
    if (event === undefined) return [`Item${place}: no event, for \`when\` is false.`];
    const rows = [...rowsOf(event), ...remarks.map((remark) => ['remark', remark] as const)];
    const width = Math.max(...rows.map(([name]) => name.length));
    return [`Event${place}`, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)];
  });
}

const isoOf = ({ at }: SourceEvent): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());

function rowsOf(event: SourceEvent): readonly (readonly [name: string, value: string])[] {
  const {
    action,
    dedupKey,
    groupKey,
    severity,
    summary,
    source,
    component,
    group,
    class: kind,
    details,
    links,
  } = event;
  const rows: readonly (readonly [string, unknown])[] = [
    ...Object.entries({ action, severity, summary, source, dedupKey, groupKey, component, group, class: kind }),
    ['at', isoOf(event)],
    ...Object.entries(details ?? {}).map(([name, value]) => [`details.${name}`, value] as const),
    ...(links ?? []).map(({ href, text }) => ['link', text === undefined ? href : `${text} ${href}`] as const),
  ];
  return rows.flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [[cut(oneLine(name), MAX_SHOWN), cut(oneLine(text), MAX_SHOWN)] as const];
  });
}
