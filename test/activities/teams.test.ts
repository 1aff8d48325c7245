/** What a workflow of Microsoft Teams is given; against a stand-in that checks its cards and limits. */
import { teamsChannel } from '../../activities/notify/teams.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { Robot } from '../support/providers/robot.ts';
import type { TeamsCard } from '../support/providers/teams.ts';
import { startTeams } from '../support/providers/teams.ts';
import { configured, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let robot: Robot<TeamsCard>;
beforeAll(async () => {
  robot = await startTeams();
});
afterAll(() => robot.stop());

const channel = () =>
  teamsChannel({
    configuration: () => configured({ teams: { ops: { url: robot.url } } }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
  });
const page = (incident: Parameters<typeof requestWith>[0] = {}) => requestWith(incident, { contact: 'teams' });
const texts = ({ body }: TeamsCard): readonly string[] =>
  body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));

test('a page is an Adaptive Card, with a button to acknowledge and one for each link', async () => {
  expect(await channel().notify({ ...page({ number: 12 }), present: 'acknowledged by Bob' })).toEqual({
    detail: '202',
  });
  const card = robot.messages.at(-1)!;
  expect(texts(card)).toEqual([
    '[#12] disk of db1 is full',
    'Now: acknowledged by Bob',
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
  ]);
  expect(card.body[0]!.inlines[0]).toMatchObject({ color: 'Attention' });
  expect(card.actions.map(({ title, url }) => [title, url.replace(/\/ack\/[\w.-]+/, '/ack/…')])).toEqual([
    ['Acknowledge as Ana Wei', `${PUBLIC_URL}/ack/…`],
    ['Runbook', 'https://wiki.example.com/payments'],
    ['Dashboard', 'https://grafana.example.com/d/1?a=1&b=2'],
  ]);
});

test.each([
  ['acknowledged', 'Default'],
  ['resolved', 'Good'],
  ['triggered', 'Attention'],
] as const)('a notice of an incident that is %s has the colour %s', async (status, color) => {
  await channel().tell(noticeTo('teams', null, { status }));
  const { body, actions } = robot.messages.at(-1)!;
  expect(body[0]!.inlines[0]).toMatchObject({ text: '[#12] Bob acknowledged: disk of db1 is full', color });
  expect(actions).toEqual([]);
});

test('a workflow that answers by itself has taken it too', async () => {
  robot.next({ status: 200, body: '{"posted":true}' });
  expect(await channel().notify(page())).toEqual({ detail: '200: {"posted":true}' });
});

test.each(['满', 'x"'])('a card of any length is taken, in any script: %s', async (character) => {
  const details = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`d${index}`, character.repeat(500)]));
  const links = Array.from({ length: 9 }, (_, index) => ({ href: `https://example.com/${'x'.repeat(3_900)}${index}` }));
  await channel().notify(page({ summary: character.repeat(2_000), details, links }));
  const { body } = robot.server.requests.at(-1)!;
  expect(Math.max(Buffer.byteLength(body), 2 * body.length)).toBeGreaterThan(20_000);
  const card = robot.messages.at(-1)!;
  expect(texts(card).at(-1)).toBe('… (the rest is cut)');
  expect(card.actions[0]!.url.startsWith(`${PUBLIC_URL}/ack/v1.`)).toBe(true);
});
