/** Slack by Socket Mode: a connection of its own library to a stand-in that opens, refuses, and cuts it. */
import { pino } from 'pino';
import type { SlackSocket } from '../../api/callbacks/slackSocket.ts';
import { slackSocket } from '../../api/callbacks/slackSocket.ts';
import { slackHandling } from '../../api/callbacks/slackHandling.ts';
import type { Configuration, User } from '../../domain/configuration.ts';
import { signSlackButton } from '../../links/slackButton.ts';
import { configuration, level, person, policy } from '../support/configurations.ts';
import { eventually } from '../support/eventually.ts';
import { Life, TRIGGER } from '../support/life.ts';
import type { SlackMessage, SlackStandIn } from '../support/providers/slack.ts';
import { startSlack } from '../support/providers/slack.ts';
import { OneIncident } from './oneIncident.ts';

const SECRET = 'a secret of the tests';
const ANA: User = { ...person('ana'), contacts: [{ id: 'im', channel: 'slack', to: 'U02ANA' }] };
const BASE = configuration({ users: [ANA], policy: policy([level('user:ana', '5m')]) });

let slack: SlackStandIn;
let present: Configuration;
let life: Life;
let incident: OneIncident;
let socket: SlackSocket;
let message: SlackMessage;
let logged: string;

beforeEach(async () => {
  slack = await startSlack();
  const { botToken, appToken, apiUrl } = slack.configured;
  present = { ...BASE, channels: { slack: { botToken, appToken, apiUrl } } };
  life = new Life(present, TRIGGER).through('0:00');
  incident = new OneIncident(life);
  logged = '';
  const log = pino({ level: 'trace' }, { write: (line) => void (logged += line) });
  const deps = { secret: SECRET, incidents: incident, configuration: () => present };
  socket = slackSocket(deps, slackHandling(deps, log), log);
  const value = signSlackButton(SECRET, {
    incident: life.state.id,
    level: 1,
    pass: 1,
    episode: 1,
    expiresAt: Date.now() + 60_000,
  });
  const metadata = { event_type: 'tocsin_incident', event_payload: { incident: life.state.id } };
  const blocks = [{ type: 'actions', elements: [{ type: 'button', action_id: 'claim_incident', value }] }];
  const [channel, ts] = ['D02ANA', '1583635577.000001'];
  message = { channel, ts, thread_ts: null, broadcast: false, metadata, bot: true, text: '', blocks, edits: 0 };
  slack.messages.push(message);
});
afterEach(async () => {
  await socket.stop();
  await slack.stop();
});
const connected = (count: number) =>
  eventually(
    async () => slack.sockets.open(),
    (open) => open === count,
  );

test('a press and a note that come by the connection are done, and acknowledged', async () => {
  socket.look();
  await connected(1);
  expect(await slack.send('interactive', slack.payload(message, 'claim_incident', 'U02ANA'))).toBe(true);
  expect(life.state.status).toBe('acknowledged');
  expect(await slack.send('events_api', slack.written(message, 'U02ANA', 'on it'))).toBe(true);
  expect(incident.asked).toMatchObject([{ type: 'acknowledge' }, { type: 'notes', text: 'on it' }]);
  await socket.stop();
  expect(slack.sockets.open()).toBe(0);
});

test('what cannot be done is not acknowledged, and Slack sends it again', async () => {
  socket.look();
  await connected(1);
  incident.engine = 'away';
  const note = slack.written(message, 'U02ANA', 'on it');
  void slack.send('events_api', note);
  await eventually(
    async () => logged,
    (text) => text.includes('could not be done'),
  );
  incident.engine = 'up';
  expect(await slack.send('events_api', note)).toBe(true);
  expect(incident.asked).toHaveLength(1);
});

test('a press that takes long is acknowledged while Slack still waits, and is done all the same', async () => {
  socket.look();
  await connected(1);
  incident.slowness = 3_500;
  expect(await slack.send('interactive', slack.payload(message, 'claim_incident', 'U02ANA'))).toBe(true);
  expect(life.state.status).toBe('triggered');
  await socket.stop();
  expect(life.state.status).toBe('acknowledged');
});

test('it follows the configuration: without an app token it closes, with one it opens', async () => {
  const { botToken, appToken, apiUrl } = slack.configured;
  present = { ...BASE, channels: { slack: { botToken, apiUrl } } };
  socket.look();
  expect(slack.calls).toEqual([]);
  present = { ...BASE, channels: { slack: { botToken, appToken, apiUrl } } };
  socket.look();
  socket.look();
  await connected(1);
  present = BASE;
  socket.look();
  await connected(0);
  expect(slack.calls).toEqual(['apps.connections.open']);
});

test('where the connection is closed it is opened anew', async () => {
  socket.look();
  await connected(1);
  slack.sockets.cut();
  await eventually(
    async () => slack.calls.length,
    (calls) => calls === 2,
  );
  await connected(1);
  expect(await slack.send('interactive', slack.payload(message, 'claim_incident', 'U02ANA'))).toBe(true);
});

test('where Slack asks to come back, it is come back to', async () => {
  socket.look();
  await connected(1);
  slack.sockets.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
  await eventually(
    async () => slack.calls.length,
    (calls) => calls === 2,
  );
  await connected(1);
});

test('a token that is refused by then ends nothing but the connection, and is told in the log', async () => {
  socket.look();
  await connected(1);
  slack.next('apps.connections.open', { error: 'invalid_auth' });
  slack.sockets.cut();
  await eventually(
    async () => logged,
    (text) => text.includes('cannot be reached by Socket Mode'),
  );
  expect(logged).not.toContain(slack.configured.appToken);
});

test('it stops while it connects', async () => {
  slack.next('apps.connections.open', { instead: 'hang' });
  socket.look();
  await slack.server.waitFor('/api/apps.connections.open', 1);
  await socket.stop();
  expect(slack.sockets.open()).toBe(0);
});
