/** Small configurations for tests, written to a folder that goes with the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../config/load.ts';
import type { LoadedConfiguration } from '../../config/load.ts';
import { SOURCES } from '../../config/schema/integration.ts';
import { TocsinError } from '../../domain/errors.ts';

/** Complete, and with nothing that could be left out; 13 lines, which the positions in tests count from. */
export const VALID = `users:
  - id: ana
    contacts: [{ id: term, channel: console }]
escalationPolicies:
  - id: main
    levels:
      - targets: ['user:ana']
        escalateAfter: 5m
services:
  - id: shop
    escalationPolicy: main
    integrations:
      - { key: 0123456789abcdef0123456789abcdef, source: guance }
`;

/** `VALID` with one piece of it replaced. */
export function changed(find: string, replace: string): string {
  if (VALID.split(find).length !== 2) throw new Error(`"${find}" must stand exactly once in VALID`);
  return VALID.replace(find, () => replace);
}

/** What is expected of a source, as errors list it. */
export const A_SOURCE = SOURCES.join(', ').replace(/, ([^,]+)$/, ' or $1');
export const KEY = '0123456789abcdef0123456789abcdef';
export const CONTACT = '{ id: term, channel: console }';
export const copies = (count: number, text: string): string =>
  `[${Array.from({ length: count }, () => text).join(', ')}]`;
/** Changes of `VALID` that put one more line into a user, a level, a policy, a service, or before the services. */
export const user = (line: string): [string, string] => ['    contacts:', `    ${line}\n    contacts:`];
export const level = (line: string): [string, string] => ['escalateAfter: 5m', `escalateAfter: 5m\n        ${line}`];
export const policy = (line: string): [string, string] => ['  - id: main', `  - id: main\n    ${line}`];
export const service = (line: string): [string, string] => ['    integrations:', `    ${line}\n    integrations:`];
export const section = (line: string): [string, string] => ['services:', `${line}\nservices:`];
/** A kind of error, the change of `VALID` that makes it, and all that is then told. */
export type Case = [kind: string, change: [find: string, replace: string], ...expected: string[]];

type Env = Readonly<Record<string, string | undefined>>;

/** Runs `work` with the path of a folder that holds these files. */
export function withFiles<Result>(files: Readonly<Record<string, string>>, work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-config-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const load = (text: string, env: Env = {}): LoadedConfiguration =>
  withFiles({ 'c.yaml': text }, (folder) => loadConfiguration(join(folder, 'c.yaml'), env));

/** The lines of the refusal, without the folder; throws where nothing is refused. */
export function refusal(work: (folder: string) => unknown, files: Readonly<Record<string, string>>): readonly string[] {
  return withFiles(files, (folder) => {
    try {
      work(folder);
    } catch (error) {
      if (!(error instanceof TocsinError) || error.code !== 'BAD_CONFIGURATION') throw error;
      return error.message.replaceAll(`${folder}/`, '').split('\n');
    }
    throw new Error('nothing was refused');
  });
}

/** What is refused about one file, `line:col path: text`. */
export const errorsOf = (text: string, env: Env = {}): readonly string[] =>
  refusal((folder) => loadConfiguration(join(folder, 'c.yaml'), env), { 'c.yaml': text }).map((line) =>
    line.replace('c.yaml:', ''),
  );
