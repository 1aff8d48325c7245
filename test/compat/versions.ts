/** The versions of all clients, from the one file that pins them. */
import { readFileSync } from 'node:fs';

export type Kind = 'python' | 'npm' | 'go' | 'debian';

/** By kind and by package. */
export const VERSIONS = JSON.parse(readFileSync(new URL('./versions.json', import.meta.url), 'utf8')) as Readonly<
  Record<Kind, Readonly<Record<string, string>>>
>;
