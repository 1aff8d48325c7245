/** What Temporal's SDK tells of itself, of workflows and activities: its logs go to ours, its metrics and ours to one place. */
import type { MetricMeter } from '@temporalio/common';
import type { LogLevel, Logger as TemporalLogger } from '@temporalio/worker';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { type Logger, pino } from 'pino';

export interface TelemetryOptions {
  /** Where absent: warnings as JSON lines on standard error. */
  readonly logger?: Logger;
  /** `127.0.0.1:9464`: where all metrics are to be had in Prometheus' text format; they are kept nowhere where it is absent. */
  readonly metricsAddress?: string | undefined;
}

export interface Telemetry {
  /** Takes our own metrics; they are told beside Temporal's. */
  readonly meter: MetricMeter;
  /** All metrics in Prometheus' text format 0.0.4; empty where they are kept nowhere. */
  readonly text: () => Promise<string>;
}

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

const LEVELS: Readonly<Record<LogLevel, Level>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};
/** The channels' workers serve no workflows, on purpose. */
const EXPECTED = 'No workflows registered, not polling for workflow tasks';
/** Seconds; those of the SDK by default are meant for milliseconds. */
const BUCKETS = {
  // From a memory's answer to the API's own deadline for Temporal.
  tocsin_http_request_duration_seconds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  // From "at once" to the quarter of an hour in which a page is tried.
  tocsin_notification_delay_seconds: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900],
};
const FETCH_WITHIN_MS = 5_000;

const quiet = pino({ name: 'worker', level: 'warn' }, pino.destination(2));
let installed: { readonly logger: TemporalLogger; readonly telemetry: Telemetry } | undefined;

/** Once a process, before anything of the SDK's runtime is used; a second call answers as the first. Signals are the command's own business, not the SDK's. */
export function installTelemetry({ logger = quiet, metricsAddress }: TelemetryOptions = {}): Telemetry {
  if (installed !== undefined) return installed.telemetry;
  const bridge = bridgeTo(logger);
  Runtime.install({
    logger: bridge,
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(metricsAddress !== undefined && {
        metrics: {
          prometheus: {
            bindAddress: metricsAddress,
            countersTotalSuffix: true,
            unitSuffix: true,
            useSecondsForDurations: true,
            histogramBucketOverrides: BUCKETS,
          },
        },
      }),
    },
  });
  const telemetry: Telemetry = {
    meter: Runtime.instance().metricMeter,
    text: async () => (metricsAddress === undefined ? '' : fetchText(`http://${metricsAddress}/metrics`)),
  };
  installed = { logger: bridge, telemetry };
  return telemetry;
}

/** The SDK's logger as it is installed, for what is done beside its runtime. */
export const temporalLogger = (): TemporalLogger => installed?.logger ?? bridgeTo(quiet);

function bridgeTo(logger: Logger): TemporalLogger {
  const lowest = (Object.keys(LEVELS) as LogLevel[]).find((level) => logger.isLevelEnabled(LEVELS[level])) ?? 'ERROR';
  return new DefaultLogger(lowest, ({ level, message, meta }) => {
    // The token of an activity's task is long, and means something to the server alone.
    const { taskToken: _taskToken, ...told } = meta ?? {};
    if (message !== EXPECTED) logger[LEVELS[level]](told, message);
  });
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_WITHIN_MS) });
  return response.text();
}
