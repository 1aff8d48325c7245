/** Loads a configuration: read, expanded, checked as a whole, built. All that is wrong is told at once. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Configuration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import { buildConfiguration } from './build.ts';
import { unverified, weakKeys } from './integrations.ts';
import { suggestion } from './nearest.ts';
import { writeProblems } from './problems.ts';
import type { Path, Problem } from './problems.ts';
import { checkReferences } from './references.ts';
import { configurationSchema } from './schema.ts';
import { readSources } from './sources.ts';
import { expand } from './variables.ts';
import type { Variables } from './variables.ts';

export interface LoadedConfiguration {
  /** Frozen, with what is in it. */
  readonly configuration: Configuration;
  /** Lines as those of an error, of what is accepted and not good. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration at `path`, a YAML file or a folder of them merged (interfaces §3), with `env` for its `${NAME}`.
 * Throws BAD_CONFIGURATION with one line an error: `file:line:col path: what was expected, and what to do`. No line holds
 * a value from `env`, or a secret that stands in the file.
 */
export function loadConfiguration(path: string, env: Variables): LoadedConfiguration {
  const sources = readSources(path);
  const expanded = expand(sources.tree, env);
  const { tree } = expanded;
  const parsed = configurationSchema.safeParse(tree);
  // What could not be expanded is told once: nothing else about that place means anything.
  const isExpanded = ({ path }: Problem): boolean =>
    !expanded.problems.some((failed) => failed.path.every((step, index) => step === path[index]));
  const checked = [...(parsed.error?.issues ?? []).flatMap(problemsOf), ...checkReferences(tree, sources.tree)];
  const problems = [...sources.problems, ...expanded.problems, ...checked.filter(isExpanded)];
  if (problems.length > 0 || parsed.data === undefined) {
    throw new TocsinError('BAD_CONFIGURATION', writeProblems(problems, sources.locate).join('\n'));
  }
  // Of what is written and not of its text: a comment changes nothing in a process that runs, and is read by the next to start.
  const version = createHash('sha256').update(JSON.stringify(sources.tree)).digest('hex').slice(0, 12);
  return {
    configuration: buildConfiguration(parsed.data, version),
    warnings: writeProblems([...weakKeys(tree), ...unverified(tree)], sources.locate),
  };
}

/** The schema's issues by their convention (schema/parts.ts). */
function problemsOf(issue: z.core.$ZodIssue): readonly Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(', ');
    return issue.keys.map((key) => ({
      path: [...path, key],
      at: 'key',
      says: { sentence: `${key} is not known here${suggestion(key, known)}` },
    }));
  }
  if (issue.code === 'invalid_key') return [{ path, at: 'key', says: { sentence: issue.message } }];
  return [{ path, says: issue.code === 'custom' ? { sentence: issue.message } : { expected: issue.message } }];
}
