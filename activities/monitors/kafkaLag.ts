/** Polls of consumer groups' lag. Secrets stay here: what goes back into the workflow has none. */
import type { Configuration } from '../../domain/configuration.ts';
import type { LagReading } from '../../domain/lag.ts';
import type { KafkaLagSettings, Monitor } from '../../domain/monitors.ts';
import { cut, oneLine } from '../../domain/text.ts';
import type { LagPoll, MonitorActivities } from '../contract.ts';
import { readKafkaCluster } from './kafkaCluster.ts';
import { readLegacyTencentKafka } from './legacyTencentKafka.ts';
import { readTencentKafka } from './tencentKafka.ts';

/** Characters of a failure: it stands in the workflow's history, and in what people are told. */
const MAX_FAILURE = 300;

interface Deps {
  readonly configuration: () => Configuration;
  /** Milliseconds; for tests. */
  readonly timeout?: number;
}

export function monitorActivities({ configuration, timeout }: Deps): MonitorActivities {
  return {
    async pollKafkaLag(id): Promise<LagPoll | null> {
      const monitor = configuration().monitors.get(id);
      if (monitor === undefined) return null;
      const reading = await read(monitor, timeout).catch((error: unknown) => ({ failure: failureOf(monitor, error) }));
      return { settings: settingsOf(monitor), reading };
    },
  };
}

function read(monitor: Monitor, timeout: number | undefined): Promise<LagReading> {
  switch (monitor.api) {
    case 'kafka':
      return readKafkaCluster(monitor, timeout);
    case 'legacy':
      return readLegacyTencentKafka({ ...monitor, api: monitor.api }, timeout);
    case 'tencent':
      return readTencentKafka({ ...monitor, api: monitor.api }, timeout);
    default:
      return monitor satisfies never;
  }
}

/** Named one by one, so that nothing else can come along. */
const settingsOf = (monitor: Monitor): KafkaLagSettings => ({
  id: monitor.id,
  type: monitor.type,
  every: monitor.every,
  integration: monitor.integration,
  group: monitor.group,
  topics: monitor.topics,
  threshold: monitor.threshold,
  thresholds: monitor.thresholds,
  severity: monitor.severity,
  tellAfterFailures: monitor.tellAfterFailures,
});

function failureOf(monitor: Monitor, error: unknown): string {
  const text = secretsOf(monitor).reduce((rest, secret) => rest.replaceAll(secret, '***'), reasons(error).join(': '));
  return cut(oneLine(text), MAX_FAILURE);
}

/** Its message and those of what caused it; a code says more than some messages. */
function reasons(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  const { code } = error as { readonly code?: unknown };
  const coded = typeof code === 'string' && !error.message.includes(code);
  const within: readonly unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  const first = within.find((each) => each !== undefined);
  return [coded ? `${code}: ${error.message}` : error.message, ...(first === undefined ? [] : reasons(first))];
}

const secretsOf = (monitor: Monitor): readonly string[] =>
  (monitor.api === 'kafka' ? [monitor.sasl?.password ?? ''] : [monitor.secretKey, monitor.secretId]).filter(
    (secret) => secret.length > 3,
  );
