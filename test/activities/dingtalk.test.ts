/** What a robot of DingTalk is given; against a stand-in that checks its signature and limits. */
import { dingtalkChannel } from '../../activities/notify/dingtalk.ts';
import type { SignedRobot } from '../../domain/channels.ts';
import type { Configuration, ContactMethod } from '../../domain/configuration.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { DingtalkMessage } from '../support/providers/dingtalk.ts';
import { DINGTALK_SECRET, startDingtalk } from '../support/providers/dingtalk.ts';
import type { Robot } from '../support/providers/robot.ts';
import { configured, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let robot: Robot<DingtalkMessage>;
beforeAll(async () => {
  robot = await startDingtalk();
});
beforeEach(() => robot.newMinute());
afterAll(() => robot.stop());

function channel(more: Partial<SignedRobot> = {}, contacts: readonly ContactMethod[] = []) {
  const configuration = (): Configuration => {
    const known = configured({ dingtalk: { ops: { url: robot.url, secret: DINGTALK_SECRET, ...more } } });
    const ana = known.users.get('ana')!;
    const robots = ana.contacts.filter(({ channel }) => channel === 'dingtalk');
    return { ...known, users: new Map([['ana', { ...ana, contacts: [...robots, ...contacts] }]]) };
  };
  return dingtalkChannel({ configuration, secret: SECRET, store: NO_STORE, publicUrl: PUBLIC_URL });
}
const page = (incident: Parameters<typeof requestWith>[0] = {}) => requestWith(incident, { contact: 'dingtalk' });

test('a page says what is broken, why this user, and how to acknowledge', async () => {
  const receipt = await channel().notify({ ...page({ number: 12 }), present: 'acknowledged by Bob' });
  expect(receipt).toEqual({ detail: '{"errcode":0,"errmsg":"ok"}' });
  const { title, text, at } = robot.messages.at(-1)!;
  expect(title).toBe('［＃12］ disk of db1 is full');
  expect(at).toEqual({ atMobiles: [], atUserIds: [], isAtAll: false });
  expect(text.replace(/\/ack\/[\w.-]+/, '/ack/…').split('\n')).toEqual([
    '### ［＃12］ disk of db1 is full',
    '',
    '**Now: acknowledged by Bob**',
    '',
    `[Acknowledge as Ana Wei](${PUBLIC_URL}/ack/…)`,
    '',
    '- Service: Payments (Takes the money)',
    '- Severity: critical',
    '- Why you: level 1: the incident was triggered',
    '- Since: 2026-12-01 18:02:11 Asia/Shanghai (10:02:11 UTC)',
    '- [Runbook](https://wiki.example.com/payments)',
    '- [Dashboard](https://grafana.example.com/d/1?a=1&b=2)',
    '- host: db1',
    '- labels:',
    '- \u3000region: cn-north',
    '- \u3000disks:',
    '- \u3000\u3000- sda',
    '- \u3000\u3000- sdb',
  ]);
});

test('it is signed anew each time, and a robot without a secret is not signed at all', async () => {
  const last = () => new URL(robot.server.requests.at(-1)!.path, robot.url).searchParams;
  const before = Date.now();
  await channel().notify(page());
  expect(Number(last().get('timestamp'))).toBeGreaterThanOrEqual(before);
  robot.next({ body: '{"errcode":0,"errmsg":"ok"}' });
  await dingtalkChannel({
    configuration: () => configured({ dingtalk: { ops: { url: robot.url } } }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
  }).notify(page());
  expect([...last().keys()]).toEqual(['access_token']);
});

test.each<readonly [string, readonly ContactMethod[], readonly string[]]>([
  ['their phone in mainland China', [{ id: 'cell', channel: 'voice', to: '+8613800000000' }], ['13800000000']],
  ['no phone of elsewhere', [{ id: 'text', channel: 'sms', to: '+4915100000000' }], []],
  ['nothing where they have no phone', [], []],
])('the user who is paged is mentioned by %s', async (_what, contacts, atMobiles) => {
  await channel({}, contacts).notify(page());
  const { text, at } = robot.messages.at(-1)!;
  expect(at).toEqual({ atMobiles, atUserIds: [], isAtAll: false });
  for (const phone of atMobiles) expect(text).toContain(`\n@${phone}\n`);
});

test('by their id there, where the robot knows it, and not by their phone too', async () => {
  const cell: ContactMethod = { id: 'cell', channel: 'voice', to: '+8613800000000' };
  await channel({ mentions: { ana: 'manager1' } }, [cell]).notify(page());
  expect(robot.messages.at(-1)!.at).toEqual({ atMobiles: [], atUserIds: ['manager1'], isAtAll: false });
});

test('a message of any length is taken: it is cut by the line, says so, and keeps its link', async () => {
  for (const filling of ['满'.repeat(190), '"'.repeat(190)]) {
    const details = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`磁盘${index}`, filling]));
    const links = Array.from({ length: 5 }, (_, index) => ({
      href: `https://example.com/${'x'.repeat(3_900)}${index}`,
    }));
    await channel().notify(page({ summary: '磁盘满了'.repeat(500), details, links }));
    const { body } = robot.server.requests.at(-1)!;
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(20_000);
    expect(Buffer.byteLength(body)).toBeGreaterThan(14_000);
    const { text } = robot.messages.at(-1)!;
    expect(text).toMatch(/\n- … \(the rest is cut\)$/);
    expect(text).toMatch(/\]\(https:\/\/tocsin\.example\.com\/ack\/v1\.[\w-]+\.[\w-]+\)\n/);
  }
});

test('a notice says what changed', async () => {
  await channel().tell(noticeTo('dingtalk', null));
  expect(robot.messages.at(-1)!.text).toMatch(/^### ［＃12］ Bob acknowledged: disk of db1 is full\n/);
});
