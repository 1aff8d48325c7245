/** `tocsin validate`: what a start would say of a configuration, without a start. */
import { readEnvironment } from '../config/environment.ts';
import { loadConfiguration, type LoadedConfiguration } from '../config/load.ts';
import { TocsinError } from '../domain/errors.ts';

interface Verdict {
  readonly valid: boolean;
  /** As decisions name it. */
  readonly version?: string;
  /** `file:line:col path: text` */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Prints all errors and warnings of the configuration at `path`, TOCSIN_CONFIG where absent. Resolves to the exit code: 0 valid, 1 not. */
export async function validate(
  env: NodeJS.ProcessEnv,
  path: string | undefined,
  { json }: { readonly json: boolean },
): Promise<number> {
  const file = path ?? readEnvironment(env).configPath;
  const verdict = judge(() => loadConfiguration(file, env));
  const { valid, errors, warnings } = verdict;
  const lines = json
    ? [JSON.stringify(verdict, null, 2)]
    : [
        ...errors,
        ...warnings.map((warning) => `Warning: ${warning}`),
        valid ? `${file} is valid.` : `${file} is not valid: ${errors.length} error${errors.length === 1 ? '' : 's'}.`,
      ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return valid ? 0 : 1;
}

function judge(load: () => LoadedConfiguration): Verdict {
  try {
    const { configuration, warnings } = load();
    return { valid: true, version: configuration.version, errors: [], warnings };
  } catch (error) {
    if (!(error instanceof TocsinError) || error.code !== 'BAD_CONFIGURATION') throw error;
    return { valid: false, errors: error.message.split('\n'), warnings: [] };
  }
}
