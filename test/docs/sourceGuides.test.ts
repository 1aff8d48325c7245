/** The guides of sources that sign: their configurations load, and the requests that they print are taken by the API as it is. */
import { execFile } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { type StandIns, apiOnStandIns } from '../api/support/standIns.ts';
import { load } from '../config/written.ts';
import { block, filled, printed } from '../support/guides.ts';

const KEYS = {
  GRAFANA_KEY: 'a-grafana-key-000000000',
  GRAFANA_SECRET: 'what-grafana-signs-with',
  CLOUDWATCH_KEY: 'a-cloudwatch-key-000000',
  SENTRY_KEY: 'a-sentry-key-0000000000',
  SENTRY_SECRET: 'what-sentry-signs-with',
};
const ENV = { ...KEYS, SMTP_URL: 'smtp://127.0.0.1:25' };

/** An API with the configuration that the guide prints, on a port. */
async function apiOf(guide: string): Promise<{ api: StandIns; url: string }> {
  const { configuration } = load(block(guide, 'yaml', 'services'), ENV);
  const api = await apiOnStandIns({ configuration: () => configuration });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  return { api, url: `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}` };
}

const shell = async (script: string): Promise<string> => (await promisify(execFile)('bash', ['-ec', script])).stdout;

describe('the guide of Grafana', () => {
  it('prints a request that is signed as its contact point signs, and is taken once the secret is right', async () => {
    const { api, url } = await apiOf('grafana');
    try {
      const [command = ''] = printed('grafana', 'sh');
      expect(JSON.parse(await shell(filled(command, url, KEYS)))).toMatchObject({ status: 'accepted' });
      expect(api.events.map(({ event }) => event)).toMatchObject([
        { action: 'trigger', groupKey: '{}:{alertname="CPU"}', dedupKey: 'c6eadffa33fcdf37', severity: 'critical' },
      ]);
      await expect(shell(filled(command, url, { ...KEYS, GRAFANA_SECRET: 'another' }))).rejects.toThrow('403');
    } finally {
      await api.app.close();
    }
  });

  it('prints a contact point that sends to the address, with the headers that its configuration names', () => {
    const [integration] = load(block('grafana', 'yaml', 'services'), ENV).configuration.integrations.values();
    const file = parse(block('grafana', 'yaml', 'contactPoints')) as {
      contactPoints: { receivers: { settings: { url: string; hmacConfig: Record<string, string> } }[] }[];
    };
    const { url, hmacConfig } = file.contactPoints[0]!.receivers[0]!.settings;
    expect(new URL(url).pathname).toBe('/integrations/grafana/GRAFANA_KEY');
    expect(hmacConfig).toMatchObject({ timestampHeader: integration?.timestampHeader, secret: 'GRAFANA_SECRET' });
  });
});

describe('the guide of Sentry', () => {
  it('prints a request that is signed as Sentry signs, and is taken once the secret is right', async () => {
    const { api, url } = await apiOf('sentry');
    try {
      const [command = ''] = printed('sentry', 'sh');
      expect(JSON.parse(await shell(filled(command, url, KEYS)))).toMatchObject({ status: 'accepted' });
      expect(api.events).toMatchObject([{ event: { action: 'trigger', dedupKey: '1117540176', severity: 'error' } }]);
      expect(api.events[0]?.integration).toMatchObject({ id: 'shop-sentry', newIssues: 'ignore' });
      await expect(shell(filled(command, url, { ...KEYS, SENTRY_SECRET: 'another' }))).rejects.toThrow('403');
      expect(printed('sentry', 'text').map((address) => new URL(address.trim()).pathname)).toEqual([
        '/integrations/sentry/SENTRY_KEY',
      ]);
    } finally {
      await api.app.close();
    }
  });
});

describe('the guide of CloudWatch', () => {
  it('prints a configuration that is signed for, of one topic, and a subscription to the address', () => {
    const { configuration, warnings } = load(block('cloudwatch', 'yaml', 'services'), ENV);
    expect(warnings).toEqual([]);
    const integration = configuration.integrations.get('orders-cloudwatch');
    expect(integration).toMatchObject({ source: 'cloudwatch', insufficientData: 'trigger' });
    const [subscription = ''] = printed('cloudwatch', 'sh');
    expect(subscription).toContain(`--topic-arn ${integration?.topics?.[0]}`);
    expect(subscription).toContain('https://tocsin.example.com/integrations/cloudwatch/CLOUDWATCH_KEY');
  });
});
