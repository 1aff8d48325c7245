/** What a bot of Feishu is given; against a stand-in that checks its signature, its cards and limits. */
import { feishuChannel } from '../../activities/notify/feishu.ts';
import type { Severity } from '../../domain/event.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { FeishuCard } from '../support/providers/feishu.ts';
import { FEISHU_SECRET, startFeishu } from '../support/providers/feishu.ts';
import type { Robot } from '../support/providers/robot.ts';
import { configured, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let robot: Robot<FeishuCard>;
beforeAll(async () => {
  robot = await startFeishu();
});
afterAll(() => robot.stop());

const channel = (more = {}) =>
  feishuChannel({
    configuration: () => configured({ feishu: { ops: { url: robot.url, secret: FEISHU_SECRET, ...more } } }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
  });
const page = (incident: Parameters<typeof requestWith>[0] = {}) => requestWith(incident, { contact: 'feishu' });
const plain = (content: string) => ({ tag: 'plain_text', content });

test('a page is a card, with a button to acknowledge and one for each link', async () => {
  await channel({ mentions: { ana: 'ou_1' } }).notify({ ...page({ number: 12 }), present: 'acknowledged by Bob' });
  const card = JSON.parse(JSON.stringify(robot.messages.at(-1)).replace(/\/ack\/[\w.-]+/, '/ack/…')) as FeishuCard;
  expect(card).toEqual({
    config: { wide_screen_mode: true },
    header: { template: 'red', title: plain('[#12] disk of db1 is full') },
    elements: [
      { tag: 'div', text: { tag: 'lark_md', content: '<at id=ou_1></at>' } },
      { tag: 'div', text: plain('Now: acknowledged by Bob') },
      {
        tag: 'action',
        actions: [{ tag: 'button', text: plain('Acknowledge as Ana Wei'), type: 'danger', url: `${PUBLIC_URL}/ack/…` }],
      },
      {
        tag: 'div',
        text: plain(
          [
            'Service: Payments (Takes the money)',
            'Severity: critical',
            'Why you: level 1: the incident was triggered',
            'Since: 2026-12-01 18:02:11 Asia/Shanghai (10:02:11 UTC)',
            'host: db1',
            'labels:',
            '  region: cn-north',
            '  disks:',
            '    - sda',
            '    - sdb',
          ].join('\n'),
        ),
      },
      {
        tag: 'action',
        actions: [
          { tag: 'button', text: plain('Runbook'), type: 'default', url: 'https://wiki.example.com/payments' },
          { tag: 'button', text: plain('Dashboard'), type: 'default', url: 'https://grafana.example.com/d/1?a=1&b=2' },
        ],
      },
    ],
  });
});

test.each<readonly [Severity | null, string]>([
  ['critical', 'red'],
  [null, 'red'],
  ['warning', 'orange'],
  ['info', 'blue'],
])('severity %s has the colour %s', async (severity, template) => {
  await channel().notify(page({ severity }));
  expect(robot.messages.at(-1)!.header.template).toBe(template);
});

test.each([
  ['acknowledged', 'grey'],
  ['resolved', 'green'],
  ['triggered', 'red'],
] as const)('a notice of an incident that is %s has the colour %s', async (status, template) => {
  await channel().tell(noticeTo('feishu', null, { status }));
  const { header } = robot.messages.at(-1)!;
  expect(header).toEqual({ template, title: plain('[#12] Bob acknowledged: disk of db1 is full') });
});

test('a bot without a secret is not signed', async () => {
  robot.next({ body: '{"code":0}' });
  await channel({ secret: undefined }).notify(page());
  expect(Object.keys(JSON.parse(robot.server.requests.at(-1)!.body) as object)).toEqual(['msg_type', 'card']);
});

test('a card of any length is taken: its details go first, it says so, and keeps its button', async () => {
  const details = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`磁盘${index}`, '"满'.repeat(100)]));
  const links = Array.from({ length: 9 }, (_, index) => ({ href: `https://example.com/${'x'.repeat(3_900)}${index}` }));
  await channel().notify(page({ summary: '磁盘满了'.repeat(500), details, links }));
  expect(Buffer.byteLength(robot.server.requests.at(-1)!.body)).toBeGreaterThan(14_000);
  const { elements } = robot.messages.at(-1)!;
  expect(elements.some(({ text }) => text?.content.endsWith('\n… (the rest is cut)'))).toBe(true);
  const [ack] = elements.flatMap(({ actions = [] }) => actions);
  expect(ack!.url.startsWith(`${PUBLIC_URL}/ack/v1.`)).toBe(true);
});
