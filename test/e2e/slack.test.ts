/** Slack, from the event to the button and back: the message with `claim_incident`, its thread, and the present truth for who comes late. */
import type { SlackMessage, SlackStandIn } from '../support/providers/slack.ts';
import { startSlack } from '../support/providers/slack.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'payments-key-0000000000000';

const configuration = (channel: object) => `
users:
  - { id: ana, name: Ana Wei, language: zh-CN, contacts: [{ id: im, channel: slack, to: U02ANA }] }
  - { id: bob, name: Bob, contacts: [{ id: im, channel: slack, to: U03BOB }] }
escalationPolicies:
  - { id: payments, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }
services:
  - id: payments
    name: Payments
    escalationPolicy: payments
    subscribers: ['slack:#incidents']
    integrations: [{ source: events-v2, key: ${KEY} }]
channels:
  slack: ${JSON.stringify(channel)}
`;

let slack: SlackStandIn;
let tocsin: Tocsin;
beforeAll(async () => {
  slack = await startSlack();
  const { botToken, signingSecret, apiUrl } = slack.configured;
  tocsin = await startTocsin(configuration({ botToken, signingSecret, apiUrl }));
});
afterAll(async () => {
  await tocsin?.stop();
  await slack?.stop();
});

const first = (channel: string): Promise<SlackMessage> =>
  eventually(
    async () => slack.messages.find((each) => each.channel === channel && each.thread_ts === null),
    (message) => message !== undefined,
  ).then((message) => message!);
const thread = ({ ts }: SlackMessage): string =>
  slack.messages
    .filter(({ thread_ts }) => thread_ts === ts)
    .map(({ text }) => text)
    .join('\n');
const shown = ({ blocks }: SlackMessage): string => JSON.stringify(blocks);
const actions = ({ blocks }: SlackMessage) =>
  blocks.flatMap(({ elements = [] }) => elements.flatMap(({ action_id: id }) => (id === undefined ? [] : [id])));
const buttonOf = ({ blocks }: SlackMessage, id: string): string =>
  blocks.flatMap(({ elements = [] }) => elements).find(({ action_id: each }) => each === id)?.value ?? '';
const once = <Seen>(see: () => Seen, isThere: (seen: Seen) => boolean): Promise<Seen> =>
  eventually(async () => see(), isThere);

test('a person claims an incident by its button, its thread becomes its timeline, and who comes late is told how it is', async () => {
  await tocsin.event(KEY, 'disk');
  const { id } = await tocsin.incident('disk');
  const [im, room] = await Promise.all([first('D02ANA'), first('C0INCIDENTS')]);
  expect(im.blocks[0]!.text!.text).toContain('🚨');
  expect(actions(im)).toEqual([
    'view_incident',
    'claim_incident',
    'resolve_incident',
    'escalate_incident',
    'snooze_incident',
  ]);
  const [paged] = await eventually(
    () => tocsin.ledger(id),
    ([page]) => page?.status === 'sent',
  );
  expect(paged).toMatchObject({ channel: 'slack', attempts: [{ outcome: 'sent', providerId: `D02ANA/${im.ts}` }] });

  const url = `${tocsin.url}/callbacks/slack`;
  expect((await slack.press(url, im, 'claim_incident', 'U02ANA')).status).toBe(200);
  expect(await tocsin.read(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'ana' }] });
  await once(
    () => [shown(im), shown(room), thread(room)],
    ([mine = '', ours = '', said = '']) =>
      mine.includes('Ana Wei') && ours.includes('acknowledged by Ana Wei') && said.includes('Ana Wei'),
  );
  // One message an incident; in direct messages its thread is left to its reader.
  expect(slack.messages.filter(({ channel }) => channel === 'D02ANA')).toHaveLength(1);

  const claim = buttonOf(im, 'claim_incident');
  const note = slack.written(room, 'U03BOB', 'I look at the &lt;raid&gt;');
  for (let delivered = 0; delivered < 2; delivered += 1) {
    expect((await slack.post(url, JSON.stringify(note), 'application/json')).status).toBe(200);
  }
  const noted = (await tocsin.timeline(id)).filter(({ type }) => type === 'noted');
  expect(noted).toMatchObject([
    { actor: { id: 'bob', via: 'slack C0INCIDENTS' }, text: expect.stringContaining('I look at the <raid>') as string },
  ]);

  expect((await slack.press(url, room, 'resolve_incident', 'U03BOB')).status).toBe(200);
  await once(
    () => [actions(im), actions(room)],
    (buttons) => buttons.every((ids) => !ids.includes('claim_incident')),
  );
  expect(room.blocks[0]!.text!.text).toContain('✅');
  await once(
    () => thread(room),
    (said) => said.includes('resolved'),
  );
  expect(thread(room)).not.toContain('raid');

  const late = slack.payload({ ...im, blocks: [] }, 'claim_incident', 'U02ANA', { value: claim });
  const body = new URLSearchParams({ payload: JSON.stringify(late) }).toString();
  expect((await slack.post(url, body, 'application/x-www-form-urlencoded')).status).toBe(200);
  expect(slack.ephemerals).toMatchObject([{ user: 'U02ANA', text: expect.stringContaining('Bob') as string }]);
});

test('a stranger’s press stands in the timeline', async () => {
  await tocsin.event(KEY, 'cpu');
  const { id } = await tocsin.incident('cpu');
  const room = await once(
    () =>
      slack.messages.findLast(
        (each) => each.channel === 'C0INCIDENTS' && each.thread_ts === null && shown(each).includes('cpu'),
      ),
    (message) => message !== undefined,
  );
  expect((await slack.press(`${tocsin.url}/callbacks/slack`, room!, 'claim_incident', 'U04CYN')).status).toBe(200);
  const lines = await eventually(
    () => tocsin.timeline(id),
    (all) => all.some(({ text }) => text.includes('U04CYN')),
  );
  expect(lines.map(({ text }) => text)).toContain('Slack U04CYN was turned away: may not acknowledge (UNKNOWN_USER)');
  expect(await tocsin.read(id)).toMatchObject({ status: 'triggered' });
});
