/** The table of docs/compatibility.md. */
import { type Client, CLIENTS } from './clients.ts';
import { VERSIONS } from './versions.ts';

/** A row a client, with the calls that were made. */
export function tableOf(calls: ReadonlyMap<Client, readonly string[]>): string {
  const rows = CLIENTS.map((client) => {
    const made = [...new Set(calls.get(client) ?? [])].join(', ');
    return `| ${client.name} | ${versionOf(client)} | ${client.set} | ${made} |`;
  });
  return [
    '| client | version | what was set | calls that were made, each as wanted |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** Throws where no version is pinned. */
export function versionOf({ kind, package: name }: Client): string {
  const version = VERSIONS[kind][name];
  if (version === undefined) throw new Error(`test/compat/versions.json pins no version of ${name}`);
  return version;
}
