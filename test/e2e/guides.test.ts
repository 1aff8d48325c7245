/** The guides' blocks for which no other program is needed; test/outside runs the others. */
import { block, filled, printed } from '../support/guides.ts';
import { type Tocsin, configured, startTocsin } from '../support/tocsin.ts';

const ENV = {
  SMTP_URL: 'smtp://127.0.0.1:25',
  ALERTMANAGER_KEY: 'an-alertmanager-key-000',
  EVENTS_KEY: 'an-events-key-000000000',
  SENSU_KEY: 'a-sensu-key-00000000000',
  GUANCE_KEY: 'a-guance-key-0000000000',
};

describe('the guides', () => {
  it.each([
    ['alertmanager', ['alertmanager', 'events-v2']],
    ['sensu', ['sensu']],
    ['guance', ['guance']],
  ])("of %s print a configuration of Tocsin's that is taken", (guide, sources) => {
    const { integrations, services } = configured(block(guide, 'yaml', 'services'), ENV);
    const [service] = services.keys();
    const own = [...integrations.values()].filter(({ source }) => source !== 'manual');
    expect(own.map(({ source }) => source)).toEqual(sources);
    for (const integration of own) expect(integration.service).toBe(service);
  });

  describe('of Guance', () => {
    let tocsin: Tocsin;
    beforeAll(async () => {
      tocsin = await startTocsin(block('guance', 'yaml', 'services'), { env: ENV });
    });
    afterAll(() => tocsin?.stop());

    it('prints an address and a body that open an incident and tell a person', async () => {
      const [address = ''] = printed('guance', 'text');
      const answer = await fetch(filled(address.trim(), tocsin.url, ENV), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: block('guance', 'json', 'df_status'),
      });
      expect(answer.status).toBe(202);
      const incident = await tocsin.incident('13713ac25e993a37d2ca5899e2a7bba6');
      expect(incident).toMatchObject({
        service: 'hosts',
        severity: 'critical',
        summary: '实例名称为 share 磁盘使用率过高',
      });
      await tocsin.smtp.waitFor((mails) => mails.length === 1);
    });
  });
});
