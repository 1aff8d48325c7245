/** What WeCom's group robot is given, and what its answers come to; against a stand-in that enforces the robot's limits. */
import { wecomChannel } from '../../activities/notify/wecom.ts';
import type { IncidentView } from '../../domain/view.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { WecomRobot } from '../support/wecomRobot.ts';
import { startWecomRobot } from '../support/wecomRobot.ts';
import { configured, failureOf, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let robot: WecomRobot;
beforeEach(async () => {
  robot = await startWecomRobot();
});
afterEach(() => robot.stop());

const channel = (url = robot.url) =>
  wecomChannel({
    configuration: () => configured({ wecom: { ops: { url } } }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    timeout: 3_000,
  });
const page = (incident: Parameters<typeof requestWith>[0] = {}) => requestWith(incident, { contact: 'group' });
const answering = (body: string, status = 200) => robot.server.answer('/cgi-bin/webhook/send', { status, body });

test('a page says what is broken, how badly, why this user, and how to acknowledge', async () => {
  expect(await channel().notify({ ...page({ number: 12 }), present: 'acknowledged by Bob' })).toEqual({
    detail: '{"errcode":0,"errmsg":"ok"}',
  });
  const [content = ''] = robot.messages;
  expect(content.replace(/\/ack\/[\w.-]+/, '/ack/…').split('\n')).toEqual([
    '**［＃12］** <font color="warning">disk of db1 is full</font>',
    '**Now: acknowledged by Bob**',
    `[Acknowledge as Ana Wei](${PUBLIC_URL}/ack/…)`,
    '> Service: <font color="comment">Payments (Takes the money)</font>',
    '> Severity: <font color="comment">critical</font>',
    '> Why you: <font color="comment">level 1: the incident was triggered</font>',
    '> Since: <font color="comment">2026-12-01 18:02:11 Asia/Shanghai (10:02:11 UTC)</font>',
    '> [Runbook](https://wiki.example.com/payments)',
    '> [Dashboard](https://grafana.example.com/d/1?a=1&b=2)',
    '> host: db1',
    '> labels:',
    '>   region: cn-north',
    '>   disks:',
    '>     - sda',
    '>     - sdb',
  ]);
});

test('what would mention people, colour or link in WeCom is shown by its full-width double', async () => {
  const summary = '<@all> @all <font color="info">ok</font> [x](http://evil.example) **b** `c` &lt;@all&gt;\n# title';
  await channel().notify(page({ summary }));
  expect(robot.messages.at(-1)!.split('\n')[0]).toBe(
    '**［89abcdef］** <font color="warning">＜＠all＞ ＠all ＜font color="info"＞ok＜/font＞ ［x］(http://evil.example) ＊＊b＊＊ ｀c｀ ＆lt;＠all＆gt; ＃ title</font>',
  );
});

test.each([
  ['critical', 'warning'],
  ['error', 'warning'],
  [null, 'warning'],
  ['warning', 'comment'],
  ['info', 'info'],
] as const)('severity %s is shown in the colour %s', async (severity, colour) => {
  await channel().notify(page({ severity }));
  expect(robot.messages[0]).toContain(`<font color="${colour}">disk of db1 is full</font>`);
});

test.each([
  ['group', 'acknowledged', 'comment'],
  [null, 'resolved', 'info'],
  [null, 'triggered', 'warning'],
] as const)(
  'a notice to %s of an incident that is %s says what changed, in the colour %s',
  async (contact, status, colour) => {
    const more: Partial<IncidentView> = { status, exhausted: status === 'triggered' };
    await channel().tell(noticeTo('wecom', contact, more));
    const [content = ''] = robot.messages;
    expect(content).toContain(`**［＃12］** <font color="${colour}">Bob acknowledged</font>`);
    expect(content).toContain('> Incident: <font color="comment">disk of db1 is full</font>');
    const shown = {
      acknowledged: 'acknowledged by Ana Wei',
      resolved: 'resolved',
      triggered: 'triggered; the policy is exhausted',
    };
    expect(content).toContain(`> Status: <font color="comment">${shown[status]}</font>`);
    expect(content).not.toContain('/ack/');
  },
);

test('a long message is cut by the line to 4,096 bytes, says so, and keeps its link', async () => {
  const details = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`磁盘${index}`, '满'.repeat(60)]));
  await channel().notify(page({ summary: '磁盘满了'.repeat(500), details }));
  const [content = ''] = robot.messages;
  expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4_096);
  expect(Buffer.byteLength(content)).toBeGreaterThan(3_500);
  expect(content).toMatch(/\n> … \(the rest is cut\)$/);
  expect(content).toMatch(/\]\(https:\/\/tocsin\.example\.com\/ack\/v1\.[\w-]+\.[\w-]+\)\n/);
  expect(content).not.toContain('\uFFFD');
});

test('a link that holds a bracket does not end early', async () => {
  await channel().notify(page({ links: [{ href: 'https://example.com/a)b(c', text: 'x](http://evil.example' }] }));
  expect(robot.messages[0]).toContain('> [x］(http://evil.example](https://example.com/a%29b%28c)');
});

test('beyond 20 messages a minute the robot refuses, which is retryable after a minute', async () => {
  for (let times = 0; times < 20; times += 1) await channel().notify(page());
  const failure = await failureOf(channel().notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', after: 60_000 });
  expect(robot.messages).toHaveLength(20);
  robot.newMinute();
  await channel().notify(page());
  expect(robot.messages).toHaveLength(21);
});

test('a key that is wrong is retryable: the operator can put it right while the incident is open', async () => {
  const failure = await failureOf(channel(robot.url.replace('693a', '0000')).notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
  expect(failure.detail).toContain('put right channels.wecom.ops.url');
});

test.each([40008, 40058, 44004])('a message that WeCom refuses (%i) is terminal', async (errcode) => {
  answering(JSON.stringify({ errcode, errmsg: 'invalid' }));
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
});

test('a busy system is retryable', async () => {
  answering('{"errcode":-1,"errmsg":"system busy"}');
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY' });
});

test.each(['<html>log in to the network</html>', '', 'null', '[]', '{"errcode":"0"}', '"ok"'])(
  'an answer that is not WeCom’s is no success, and retryable: %s',
  async (body) => {
    answering(body);
    expect(await failureOf(channel().notify(page()))).toMatchObject({
      type: 'retryable',
      code: 'PROVIDER_UNREACHABLE',
    });
  },
);

test('an answer that breaks off is unknown', async () => {
  robot.server.answer('/cgi-bin/webhook/send', { body: '{"errcode":0', instead: 'cutOff' });
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
});

test('the address, which is the secret, is in no failure', async () => {
  const key = new URL(robot.url).searchParams.get('key') ?? '';
  answering(JSON.stringify({ errcode: 40058, errmsg: `bad ${robot.url} ${key}` }));
  const { detail } = await failureOf(channel().notify(page()));
  expect(detail).toContain('bad *** ***');
  expect(detail).not.toContain(key);
});

test('the robot may be in a private network: its address is the operator’s own', async () => {
  expect(new URL(robot.url).hostname).toBe('127.0.0.1');
  await channel().notify(page());
  expect(robot.messages).toHaveLength(1);
});
