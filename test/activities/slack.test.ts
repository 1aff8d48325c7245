/** What Slack is given of an incident, and what its answers come to; against a stand-in that keeps Slack's limits. */
import { WebClient } from '@slack/web-api';
import { slackChannel } from '../../activities/notify/slack.ts';
import type { NotifyRequest } from '../../activities/contract.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { readAckLink } from '../../links/ackLink.ts';
import { readSlackButton } from '../../links/slackButton.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { SlackMessage, SlackStandIn } from '../support/providers/slack.ts';
import { startSlack } from '../support/providers/slack.ts';
import { INCIDENT, PUBLIC_URL, SECRET, configured, failureOf, noticeTo, requestWith } from './requests.ts';

let slack: SlackStandIn;
let texts: string[];
beforeAll(async () => {
  slack = await startSlack();
});
afterAll(() => slack.stop());
beforeEach(() => {
  texts = [];
  slack.messages.length = 0;
  slack.calls.length = 0;
});

type Change = (configuration: Configuration) => Configuration;
const channel = (change: Change = (all) => all) =>
  slackChannel({
    configuration: () => change(configured({ slack: slack.configured })),
    secret: SECRET,
    store: { ...NO_STORE, keepText: async (_incident, _notification, text) => void texts.push(text) },
    publicUrl: PUBLIC_URL,
    timeout: 2_000,
  });
const page = (incident: Parameters<typeof requestWith>[0] = {}, more: Partial<NotifyRequest> = {}) =>
  requestWith(incident, { contact: 'slack', shownAt: { level: 1, pass: 1, episode: 1 }, ...more });
const notice = (to: NoticeRequest['to'], more: Partial<NoticeRequest> = {}): NoticeRequest => ({
  ...noticeTo('slack', null),
  to,
  ...more,
});
const ana = { kind: 'contact', user: 'ana', userName: 'Ana Wei', contact: 'slack' } as const;
const room = { kind: 'subscriber', endpoint: '#incidents' } as const;
const buttonsOf = ({ blocks }: SlackMessage) => blocks.find(({ type }) => type === 'actions')?.elements ?? [];
const idsOf = (message: SlackMessage) => buttonsOf(message).map(({ action_id: id }) => id);
const textOf = ({ blocks }: SlackMessage): string =>
  blocks
    .flatMap(({ text, fields = [] }) => [...(text === undefined ? [] : [text]), ...fields].map((each) => each.text))
    .join('\n');
const ALL = ['view_incident', 'claim_incident', 'resolve_incident', 'escalate_incident', 'snooze_incident'];
const ACTS = ALL.slice(1);

test('a page is a direct message: header, fields, why, links, and the buttons; what it holds is kept without its tokens', async () => {
  const receipt = await channel().notify(page({ number: 12 }));
  const [message] = slack.messages as [SlackMessage];
  expect(receipt).toEqual({
    providerId: `D02ANA/${message.ts}`,
    conversation: `D02ANA/${message.ts}/n3/U02ANA`,
  });
  expect(message.channel).toBe('D02ANA');
  expect(message.blocks.map(({ type }) => type)).toEqual([
    'header',
    'section',
    'section',
    'section',
    'section',
    'actions',
    'context',
  ]);
  expect(message.blocks[0]!.text).toMatchObject({ type: 'plain_text', text: '🚨 [#12] disk of db1 is full' });
  expect(message.blocks[1]!.fields!.map(({ text }) => text)).toEqual([
    '*Incident*\n#12',
    '*Severity*\ncritical',
    '*Service*\nPayments',
    '*Since*\n<!date^1796119331^{date_num} {time_secs}|2026-12-01 18:02:11 Asia/Shanghai (10:02:11 UTC)>',
  ]);
  expect(textOf(message)).toContain('Why you: level 1: the incident was triggered');
  expect(textOf(message)).toContain(
    '<https://wiki.example.com/payments|Runbook>\n<https://grafana.example.com/d/1?a=1&amp;b=2|Dashboard>',
  );
  expect(textOf(message)).toContain('region: cn-north');
  expect(textOf(message)).not.toContain('shortly before');
  expect(message.text).toBe('🚨 [#12] disk of db1 is full\nWhy you: level 1: the incident was triggered');
  expect(message.metadata).toEqual({
    event_type: 'tocsin_incident',
    event_payload: { incident: INCIDENT, notification: 'n3' },
  });
  expect(idsOf(message)).toEqual(ALL);
  const [view, claim] = buttonsOf(message);
  const token = view!.url!.slice(`${PUBLIC_URL}/ack/`.length);
  const now = Date.parse('2026-12-08T10:02:10.999Z');
  expect(readAckLink(SECRET, token, now)).toMatchObject({ ok: true, link: { user: 'ana', notification: 'n3' } });
  expect(readSlackButton(SECRET, claim!.value!, now)).toMatchObject({
    ok: true,
    button: { incident: INCIDENT, level: 1, pass: 1, episode: 1 },
  });
  expect(readSlackButton(SECRET, claim!.value!, now + 1)).toEqual({ ok: false, code: 'LINK_EXPIRED' });
  expect(texts).toHaveLength(1);
  expect(texts[0]).toContain('disk of db1 is full');
  expect(texts[0]).not.toMatch(/v1\./);
});

