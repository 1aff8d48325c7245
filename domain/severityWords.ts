/** Severities as people and programs write them. */
import type { Severity } from './event.ts';

/** By the word in lower case; any other is none. */
export const SEVERITY_WORDS: ReadonlyMap<string, Severity> = new Map(
  (
    [
      ['critical', 'critical page emergency fatal'],
      ['error', 'error high major'],
      ['warning', 'warning warn minor medium'],
      ['info', 'info informational low none notice'],
    ] as const
  ).flatMap(([severity, words]) => words.split(' ').map((word) => [word, severity] as const)),
);
