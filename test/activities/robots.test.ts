/** What group robots, workflows and topics have in common: what an attempt at one comes to, whom it calls upon, and in which language. */
import { dingtalkChannel } from '../../activities/notify/dingtalk.ts';
import { feishuChannel } from '../../activities/notify/feishu.ts';
import { ntfyChannel } from '../../activities/notify/ntfy.ts';
import type { RobotChannel } from '../../activities/notify/robot.ts';
import { teamsChannel } from '../../activities/notify/teams.ts';
import { wecomChannel } from '../../activities/notify/wecom.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { NoticeType } from '../../domain/notice.ts';
import { NO_STORE } from '../support/noStore.ts';
import { DINGTALK_SECRET, startDingtalk } from '../support/providers/dingtalk.ts';
import { FEISHU_SECRET, startFeishu } from '../support/providers/feishu.ts';
import { NTFY_TOKEN, startNtfy } from '../support/providers/ntfy.ts';
import type { Robot } from '../support/providers/robot.ts';
import { startTeams } from '../support/providers/teams.ts';
import { startWecomRobot } from '../support/wecomRobot.ts';
import { wordingOf } from '../../wording/index.ts';
import { configured, failureOf, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

interface Kind {
  readonly channel: RobotChannel;
  readonly start: () => Promise<Robot<unknown>>;
  readonly make: typeof wecomChannel;
  /** Beside the address. */
  readonly endpoint: Readonly<Record<string, string>>;
  /** What it answers as its vendor does, and what that is. */
  readonly refusals: readonly (readonly [status: number, body: object, type: string, code: string])[];
  /** Messages that it takes at once. */
  readonly limit: number;
  readonly waits: number | undefined;
  /** Ways in which its address, or what goes with it, may be wrong. */
  readonly wrong: (robot: Robot<unknown>) => readonly object[];
  readonly strangers: readonly string[];
}

const PAGES_OF_STRANGERS = ['<html>log in to the network</html>', '', 'null', '[]', '"ok"'];

const KINDS: readonly Kind[] = [
  {
    channel: 'wecom',
    start: startWecomRobot,
    make: wecomChannel,
    endpoint: {},
    refusals: [
      [200, { errcode: 40008, errmsg: 'invalid message type' }, 'terminal', 'PROVIDER_REFUSED'],
      [200, { errcode: -1, errmsg: 'system busy' }, 'retryable', 'PROVIDER_BUSY'],
      [503, {}, 'retryable', 'PROVIDER_BUSY'],
    ],
    limit: 20,
    waits: 60_000,
    wrong: ({ url }) => [{ url: url.replace('693a', '0000') }],
    strangers: [...PAGES_OF_STRANGERS, '{"errcode":"0"}'],
  },
  {
    channel: 'dingtalk',
    start: startDingtalk,
    make: dingtalkChannel,
    endpoint: { secret: DINGTALK_SECRET },
    refusals: [
      [200, { errcode: 400105, errmsg: 'unsupported msgtype' }, 'terminal', 'PROVIDER_REFUSED'],
      [200, { errcode: 460101, errmsg: 'message too long, exceed 20000 bytes' }, 'terminal', 'PROVIDER_REFUSED'],
      [200, { errcode: -1, errmsg: '系统繁忙' }, 'retryable', 'PROVIDER_BUSY'],
      [200, { errcode: 310000, errmsg: 'keywords not in content' }, 'retryable', 'PROVIDER_LOGIN_REFUSED'],
      [200, { errcode: 410100, errmsg: 'send too fast' }, 'retryable', 'PROVIDER_BUSY'],
      [502, {}, 'retryable', 'PROVIDER_BUSY'],
    ],
    limit: 20,
    waits: 60_000,
    wrong: ({ url }) => [{ url: url.replace('566cc', '00000') }, { secret: 'SECwrong' }],
    strangers: [...PAGES_OF_STRANGERS, '{"errcode":"0"}'],
  },
  {
    channel: 'feishu',
    start: startFeishu,
    make: feishuChannel,
    endpoint: { secret: FEISHU_SECRET },
    refusals: [
      [200, { code: 11246, msg: 'parse card json err' }, 'terminal', 'PROVIDER_REFUSED'],
      [400, { code: 9499, msg: 'Bad Request', data: {} }, 'terminal', 'PROVIDER_REFUSED'],
      [429, { code: 9499, msg: 'too many request' }, 'retryable', 'PROVIDER_BUSY'],
      [200, { code: 19024, msg: 'Key Words Not Found' }, 'retryable', 'PROVIDER_LOGIN_REFUSED'],
      [500, {}, 'retryable', 'PROVIDER_BUSY'],
    ],
    limit: 100,
    waits: 10_000,
    wrong: ({ url }) => [{ url: url.replace('0d6e', '0000') }, { secret: 'wrong' }],
    strangers: [...PAGES_OF_STRANGERS, '{"code":"0"}'],
  },
  {
    channel: 'teams',
    start: startTeams,
    make: teamsChannel,
    endpoint: {},
    refusals: [
      [400, { error: { code: 'TriggerInputSchemaMismatch' } }, 'terminal', 'PROVIDER_REFUSED'],
      [400, { error: { code: 'WorkflowTriggerIsNotEnabled' } }, 'retryable', 'PROVIDER_LOGIN_REFUSED'],
      [413, {}, 'terminal', 'PROVIDER_REFUSED'],
      [502, {}, 'retryable', 'PROVIDER_BUSY'],
    ],
    limit: 240,
    waits: 20_000,
    wrong: ({ url }) => [{ url: url.replace('Zm9y', 'AAAA') }, { url: url.replace('5fb7', '0000') }],
    strangers: ['<html>log in to the network</html>', ' <!doctype html>'],
  },
  {
    channel: 'ntfy',
    start: startNtfy,
    make: ntfyChannel,
    endpoint: { token: NTFY_TOKEN },
    refusals: [
      [400, { code: 40018, http: 400, error: 'invalid request: actions invalid' }, 'terminal', 'PROVIDER_REFUSED'],
      [413, { code: 41303, http: 413, error: 'JSON body too large' }, 'terminal', 'PROVIDER_REFUSED'],
      [507, { code: 50701, http: 507, error: 'cannot publish to UnifiedPush topic' }, 'retryable', 'PROVIDER_BUSY'],
      [500, { code: 50001, http: 500, error: 'internal server error' }, 'retryable', 'PROVIDER_BUSY'],
    ],
    limit: 60,
    waits: undefined,
    wrong: ({ url }) => [{ token: 'tk_wrong' }, { url: url.replace('tocsin-ops', 'others') }],
    strangers: PAGES_OF_STRANGERS,
  },
];

describe.each(KINDS)('$channel', ({ channel, start, make, endpoint, refusals, limit, waits, wrong, strangers }) => {
  let robot: Robot<unknown>;
  beforeAll(async () => {
    robot = await start();
  });
  beforeEach(() => robot.newMinute());
  afterAll(() => robot.stop());

  const activities = (
    more: object = {},
    change: (known: Configuration) => Configuration = (known) => known,
    timeout = 8_000,
  ) =>
    make({
      configuration: () => change(configured({ [channel]: { ops: { url: robot.url, ...endpoint, ...more } } })),
      secret: SECRET,
      store: NO_STORE,
      publicUrl: PUBLIC_URL,
      timeout,
    });
  const contact = channel === 'wecom' ? 'group' : channel;
  const page = (more = {}) => requestWith({}, { contact, ...more });
  const last = (): string => JSON.stringify(robot.messages.at(-1));

  test('a page is sent once, with the link of the user who is paged', async () => {
    const before = robot.messages.length;
    const receipt = await activities().notify(page());
    expect(receipt.detail).toMatch(/^(\{.*"(errcode|code)":0.*\}|20[02])$/);
    expect(robot.messages).toHaveLength(before + 1);
    for (const text of ['disk of db1 is full', '/ack/v1.', 'Payments (Takes the money)', 'host: db1']) {
      expect(last()).toContain(text);
    }
  });

  test('a notice says what changed, and has no link to act with', async () => {
    await activities().tell(noticeTo(channel, null));
    expect(last()).toContain('Bob acknowledged');
    expect(last()).not.toContain('/ack/');
  });

  test.each(refusals)('%i %j is %s, %s', async (status, body, type, code) => {
    robot.next({ status, body: JSON.stringify(body) });
    expect(await failureOf(activities().notify(page()))).toMatchObject({ type, code });
  });

  test('what is wrong in the configuration is retryable: it can be put right while the incident is open', async () => {
    for (const more of wrong(robot)) {
      const failure = await failureOf(activities(more).notify(page()));
      expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
      expect(failure.detail).toContain(`put right channels.${channel}.ops.`);
    }
  });

  test.each(strangers)('an answer that is not its vendor’s is no success, and retryable: %s', async (body) => {
    robot.next({ body });
    const failure = await failureOf(activities().notify(page()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
  });

  test('an answer that never comes, and a connection that is cut, are unknown', async () => {
    for (const instead of ['hang', 'reset'] as const) {
      robot.next({ instead });
      const impatient = activities({}, (known) => known, 1_000);
      const failure = await failureOf(impatient.notify(page()));
      expect(failure).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
    }
  });

  test('nothing secret is in a failure, even where the vendor echoes it', async () => {
    const { pathname, search } = new URL(robot.url);
    const secrets = [robot.url, pathname + search, ...Object.values(endpoint)];
    robot.next({ status: 400, body: JSON.stringify({ errcode: 1, code: 1, echo: secrets }) });
    const { detail } = await failureOf(activities().notify(page()));
    for (const secret of secrets) expect(detail).not.toContain(secret);
    expect(detail).toContain('***');
  });

  test.each(['de', 'zh-CN', 'ja', 'ko'] as const)('a person is told in their language: %s', async (language) => {
    const speaks = (known: Configuration): Configuration => {
      const ana = { ...known.users.get('ana')!, language };
      return { ...known, users: new Map([['ana', ana]]) };
    };
    await activities({}, speaks).notify(page());
    const { labels, line, severity } = wordingOf(language);
    expect(last()).toContain(channel === 'ntfy' ? labels.acknowledge : labels.acknowledgeAs('Ana Wei'));
    if (channel !== 'wecom') expect(last()).toContain(line(labels.severity, severity('critical')));
  });

  // At its end, for it leaves the robot out of breath.
  test('beyond its limit it refuses, which is retryable later', async () => {
    const once = activities();
    for (let times = 0; times < limit; times += 20) {
      await Promise.all(Array.from({ length: 20 }, () => once.notify(page())));
    }
    const failure = await failureOf(once.notify(page()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', after: waits });
    robot.newMinute();
    await once.notify(page());
  });
});

describe('a robot that knows what people are called there', () => {
  const MENTIONS = { ana: 'wangqing' };
  const called: readonly (readonly [Kind, (content: string) => string])[] = KINDS.slice(0, 3).map((kind) => [
    kind,
    { wecom: () => '<@wangqing>', dingtalk: () => '@wangqing', feishu: () => '<at id=wangqing></at>' }[
      kind.channel as 'wecom' | 'dingtalk' | 'feishu'
    ],
  ]);

  test.each(called.map(([kind, mention]) => [kind.channel, kind, mention('')] as const))(
    '%s mentions the user who is paged, and in a group whoever is called upon now',
    async (channel, { start, make, endpoint }, mention) => {
      const robot = await start();
      try {
        const told = make({
          configuration: () =>
            configured({
              [channel]: { ops: { url: robot.url, ...endpoint, mentions: MENTIONS } },
            }),
          secret: SECRET,
          store: NO_STORE,
          publicUrl: PUBLIC_URL,
        });
        const sent = () => robot.server.requests.at(-1)!.body;
        await told.notify(requestWith({}, { contact: channel === 'wecom' ? 'group' : channel }));
        expect(sent()).toContain(mention);

        const notice = (type: NoticeType, contact: string | null, status: 'triggered' | 'acknowledged' = 'triggered') =>
          told.tell({ ...noticeTo(channel, contact, { status }), type });
        for (const type of ['incident.triggered', 'incident.escalated', 'incident.reassigned'] as const) {
          await notice(type, null);
          expect(sent()).toContain(mention);
        }
        await notice('incident.noted', null);
        expect(sent()).not.toContain(mention);
        await notice('incident.triggered', null, 'acknowledged');
        expect(sent()).not.toContain(mention);
        await notice('incident.triggered', channel === 'wecom' ? 'group' : channel);
        expect(sent()).not.toContain(mention);
      } finally {
        await robot.stop();
      }
    },
  );
});
