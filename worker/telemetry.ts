/** Logs of Temporal's SDK and of workflows, one JSON line each on standard error, from warnings up. */
import type { LogLevel } from '@temporalio/worker';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { pino } from 'pino';

const sink = pino({ name: 'worker', level: 'warn' }, pino.destination(2));
const LEVELS: Readonly<Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** The channels' workers serve no workflows, on purpose. */
const EXPECTED = 'No workflows registered, not polling for workflow tasks';

export const workerLogger = new DefaultLogger('WARN', ({ level, message, meta }) => {
  if (message !== EXPECTED) sink[LEVELS[level]]({ ...meta }, message);
});

let installed = false;

/** Once a process, before anything of the SDK's runtime is used. Signals are the command's own business, not the SDK's. */
export function installTelemetry(): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: workerLogger,
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
  });
}