test('it is told in the language of who reads it', async () => {
  const chinese: Change = (all) => {
    const users = new Map([...all.users].map(([id, user]) => [id, { ...user, language: 'zh-CN' as const }]));
    return { ...all, users };
  };
  await channel(chinese).notify(page());
  const [message] = slack.messages as [SlackMessage];
  expect(textOf(message)).toContain('*严重程度*');
  expect(buttonsOf(message).map(({ text }) => (text as { text: string }).text)).toContain('暂停提醒 1 小时');
});

test('changes of the service shortly before stand above the details', async () => {
  const at = '2026-12-01T10:00:00.000Z';
  const changes = [
    { id: 'c2', at, summary: 'deploy *42*', source: 'ci', links: [{ href: 'https://ci.example.com/42' }] },
    { id: 'c1', at, summary: 'flag on', source: 'ana', links: [] },
  ];
  await channel().notify(page({ changes }));
  const when = '<!date^1796119200^{date_num} {time_secs}|2026-12-01 18:00:00 Asia/Shanghai (10:00:00 UTC)>';
  expect(textOf(slack.messages[0]!)).toContain(
    `*Changes shortly before*\n${when} <https://ci.example.com/42|deploy ＊42＊ (ci)>\n${when} flag on (ana)`,
  );
});

test('a drill says so first', async () => {
  await channel().notify(page({ drill: true }));
  expect(slack.messages[0]!.text).toContain('🚨 [89abcdef] DRILL');
});

test('an operator’s own words stand in place of links and details, and in the thread; an alert formats nothing in them', async () => {
  const own = {
    page: { any: '*{{ incident.summary }}* on {{ incident.details.host }}, <{{ ackUrl }}|go>' },
    notice: { any: '_{{ summary }}_' },
  };
  const worded: Change = (all) => ({ ...all, templates: { slack: own } });
  const { conversation } = await channel(worded).notify(page({ summary: '<!channel> *disk*' }));
  const [message] = slack.messages as [SlackMessage];
  expect(textOf(message)).toContain('*&lt;!channel&gt; ＊disk＊* on db1, <https://tocsin.example.com/ack/v1.');
  expect(textOf(message)).not.toContain('Runbook');
  expect(idsOf(message)).toEqual(ALL);
  expect(texts[0]).toContain('/ack/***|go>');
  await channel(worded).tell(notice(ana, { conversation: conversation! }));
  expect(slack.messages[1]!.text).toBe('_Bob acknowledged_');
  expect(textOf(message)).toContain('*disk of db1 is full* on db1');
});

test('a template that fails is told of, and ours is sent', async () => {
  const broken: Change = (all) => ({ ...all, templates: { slack: { page: { any: '{{ summary | no }}' } } } });
  const receipt = await channel(broken).notify(page());
  expect(receipt.detail).toContain('templates.slack.page failed');
  expect(textOf(slack.messages[0]!)).toContain('Runbook');
});

test('a later page to the same person is a new message, and the one before it is left without buttons', async () => {
  const { conversation } = await channel().notify(page());
  const later = await channel().notify(
    page({}, { notification: 'n9', conversation: conversation!, shownAt: { level: 2, pass: 1, episode: 1 } }),
  );
  const [first, second] = slack.messages as [SlackMessage, SlackMessage];
  expect(slack.messages).toHaveLength(2);
  expect(second.thread_ts).toBeNull();
  expect(idsOf(second)).toEqual(ALL);
  expect(later.conversation).toBe(`D02ANA/${second.ts}/n9/U02ANA`);
  expect(idsOf(first)).toEqual([]);
  expect(textOf(first)).toContain('goes on in a later message');
});

