/** What every command that runs until it is stopped shares: its settings, how it is stopped, and what is put away then. */
import { loadConfiguration } from '../config/load.ts';
import { readEnvironment, type Environment } from '../config/environment.ts';
import type { Configuration } from '../domain/configuration.ts';
import { freePort } from './ports.ts';
import { listenForShutdown } from './shutdown.ts';

export interface Session {
  readonly env: NodeJS.ProcessEnv;
  readonly environment: Environment;
  readonly configuration: () => Configuration;
  /** Writes a line to standard output. */
  readonly say: (line: string) => void;
  /** Aborted once the command is to stop. */
  readonly signal: AbortSignal;
  /** Has something stopped at the end of the command, however it ends: last come, first stopped. */
  readonly stopAtEnd: (stop: () => Promise<unknown> | void) => void;
}

/** The usual code of a process that SIGINT ended. */
const EXIT_FORCED = 130;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * Reads environment and configuration, then runs `command`; a signal ends it and is no error. Resolves to the exit code, 0.
 * Throws BAD_ENVIRONMENT, BAD_CONFIGURATION, and what the command throws, after everything is stopped.
 */
export async function session(env: NodeJS.ProcessEnv, command: (session: Session) => Promise<void>): Promise<number> {
  const environment = await readSettled(env);
  const { configuration, warnings } = loadConfiguration(environment.configPath, env);
  for (const warning of warnings) say(`Warning: ${warning}`);
  const stops: (() => Promise<unknown> | void)[] = [];
  const shutdown = listenForShutdown(env, () => process.exit(EXIT_FORCED));
  shutdown.signal.addEventListener('abort', () => say('\nStopping; once more ends it at once.'), { once: true });
  try {
    await command({
      env,
      environment,
      configuration: () => configuration,
      say,
      signal: shutdown.signal,
      stopAtEnd: (stop) => stops.push(stop),
    });
  } catch (error) {
    // A start that is broken off fails in many ways: once a stop was asked for, none of them is news.
    if (!shutdown.signal.aborted) throw error;
  } finally {
    for (const stop of stops.toReversed()) await quietly(stop);
    shutdown.dispose();
  }
  say('Stopped.');
  return 0;
}

/** PORT 0 becomes the port that it will be, for links name it. */
async function readSettled(env: NodeJS.ProcessEnv): Promise<Environment> {
  const environment = readEnvironment(env);
  if (environment.port !== 0) return environment;
  return readEnvironment({ ...env, PORT: String(await freePort(environment.host)) });
}

/** What fails to stop must not keep the rest from it. */
async function quietly(stop: () => Promise<unknown> | void): Promise<void> {
  try {
    await stop();
  } catch (error) {
    process.stderr.write(`While stopping: ${(error as Error).message}\n`);
  }
}
