/** What every command that runs until it is stopped shares: its settings, its log, how it is stopped, and what is put away then. */
import type { Logger } from 'pino';
import { createLogger } from '../api/logging.ts';
import { readEnvironment, type Environment } from '../config/environment.ts';
import { liveConfiguration } from '../config/live.ts';
import type { Configuration } from '../domain/configuration.ts';
import { installTelemetry, type Telemetry } from '../worker/telemetry.ts';
import { freePort } from './ports.ts';
import { reloadTeller } from './reloads.ts';
import { exitCodeOf } from './report.ts';
import { listenForShutdown } from './shutdown.ts';

export interface Session {
  readonly env: NodeJS.ProcessEnv;
  readonly environment: Environment;
  /** As it is now; asked anew each time, for it reloads. */
  readonly configuration: () => Configuration;
  /** Has something done after every reload that changed the configuration. */
  readonly onReload: (listener: () => void) => void;
  /** Tells a line to whoever reads: on standard output, or in the log. */
  readonly say: (line: string) => void;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** Aborted once the command is to stop. */
  readonly signal: AbortSignal;
  /** Has something stopped at the end of the command, however it ends: last come, first stopped. */
  readonly stopAtEnd: (stop: () => Promise<unknown> | void) => void;
}

export interface SessionOptions {
  /** `console`: lines for a person, and warnings as JSON on standard error. `log`: JSON lines on standard output, and nothing else. */
  readonly voice?: 'console' | 'log';
  /** Where Core's metrics are to be had, `127.0.0.1:9464`; on a free port of loopback where absent, nowhere where undefined comes. */
  readonly metricsAddress?: (environment: Environment) => Promise<string | undefined>;
}

/** The usual code of a process that SIGINT ended. */
const EXIT_FORCED = 130;
const STDERR = 2;

/**
 * Reads environment and configuration, then runs `command`; a signal ends it and is no error. Resolves to the exit code, 0.
 * Throws BAD_ENVIRONMENT, BAD_CONFIGURATION, and what the command throws, after everything is stopped; with the voice
 * `log` they are its last line instead, and the exit code says so.
 */
export async function session(
  env: NodeJS.ProcessEnv,
  command: (session: Session) => Promise<void>,
  options: SessionOptions = {},
): Promise<number> {
  if (options.voice !== 'log') return live(env, command, options);
  try {
    return await live(env, command, options);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    createLogger('info').fatal(typeof code === 'string' ? { code } : { err: error }, (error as Error).message);
    return exitCodeOf(error);
  }
}

async function live(
  env: NodeJS.ProcessEnv,
  command: (session: Session) => Promise<void>,
  { voice = 'console', metricsAddress = async () => loopbackAddress() }: SessionOptions,
): Promise<number> {
  const environment = await readSettled(env);
  const log =
    voice === 'log'
      ? createLogger(environment.logLevel ?? 'info')
      : createLogger(environment.logLevel ?? 'warn', STDERR);
  const say = voice === 'log' ? (line: string): void => log.info(line.trim()) : print;
  const telemetry = installTelemetry({ logger: log, metricsAddress: await metricsAddress(environment) });
  const tellReload = reloadTeller(telemetry.meter, voice === 'log' ? { log } : { say });
  const listeners: (() => void)[] = [];
  const configuration = liveConfiguration(environment.configPath, env, (reload) => {
    tellReload(reload);
    if (reload.outcome === 'loaded') for (const listener of listeners) listener();
  });
  tellReload.loaded(configuration.configuration(), configuration.warnings);
  const stops: (() => Promise<unknown> | void)[] = [];
  const shutdown = listenForShutdown(env, {
    force: () => process.exit(EXIT_FORCED),
    reload: () => configuration.reload(),
  });
  shutdown.signal.addEventListener('abort', () => say('\nStopping; once more ends it at once.'), { once: true });
  try {
    await command({
      env,
      environment,
      configuration: configuration.configuration,
      onReload: (listener) => void listeners.push(listener),
      say,
      log,
      telemetry,
      signal: shutdown.signal,
      stopAtEnd: (stop) => stops.push(stop),
    });
  } catch (error) {
    // A start that is broken off fails in many ways: once a stop was asked for, none of them is news.
    if (!shutdown.signal.aborted) throw error;
  } finally {
    for (const stop of stops.toReversed()) await quietly(stop, log);
    configuration.stop();
    shutdown.dispose();
  }
  say('Stopped.');
  return 0;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const loopbackAddress = async (): Promise<string> => `127.0.0.1:${await freePort('127.0.0.1')}`;

/** PORT 0 becomes the port that it will be, for links name it. */
async function readSettled(env: NodeJS.ProcessEnv): Promise<Environment> {
  const environment = readEnvironment(env);
  if (environment.port !== 0) return environment;
  return readEnvironment({ ...env, PORT: String(await freePort(environment.host)) });
}

/** What fails to stop must not keep the rest from it. */
async function quietly(stop: () => Promise<unknown> | void, log: Logger): Promise<void> {
  try {
    await stop();
  } catch (error) {
    log.error({ err: error }, `while stopping: ${(error as Error).message}`);
  }
}