test('a later page goes out, whatever becomes of the message before it', async () => {
  const { conversation } = await channel().notify(page());
  slack.next('chat.update', { error: 'internal_error' });
  const later = await channel().notify(page({}, { conversation: conversation! }));
  expect(later.conversation).toBe(`D02ANA/${slack.messages[1]!.ts}/n3/U02ANA`);
});

test('in a channel a later page is shown beside its thread, and the message is brought up to date', async () => {
  const inRoom = { contact: 'room' };
  const { conversation } = await channel().notify(page({}, inRoom));
  await channel().notify(
    page({}, { ...inRoom, conversation: conversation!, shownAt: { level: 2, pass: 1, episode: 1 } }),
  );
  const [first, second] = slack.messages as [SlackMessage, SlackMessage];
  expect(first).toMatchObject({ channel: 'C0INCIDENTS', thread_ts: null, edits: 1 });
  expect(second).toMatchObject({ channel: 'C0INCIDENTS', thread_ts: first.ts, broadcast: true });
  expect(readSlackButton(SECRET, buttonsOf(first)[0]!.value!, 0)).toMatchObject({ button: { level: 2 } });
  // Whoever reads there is nobody in particular: the phone page would act as one of them.
  expect(idsOf(first)).toEqual(ACTS);
});

test('a subscriber has one message of the incident, up to date, and every change in its thread', async () => {
  const subscriber = (more: Partial<NoticeRequest>) => notice(room, more);
  const { conversation } = await channel().tell(subscriber({ type: 'incident.triggered' }));
  const [message] = slack.messages as [SlackMessage];
  expect(conversation).toBe(`C0INCIDENTS/${message.ts}//#incidents`);
  const goOn = { conversation: conversation! };
  await channel().tell(subscriber(goOn));
  expect(idsOf(message)).toEqual(ACTS);
  expect(textOf(message)).toContain('Now: acknowledged by Ana Wei');
  const { incident } = noticeTo('slack', null, { status: 'resolved', resolvedAt: '2026-12-01T10:05:00.000Z' });
  await channel().tell(subscriber({ ...goOn, type: 'incident.resolved', text: 'Bob resolved it', incident }));
  expect(message.edits).toBe(2);
  expect(message.blocks[0]!.text!.text).toBe('✅ [#12] disk of db1 is full');
  expect(idsOf(message)).toEqual([]);
  const thread = slack.messages.slice(1);
  expect(thread).toMatchObject([
    { thread_ts: message.ts, broadcast: false, text: 'Bob acknowledged' },
    { thread_ts: message.ts, broadcast: false },
  ]);
  expect(thread[1]!.text).toContain('resolved');
});

test('a silent notice brings direct messages up to date and says nothing; the link to the phone page stays', async () => {
  const { conversation } = await channel().notify(page());
  const told = await channel().tell(notice(ana, { silent: true, conversation: conversation! }));
  expect(slack.messages).toHaveLength(1);
  const [message] = slack.messages as [SlackMessage];
  expect(message.edits).toBe(1);
  expect(idsOf(message)).toEqual(ALL);
  expect(readAckLink(SECRET, buttonsOf(message)[0]!.url!.split('/').at(-1)!, 0)).toMatchObject({
    link: { notification: 'n3', user: 'ana' },
  });
  expect(told).toEqual({ providerId: `D02ANA/${message.ts}` });
  expect(await channel().tell(notice(ana, { silent: true }))).toEqual({
    detail: 'there is no message to keep up to date',
  });
  expect(slack.messages).toHaveLength(1);
});

test('in silence even a note brings up to date: it stands for all that came before it', async () => {
  const { conversation } = await channel().notify(page());
  await channel().tell(notice(ana, { type: 'incident.noted', silent: true, conversation: conversation! }));
  expect(textOf(slack.messages[0]!)).toContain('Now: acknowledged by Ana Wei');
  expect(slack.messages).toHaveLength(1);
});

test('who asked for status updates is told beside the thread', async () => {
  const { conversation } = await channel().notify(page());
  await channel().tell(notice(ana, { conversation: conversation! }));
  expect(slack.messages[1]).toMatchObject({
    thread_ts: slack.messages[0]!.ts,
    broadcast: true,
    text: 'Bob acknowledged',
  });
});

