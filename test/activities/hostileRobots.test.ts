/** Text of an alert stays text in the messages of group robots, workflows and topics: no markup, link, mention, button or element is its. */
import { createActivities } from '../../activities/index.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { DingtalkMessage } from '../support/providers/dingtalk.ts';
import { DINGTALK_SECRET, startDingtalk } from '../support/providers/dingtalk.ts';
import type { FeishuCard } from '../support/providers/feishu.ts';
import { FEISHU_SECRET, startFeishu } from '../support/providers/feishu.ts';
import type { NtfyMessage } from '../support/providers/ntfy.ts';
import { NTFY_TOKEN, startNtfy } from '../support/providers/ntfy.ts';
import type { Robot } from '../support/providers/robot.ts';
import type { TeamsCard } from '../support/providers/teams.ts';
import { startTeams } from '../support/providers/teams.ts';
import { startWecomRobot } from '../support/wecomRobot.ts';
import { ACTS, counting, HOSTILE, HOSTILE_TO_ROBOTS } from './hostileTexts.ts';
import { configured, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let wecom: Robot<string>;
let dingtalk: Robot<DingtalkMessage>;
let feishu: Robot<FeishuCard>;
let teams: Robot<TeamsCard>;
let ntfy: Robot<NtfyMessage>;
beforeAll(async () => {
  [wecom, dingtalk, feishu, teams, ntfy] = await Promise.all([
    startWecomRobot(),
    startDingtalk(),
    startFeishu(),
    startTeams(),
    startNtfy(),
  ]);
});
afterAll(() => Promise.all([wecom, dingtalk, feishu, teams, ntfy].map((robot) => robot?.stop())));
beforeEach(() => {
  for (const robot of [wecom, dingtalk, feishu, teams, ntfy]) robot.newMinute();
});

const channels = () =>
  createActivities({
    configuration: () =>
      configured({
        wecom: { ops: { url: wecom.url, mentions: { ana: 'wangqing' } } },
        dingtalk: { ops: { url: dingtalk.url, secret: DINGTALK_SECRET, mentions: { ana: 'manager1' } } },
        feishu: { ops: { url: feishu.url, secret: FEISHU_SECRET, mentions: { ana: 'ou_1' } } },
        teams: { ops: { url: teams.url } },
        ntfy: { ops: { url: ntfy.url, token: NTFY_TOKEN } },
      }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
  }).channels;

type Told = 'wecom' | 'dingtalk' | 'feishu' | 'teams' | 'ntfy';
const count = counting('hostileRobots');
const WAYS = ['page', 'notice'] as const;

/** A text in every place that an alert or its service can fill. */
async function send(channel: Told, way: (typeof WAYS)[number], text: string): Promise<void> {
  if (way === 'page') count.tries(channel, text);
  const service = { id: 'payments', name: text, description: text, runbook: text };
  if (way === 'notice') {
    await channels()[channel].tell({ ...noticeTo(channel, null, { summary: text }), text, service });
    return;
  }
  const links = [
    { href: text, text },
    { href: `https://example.com/${text}`, text },
  ];
  const details = { [text]: text, nested: { list: [text, { deep: text }] } };
  const incident = { summary: text, dedupKey: text, details, links, service };
  await channels()[channel].notify(
    requestWith(incident, {
      contact: channel === 'wecom' ? 'group' : channel,
      userName: text,
      why: text,
      present: text,
    }),
  );
}

const TEXTS = { page: [...HOSTILE, ...HOSTILE_TO_ROBOTS], notice: HOSTILE_TO_ROBOTS };
const cases = WAYS.flatMap((way) => TEXTS[way].map((text) => [way, JSON.stringify(text).slice(0, 60), text] as const));

describe.each(cases)('%s with %s', (way, _name, text) => {
  test("stays text in WeCom's Markdown", async () => {
    await send('wecom', way, text);
    const content = wecom.messages.at(-1)!;
    const rest = content
      .replace(/^<@wangqing>$/m, '')
      .replaceAll(/^> /gm, '')
      .replaceAll(/^\*\*([^*\n]*)\*\*/gm, '$1')
      .replaceAll(/<font color="(?:info|comment|warning)">([^<>]*)<\/font>/g, '$1')
      .replaceAll(/\[[^\][\n]*\]\(https?:\/\/[^()<>\s]*\)/g, '');
    expect(content).not.toMatch(ACTS);
    expect(rest).not.toMatch(/[<>*`[\]#&@\\]/);
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4_096);
  });

  test("stays text in DingTalk's Markdown", async () => {
    await send('dingtalk', way, text);
    const { title, text: content, at } = dingtalk.messages.at(-1)!;
    const rest = content
      .replace(/^### /, '')
      .replace(/^@manager1$/m, '')
      .replaceAll(/^- /gm, '')
      .replaceAll(/^\*\*([^*\n]*)\*\*$/gm, '$1')
      .replaceAll(/\[[^\][\n]*\]\(https?:\/\/[^()<>\s]*\)/g, '');
    for (const shown of [title, rest]) {
      expect(shown).not.toMatch(/[<>*`[\]#&@\\]/);
      expect(shown).not.toMatch(ACTS);
    }
    expect(at).toEqual({ atMobiles: [], atUserIds: way === 'page' ? ['manager1'] : [], isAtAll: false });
  });

  test("stays plain text in Feishu's card", async () => {
    await send('feishu', way, text);
    const { header, elements } = feishu.messages.at(-1)!;
    expect(header.title.tag).toBe('plain_text');
    const marked = elements.filter((element) => element.text?.tag === 'lark_md');
    expect(marked).toEqual(
      way === 'page' ? [{ tag: 'div', text: { tag: 'lark_md', content: '<at id=ou_1></at>' } }] : [],
    );
    for (const { text: shown, actions = [] } of elements) {
      expect(shown?.content ?? '').not.toMatch(ACTS);
      for (const { url } of actions) expect(url).toMatch(/^https?:/);
    }
  });

  test("stays plain text in Teams' card", async () => {
    await send('teams', way, text);
    const card = teams.messages.at(-1)!;
    // All text is in runs, which its stand-in checks; nothing else of a card is the alert's.
    expect(Object.keys(card)).toEqual(['$schema', 'type', 'version', 'body', 'actions', 'msteams']);
    for (const { inlines } of card.body) {
      expect(inlines).toHaveLength(1);
      expect(inlines[0]!.text).not.toMatch(ACTS);
    }
    for (const { url } of card.actions) expect(url).toMatch(/^https?:/);
  });

  test('stays plain text in a message of ntfy', async () => {
    await send('ntfy', way, text);
    const message = ntfy.messages.at(-1)!;
    const keys = ['topic', 'title', 'message', 'priority', ...(way === 'page' ? ['click', 'actions'] : [])];
    expect(Object.keys(message)).toEqual(keys);
    for (const shown of [message.title ?? '', message.message]) expect(shown).not.toMatch(ACTS);
    for (const { url } of message.actions ?? []) expect(url.startsWith(`${PUBLIC_URL}/ack/v1.`)).toBe(true);
  });
});

test('on each of them sixty and more were tried', () => expect(count.short()).toEqual([]));
