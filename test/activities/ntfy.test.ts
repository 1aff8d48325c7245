/** What a topic of ntfy is given; against a stand-in that does as its server does. */
import { ntfyChannel } from '../../activities/notify/ntfy.ts';
import type { Severity } from '../../domain/event.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { NtfyMessage } from '../support/providers/ntfy.ts';
import { NTFY_TOKEN, startNtfy } from '../support/providers/ntfy.ts';
import type { Robot } from '../support/providers/robot.ts';
import { configured, failureOf, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let robot: Robot<NtfyMessage>;
beforeAll(async () => {
  robot = await startNtfy();
});
beforeEach(() => robot.newMinute());
afterAll(() => robot.stop());

const channel = () =>
  ntfyChannel({
    configuration: () => configured({ ntfy: { ops: { url: robot.url, token: NTFY_TOKEN } } }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
  });
const page = (incident: Parameters<typeof requestWith>[0] = {}) => requestWith(incident, { contact: 'ntfy' });

test('a page opens the phone page where it is pressed, and its button acknowledges at once', async () => {
  const receipt = await channel().notify({ ...page({ number: 12 }), present: 'acknowledged by Bob' });
  expect(receipt).toEqual({ providerId: 'm1', detail: '200' });
  const { click, actions, ...said } = robot.messages.at(-1)!;
  expect(said).toEqual({
    topic: 'tocsin-ops',
    title: '[#12] disk of db1 is full',
    message: [
      'Now: acknowledged by Bob',
      'Service: Payments (Takes the money)',
      'Severity: critical',
      'Why you: level 1: the incident was triggered',
      'Since: 2026-12-01 18:02:11 Asia/Shanghai (10:02:11 UTC)',
      'Runbook: https://wiki.example.com/payments',
      'Dashboard: https://grafana.example.com/d/1?a=1&b=2',
      'host: db1',
      'labels:',
      '  region: cn-north',
      '  disks:',
      '    - sda',
      '    - sdb',
    ].join('\n'),
    priority: 5,
  });
  expect(click).toMatch(/^https:\/\/tocsin\.example\.com\/ack\/v1\.[\w-]+\.[\w-]+$/);
  expect(actions).toEqual([
    {
      action: 'http',
      label: 'Acknowledge',
      url: click,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'action=acknowledge',
      clear: true,
    },
  ]);
});

test.each<readonly [Severity | null, number]>([
  ['critical', 5],
  ['error', 4],
  [null, 4],
  ['warning', 3],
  ['info', 2],
])('severity %s has priority %i', async (severity, priority) => {
  await channel().notify(page({ severity }));
  expect(robot.messages.at(-1)!.priority).toBe(priority);
});

test('a notice has nothing to press, and wakes nobody who is over it', async () => {
  await channel().tell(noticeTo('ntfy', null, { status: 'resolved' }));
  const message = robot.messages.at(-1)!;
  expect(message).toMatchObject({ title: '[#12] Bob acknowledged: disk of db1 is full', priority: 3 });
  expect(Object.keys(message)).toEqual(['topic', 'title', 'message', 'priority']);
});

test('a title is of any script', async () => {
  await channel().notify(page({ summary: '磁盘满了 🔥 Größe' }));
  expect(robot.messages.at(-1)!.title).toBe('[89abcdef] 磁盘满了 🔥 Größe');
});

test.each(['满', '"\\'])('a message of any length stays a message, and no attachment: %s', async (character) => {
  const details = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`d${index}`, character.repeat(150)]));
  await channel().notify(page({ summary: character.repeat(2_000), details }));
  const { message, click } = robot.messages.at(-1)!;
  expect(message).toMatch(/\n… \(the rest is cut\)$/);
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
  expect(click!.startsWith(`${PUBLIC_URL}/ack/v1.`)).toBe(true);
});

test('how long it wants to be left alone is obeyed', async () => {
  robot.next({
    status: 429,
    headers: { 'retry-after': '9' },
    body: '{"code":42901,"http":429,"error":"limit reached"}',
  });
  const failure = await failureOf(channel().notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', after: 9_000 });
});