test('a note is said in the thread, but for the channel that it was written in', async () => {
  const { conversation } = await channel().tell(notice(room, { type: 'incident.triggered' }));
  const note = (via: string) => {
    const said = notice(room, { type: 'incident.noted', text: 'Bob noted: on it', conversation: conversation! });
    return { ...said, entry: { ...said.entry!, type: 'noted', actor: { ...said.entry!.actor, via } } };
  };
  expect(await channel().tell(note('slack C0INCIDENTS'))).toEqual({ detail: 'it came from there' });
  expect(slack.messages).toHaveLength(1);
  await channel().tell(note('slack D02ANA'));
  expect(slack.messages[1]!.text).toContain('on it');
  expect(slack.messages[0]!.edits).toBe(0);
});

test.each(['message_not_found', 'cant_update_message'])(
  'where its message is gone (%s) another begins',
  async (error) => {
    const { conversation } = await channel().tell(notice(room, { type: 'incident.triggered' }));
    slack.next('chat.update', { error });
    const anew = await channel().tell(notice(room, { conversation: conversation! }));
    expect(anew.conversation).toBe(`C0INCIDENTS/${slack.messages[1]!.ts}//#incidents`);
    expect(slack.messages[1]).toMatchObject({ thread_ts: null });
  },
);

test.each(['room', 'slack'])(
  'an attempt that calls Slack twice is over in the time of one: what goes on longer is lost with its outcome (%s)',
  async (contact) => {
    const { conversation } = await channel().notify(page({}, { contact }));
    slack.next('chat.update', { instead: 'hang' });
    const began = Date.now();
    const later = await channel().notify(page({}, { contact, conversation: conversation! }));
    expect(Date.now() - began).toBeLessThan(2_900);
    expect(later.providerId).toBe(`${slack.messages[1]!.channel}/${slack.messages[1]!.ts}`);
  },
);

test('a page begins anew where the channel’s message is gone', async () => {
  const { conversation } = await channel().notify(page({}, { contact: 'room' }));
  slack.messages.length = 0;
  const anew = await channel().notify(page({}, { contact: 'room', conversation: conversation! }));
  expect(anew.conversation).toBe(`C0INCIDENTS/${slack.messages[0]!.ts}/n3/#incidents`);
});

test('a conversation with an address that has changed since is not gone on with', async () => {
  await channel().notify(page({}, { conversation: 'C0INCIDENTS/1.000001/n1/#other' }));
  expect(slack.calls).toEqual(['chat.postMessage']);
});

test('without a way back there are no buttons that nobody would hear', async () => {
  const mute: Change = (all) => {
    const { botToken, apiUrl } = slack.configured;
    return { ...all, channels: { slack: { botToken, apiUrl } } };
  };
  await channel(mute).notify(page());
  expect(idsOf(slack.messages[0]!)).toEqual(['view_incident']);
});

test.each([
  ['nobody of that id', 'channel_not_found', 'ADDRESS_REFUSED', 'terminal'],
  ['a channel that is archived', 'is_archived', 'ADDRESS_REFUSED', 'terminal'],
  ['a channel that the app is not in', 'not_in_channel', 'ADDRESS_REFUSED', 'terminal'],
  ['a message that Slack refuses', 'invalid_blocks', 'PROVIDER_REFUSED', 'terminal'],
  ['a token that is none', 'invalid_auth', 'PROVIDER_LOGIN_REFUSED', 'retryable'],
  ['a token that was taken back', 'token_revoked', 'PROVIDER_LOGIN_REFUSED', 'retryable'],
  ['an app without the permission', 'missing_scope', 'PROVIDER_LOGIN_REFUSED', 'retryable'],
  ['a Slack that fails', 'internal_error', 'PROVIDER_BUSY', 'retryable'],
  ['a Slack that is away', 'service_unavailable', 'PROVIDER_BUSY', 'retryable'],
])('%s (%s)', async (_what, error, code, type) => {
  slack.next('chat.postMessage', { error });
  const failure = await failureOf(channel().notify(page()));
  expect(failure).toMatchObject({ type, code });
  expect(failure.detail).toContain(error);
});

