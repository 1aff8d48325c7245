/** The guides' blocks for which no other program is needed but a shell with `curl`; test/outside runs the others. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { block, filled, printed } from '../support/guides.ts';
import { TOKEN, type Tocsin, configured, startTocsin } from '../support/tocsin.ts';

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

  describe('of what people do with an incident', () => {
    const [functions = '', commands = ''] = printed('incidents', 'sh');
    let tocsin: Tocsin;
    beforeAll(async () => {
      tocsin = await startTocsin(block('incidents', 'yaml', 'services'));
    });
    afterAll(() => tocsin?.stop());

    const shell = async (script: string, variables: Readonly<Record<string, string>> = {}): Promise<string> => {
      const env = { ...process.env, ...variables, TOCSIN_API_TOKEN: TOKEN };
      const whole = `${filled(functions, tocsin.url, {})}\n${script}`;
      return (await promisify(execFile)('bash', ['-c', whole], { env })).stdout;
    };
    const byHand = async (dedupKey: string): Promise<string> => {
      const event = { as: 'ana', service: 'payments', summary: 'disk is full', severity: 'critical', dedupKey };
      return String((await tocsin.post('/v1/incidents', event)).body['id']);
    };

    it('prints a session that goes as it is printed, but for the time of day', async () => {
      const lines = printed('incidents', 'console').join('').trim().split('\n');
      const typed = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
      const timeless = (text: string) => text.replaceAll(/(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC/g, 'some time');
      const answered = timeless(await shell(typed.join('\n')));
      expect(answered.trim().split('\n')).toEqual(lines.filter((line) => !line.startsWith('$ ')).map(timeless));
    });

    it('prints a line for each command that is done as it stands there', async () => {
      await tocsin.event('payments-key-00000000', 'a-disk');
      const { id: suspended, status } = await tocsin.incident('a-disk');
      expect(status).toBe('suspended');
      const variables = { ID: await byHand('one'), OTHER: await byHand('other'), SUSPENDED: suspended };
      for (const line of commands.trim().split('\n')) {
        const answer = JSON.parse(await shell(line, variables)) as { id?: string; results?: { status: number }[] };
        if (answer.results === undefined)
          expect([line, answer]).toEqual([line, expect.objectContaining({ id: expect.any(String) })]);
        else expect(answer.results.map(({ status }) => status)).toEqual([200, 200]);
      }
    });
  });
});
