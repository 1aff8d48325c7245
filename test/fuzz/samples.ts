/** What the house's sources are sent where the fuzzer is to be let in: keys of test/fuzz/house.yaml, bodies of test/fixtures. */
import { readFileSync } from 'node:fs';

const body = (name: string): unknown => JSON.parse(readFileSync(`test/fixtures/${name}.json`, 'utf8'));

export const SAMPLES = {
  token: 'tocsin_fuzzer-token-0000000000000000',
  routingKey: 'fuzzed-events-v2-key-0000000000',
  serviceKey: 'fuzzed-events-v1-key-0000000000',
  genieKey: 'fuzzed-opsgenie-key-000000000000',
  heartbeatKey: 'fuzzed-heartbeat-key-00000000000',
  heldKey: 'fuzzed-held-guance-key-000000000',
  grafana: { key: 'fuzzed-grafana-key-0000000000000', body: body('grafana-firing') },
  sources: {
    guance: { key: 'fuzzed-guance-key-000000000000', body: body('guance-critical') },
    alertmanager: { key: 'fuzzed-alertmanager-key-0000000', body: body('alertmanager-firing') },
    sensu: { key: 'fuzzed-sensu-key-0000000000000', body: body('sensu-core-create') },
  },
} as const;