test('what the stand-in refuses by itself is refused by its name', async () => {
  const to =
    (address: string): Change =>
    (all) => {
      const [known] = [...all.users.values()];
      const contacts = [{ id: 'slack', channel: 'slack' as const, to: address }];
      return { ...all, users: new Map([['ana', { ...known!, contacts }]]) };
    };
  for (const [address, error] of [
    ['U09NOBODY', 'channel_not_found'],
    ['#old', 'is_archived'],
    ['#apart', 'not_in_channel'],
  ] as const) {
    expect((await failureOf(channel(to(address)).notify(page()))).detail).toBe(`Slack answered ${error}`);
  }
  const wrong: Change = (all) => ({ ...all, channels: { slack: { ...slack.configured, botToken: 'xoxb-other' } } });
  const failure = await failureOf(channel(wrong).notify(page()));
  expect(failure).toMatchObject({ code: 'PROVIDER_LOGIN_REFUSED' });
  expect(failure.detail).not.toContain('xoxb');
});

test('Retry-After is handed on', async () => {
  slack.next('chat.postMessage', { error: 'ratelimited' });
  expect(await failureOf(channel().notify(page()))).toMatchObject({
    type: 'retryable',
    code: 'PROVIDER_BUSY',
    after: 3_000,
  });
  slack.next('chat.postMessage', { status: 429 });
  expect(await failureOf(channel().notify(page()))).toMatchObject({
    type: 'retryable',
    code: 'PROVIDER_BUSY',
    after: undefined,
  });
});

test('a page whose answer is lost is unknown, although Slack has it', async () => {
  slack.next('chat.postMessage', 'lost');
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
  expect(slack.messages).toHaveLength(1);
});

test.each([
  ['that never comes', { instead: 'hang' as const }],
  ['that breaks off', { instead: 'cutOff' as const, body: '{"ok":tr' }],
])('an answer %s is unknown', async (_what, reaction) => {
  slack.next('chat.postMessage', reaction);
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
});

test.each([
  ['a login page', { body: '<html>log in to the network</html>' }],
  ['nothing', { body: '' }],
  ['a success that names no message', { body: '{"ok":true}' }],
  ['a page that is not there', { status: 404, body: 'not found' }],
  ['a redirect', { status: 302, headers: { location: 'https://evil.example/' } }],
])('%s is not Slack’s answer, and retryable', async (_what, reaction) => {
  slack.next('chat.postMessage', reaction);
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
});

test('an error of the server is retryable', async () => {
  slack.next('chat.postMessage', { status: 503, body: 'busy' });
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY' });
});

test('a Slack that cannot be reached is retryable', async () => {
  const away: Change = (all) => ({
    ...all,
    channels: { slack: { ...slack.configured, apiUrl: 'http://127.0.0.1:9/api/' } },
  });
  expect(await failureOf(channel(away).notify(page()))).toMatchObject({
    type: 'retryable',
    code: 'PROVIDER_UNREACHABLE',
  });
});

test('without the channel in the configuration nothing is tried', async () => {
  const none: Change = (all) => ({ ...all, channels: {} });
  expect(await failureOf(channel(none).notify(page()))).toMatchObject({
    type: 'terminal',
    code: 'CHANNEL_NOT_CONFIGURED',
  });
});

test('the longest incident keeps the limits of every block', async () => {
  const long = '&'.repeat(100_000);
  const links = Array.from({ length: 30 }, (_, index) => ({
    href: `https://example.com/${'a&'.repeat(900)}${index}`,
    text: long,
  }));
  await channel().notify(
    page(
      {
        summary: '👩‍👩‍👧‍👦'.repeat(1_000),
        links,
        changes: links.slice(0, 5).map((link, index) => ({
          id: `${index}`,
          at: '2026-12-01T10:00:00Z',
          summary: long,
          source: long,
          links: [link],
        })),
        details: { text: '<'.repeat(100_000) },
        service: { id: 'p', name: long, runbook: links[0]!.href },
      },
      { present: long, why: long },
    ),
  );
  expect(slack.messages).toHaveLength(1);
});

test('the stand-in takes what Slack’s own library sends with its defaults', async () => {
  const client = new WebClient(slack.configured.botToken, { slackApiUrl: slack.configured.apiUrl });
  expect(await client.auth.test()).toMatchObject({ ok: true, bot_id: 'B0TOCSIN' });
  const posted = await client.apiCall('chat.postMessage', { channel: 'U02ANA', text: 'hello', blocks: [] });
  expect(posted).toMatchObject({ ok: true, channel: 'D02ANA' });
  const { channel: im, ts } = posted as unknown as { channel: string; ts: string };
  await client.chat.update({ channel: im, ts, text: 'hello again' });
  const thread = await client.conversations.replies({ channel: im, ts });
  expect(thread.messages).toMatchObject([{ text: 'hello again', bot_id: 'B0TOCSIN' }]);
});
