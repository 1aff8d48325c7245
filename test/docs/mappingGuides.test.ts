/** What the guides of source `generic` print, run as it stands there against the real server; no incident is needed for it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import type { Configuration } from '../../domain/configuration.ts';
import { READY, READY_NAMES } from '../../mapping/ready/index.ts';
import { type StandIns, apiOnStandIns } from '../api/support/standIns.ts';
import { block, filled, printed } from '../support/guides.ts';
import { configured } from '../support/tocsin.ts';

const ENV = {
  SMTP_URL: 'smtp://127.0.0.1:25',
  BACKUPS_KEY: 'a-key-of-backups-000000',
  ZABBIX_KEY: 'a-key-of-zabbix-0000000',
  DATADOG_KEY: 'a-key-of-datadog-000000',
  KUMA_KEY: 'a-key-of-uptime-kuma-00',
  EVENTS_KEY: 'a-key-of-cloudevents-00',
  NAGIOS_KEY: 'a-key-of-nagios-0000000',
};
const GUIDES: Readonly<Record<string, string>> = {
  zabbix: 'zabbix',
  datadog: 'datadog',
  'uptime-kuma': 'uptime-kuma',
  cloudevents: 'cloudevents',
  nagios: 'nagios',
};
const configurationOf = (guide: string): Configuration => configured(block(guide, 'yaml', 'services'), ENV);
const GUIDE_OF_ZABBIX = readFileSync('docs/guides/zabbix.md', 'utf8');

let house: Configuration;
let api: StandIns;
let url: string;
beforeAll(async () => {
  house = configurationOf('generic');
  api = await apiOnStandIns({ configuration: () => house });
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api.app.close());
beforeEach(() => api.events.splice(0));

const shell = async (script: string, cwd?: string) => {
  const ended = await promisify(execFile)('bash', ['-ec', script], { cwd }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { stdout, stderr };
  });
  return ended.stdout + ended.stderr;
};
const said = () => api.events.map(({ event }) => [event.action, event.dedupKey, event.severity]);

test('each ready mapping has a guide, whose configuration names it', () => {
  expect(Object.keys(GUIDES)).toEqual(READY_NAMES.filter((name) => name !== 'icinga'));
  for (const [guide, name] of Object.entries(GUIDES)) {
    const own = [...configurationOf(guide).integrations.values()].filter(({ source }) => source === 'generic');
    expect(own.map(({ mapping }) => mapping)).toEqual([READY[name as keyof typeof READY]]);
  }
});

describe('the guide of any JSON', () => {
  it('prints a request of which events come', async () => {
    house = configurationOf('generic');
    const [command = ''] = printed('generic', 'sh');
    await shell(filled(command, url, ENV));
    expect(said()).toEqual([
      ['trigger', 'db1/nightly', 'error'],
      ['resolve', 'db2/nightly', undefined],
    ]);
  });

  it('prints what try-mapping says, as it says it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-guide-'));
    try {
      const yaml = block('generic', 'yaml', 'services');
      const [, body = ''] = /-d '([^']*)'/.exec(printed('generic', 'sh')[0] ?? '') ?? [];
      writeFileSync(join(folder, 'c.yaml'), yaml);
      writeFileSync(join(folder, 'sample.json'), body);
      const exports = Object.entries({ ...ENV, TOCSIN_CONFIG: 'c.yaml' }).map(
        ([name, value]) => `export ${name}=${value}`,
      );
      const tocsin = `tocsin() { ${process.execPath} ${join(process.cwd(), 'cli/tocsin.mjs')} "$@"; }`;
      const sessions = printed('generic', 'console');
      expect(sessions).toHaveLength(2);
      const said = await Promise.all(
        sessions.map((session) => {
          const [line = ''] = session.split('\n');
          return shell([...exports, tocsin, line.replace(/^\$ /, '')].join('\n'), folder);
        }),
      );
      expect(said.map((text) => text.trim())).toEqual(
        sessions.map((session) => session.split('\n').slice(1).join('\n').trim()),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('prints a ready mapping with a member of its own', () => {
    const whole = `${block('generic', 'yaml', 'services')}\n${block('generic', 'yaml', 'integrations')}`;
    const { integrations } = configured(whole, { ...ENV, LAB_KEY: 'a-key-of-the-lab-000000' });
    expect(integrations.get('lab')?.mapping).toEqual({ ...READY.zabbix, severity: '"info"' });
  });
});

describe.each([
  ['zabbix', [['trigger', '1', 'warning']]],
  ['datadog', [['trigger', '1', 'warning']]],
  ['uptime-kuma', [['trigger', 'monitor 1', 'critical']]],
  [
    'cloudevents',
    [
      ['trigger', '/disks db1', 'critical'],
      ['trigger', '/disks db2', undefined],
      ['resolve', '/disks db1', undefined],
    ],
  ],
])('the guide of %s', (guide, events) => {
  it('prints requests of which events come', async () => {
    house = configurationOf(guide);
    await shell(filled(printed(guide, 'sh').join('\n'), url, ENV));
    expect(said()).toEqual(events);
  });
});

test('the script of the Zabbix guide sends its parameters, without macros that have no value', async () => {
  house = configurationOf('zabbix');
  const written = printed('zabbix', 'js')[0] ?? '';
  const [, address = ''] = /`(http:\/\/tocsin[^`]*)`/.exec(GUIDE_OF_ZABBIX) ?? [];
  const macros: Readonly<Record<string, string>> = {
    '{EVENT.VALUE}': '1',
    '{EVENT.UPDATE.STATUS}': '0',
    '{EVENT.ID}': '51027',
    '{EVENT.NAME}': 'High CPU',
    '{EVENT.NSEVERITY}': '4',
    '{HOST.NAME}': 'db1',
    '{EVENT.TAGSJSON}': '[]',
  };
  const rows = [...GUIDE_OF_ZABBIX.matchAll(/^\| `(\w+)` +\| `(\{[^`]+\})` +\|$/gmu)];
  expect(rows.length).toBeGreaterThan(15);
  const params = Object.fromEntries(rows.map(([, name = '', macro = '']) => [name, macros[macro] ?? macro]));
  let sent = '';
  const HttpRequest = class {
    addHeader = () => undefined;
    getStatus = () => 202;
    post = (to: string, body: string) => {
      expect(to).toBe(filled(address, url, ENV));
      sent = body;
      return '{}';
    };
  };
  const value = JSON.stringify({ ...params, url: filled(address, url, ENV) });
  expect(runInNewContext(`(function () { ${written} })()`, { value, HttpRequest })).toBe('{}');
  expect(JSON.parse(sent)).toEqual({
    event_value: '1',
    update_status: '0',
    event_id: '51027',
    event_name: 'High CPU',
    severity: '4',
    host: 'db1',
    tags: '[]',
  });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(filled(address, url, ENV), { method: 'POST', headers, body: sent })).status).toBe(202);
  expect(said()).toEqual([['trigger', '51027', 'error']]);
  const failing = class extends HttpRequest {
    override getStatus = () => 503;
  };
  expect(() => runInNewContext(`(function () { ${written} })()`, { value, HttpRequest: failing })).toThrow(
    'Tocsin answered 503: {}',
  );
});

test('the payload of the Datadog guide has every member that the mapping reads', () => {
  const payload = parse(block('datadog', 'json', 'alert_transition')) as Readonly<Record<string, string>>;
  const read = new Set([...JSON.stringify(READY.datadog).matchAll(/body\.(\w+)/g)].map(([, name = '']) => name));
  expect([...read].filter((name) => !(name in payload))).toEqual([]);
  expect([...read].toSorted()).toEqual(Object.keys(payload).toSorted());
});

/** Macros of a service that is critical, whose plugin prints what a shell would act on. */
const OUTPUT = '`id` $(id) "; touch x; " & 磁盘';

test('the commands of the Nagios guide send what happened to a service, and to a host', async () => {
  house = configurationOf('nagios');
  const [address = ''] = printed('nagios', 'text');
  const commands = [...(printed('nagios', 'nagios')[0] ?? '').matchAll(/command_line +(.*)$/gmu)].map(
    ([, line = '']) => line,
  );
  expect(commands).toHaveLength(2);
  const macros: Readonly<Record<string, string>> = {
    NOTIFICATIONTYPE: 'PROBLEM',
    HOSTNAME: 'db1',
    HOSTSTATE: 'DOWN',
    SERVICEDESC: 'disk',
    SERVICESTATE: 'WARNING',
    SERVICEOUTPUT: OUTPUT,
    TIMET: '1795299600',
    USER10: filled(address.trim().replace('$USER10$=', ''), url, ENV),
  };
  for (const command of commands) {
    await shell(command.replaceAll(/\$([A-Z0-9]+)\$/g, (_macro, name: string) => macros[name] ?? ''));
  }
  expect(said()).toEqual([
    ['trigger', 'db1/disk', 'warning'],
    ['trigger', 'db1', 'critical'],
  ]);
  expect(api.events[0]?.event).toMatchObject({ at: 1_795_299_600_000, details: { output: OUTPUT } });
});

test('the command of the Icinga guide sends them, each argument as it is, and none without a value', async () => {
  house = configured(block('nagios', 'yaml', 'services').replace('mapping: nagios', 'mapping: icinga'), ENV);
  const [written = ''] = printed('nagios', 'icinga');
  const command = JSON.parse(/command = (\[.*\])/.exec(written)?.[1] ?? '[]') as string[];
  const [, address = ''] = /vars\.tocsin_url = "([^"]*)"/.exec(written) ?? [];
  const values = [...written.matchAll(/key = "([^"]+)", value = "([^"]+)"/g)];
  expect(values.length).toBe(12);
  const macros: Readonly<Record<string, string>> = {
    'notification.type': 'PROBLEM',
    'host.name': 'db1',
    'host.state': 'UP',
    'service.name': 'disk',
    'service.state': 'CRITICAL',
    'service.output': `it's ${OUTPUT}`,
    tocsin_url: filled(address, url, ENV),
  };
  const args = values.flatMap(([, key = '', value = '']) => {
    const [, macro = ''] = /\$([^$]+)\$/.exec(value) ?? [];
    const found = macros[macro];
    return found === undefined ? [] : [key, value.replace(`$${macro}$`, () => found)];
  });
  const [program = '', ...rest] = command;
  await promisify(execFile)(program, [...rest, ...args]);
  expect(said()).toEqual([['trigger', 'db1/disk', 'critical']]);
  expect(api.events[0]?.event.details).toMatchObject({ output: `it's ${OUTPUT}` });
});
