/** The lag of Kafka's consumers, from the API that says it to the phones that ring: the whole of what the seed's function did. */
import {
  type ScheduleExecutionResult,
  type ScheduleHandle,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { pino } from 'pino';
import { arrangeMonitors, monitorSchedule } from '../../worker/monitors.ts';
import type { PolledLag } from '../../workflows/kafkaLag.ts';
import { eventsOf, textOf } from '../support/history.ts';
import type { CkafkaStandIn } from '../support/providers/ckafka.ts';
import { CKAFKA, startCkafka } from '../support/providers/ckafka.ts';
import type { TencentStandIn } from '../support/providers/tencentSms.ts';
import { startTencentSms, TENCENT } from '../support/providers/tencentSms.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';
import { startWecomRobot, type WecomRobot } from '../support/wecomRobot.ts';

const PHONE = '+8613800000000';
const { region, instance, secretId, secretKey, group } = CKAFKA;

let ckafka: CkafkaStandIn;
let sms: TencentStandIn;
let wecom: WecomRobot;
let tocsin: Tocsin;

const monitor = (id: string, more: object = {}): object => ({
  id,
  type: 'kafka-lag',
  every: '1h',
  threshold: 2_000,
  integration: 'orders-lag',
  group,
  region,
  instance,
  secretId: '${CKAFKA_ID}',
  secretKey: '${CKAFKA_KEY}',
  apiUrl: ckafka.url,
  ...more,
});
const configuration = (...monitors: object[]): string =>
  JSON.stringify({
    users: [
      {
        id: 'ana',
        contacts: [
          { id: 'mail', channel: 'email', to: 'ana@example.com' },
          { id: 'text', channel: 'sms', to: PHONE },
          { id: 'robot', channel: 'wecom', to: 'ops' },
        ],
        notificationRules: { high: ['mail', 'text', 'robot'].map((contact) => ({ after: '0s', contact })) },
      },
    ],
    escalationPolicies: [{ id: 'orders', levels: [{ targets: ['user:ana'], escalateAfter: '1h' }] }],
    services: [
      {
        id: 'orders',
        escalationPolicy: 'orders',
        integrations: [{ id: 'orders-lag', source: 'events-v2', key: 'a-key-of-the-orders-00' }],
      },
    ],
    channels: {
      email: { smtp: '${SMTP_URL}', from: 'Tocsin <alerts@example.com>' },
      wecom: { ops: { url: wecom.url } },
      sms: {
        provider: 'tencent',
        api: 'legacy',
        sdkAppId: TENCENT.sdkAppId,
        appKey: TENCENT.appKey,
        sign: TENCENT.signName,
        templateId: '20',
        params: [
          '{% for each in incident.details.topics %}Topic:{{ each.topic }},积压数据量:{{ each.lag }};{% endfor %}',
        ],
        paramLength: 200,
        apiUrl: sms.url,
      },
    },
    monitors,
  });

beforeAll(async () => {
  [ckafka, sms, wecom] = await Promise.all([startCkafka(), startTencentSms(), startWecomRobot()]);
  sms.approve('20', { parameters: 1, length: 200 });
  // Three topics are two pages.
  ckafka.perPage(2);
  ckafka.lag(CALM);
  tocsin = await startTocsin(configuration(), { env: { CKAFKA_ID: secretId, CKAFKA_KEY: secretKey } });
});
afterAll(async () => {
  await tocsin?.stop();
  await Promise.all([ckafka, sms, wecom].map((provider) => provider?.stop()));
});

const CALM = { orders: [3, 4], payments: [1, 'uncommitted'], audit: [0] } as const;
/** What the seed would have got wrong: no partition is over the threshold, and the last of them says least. */
const BEHIND = { orders: [1_900, 1_900, 1_200], payments: [1_200, 1_100], audit: [1_000, 1_000] } as const;
const SUMS = [
  ['orders', 5_000],
  ['payments', 2_300],
] as const;

const logged: string[] = [];
const log = pino({ level: 'error' }, { write: (line) => void logged.push(line) });

/** With these monitors, as after a reload by several workers at once. */
async function arrange(...monitors: object[]): Promise<void> {
  tocsin.reconfigure(configuration(...monitors));
  await Promise.all([1, 2].map(() => arrangeMonitors(tocsin.client, tocsin.configuration(), log)));
}

/** Two runs of one second have one workflow id. */
const runOf = ({ action }: ScheduleExecutionResult): string => action.workflow.firstExecutionRunId;

/** Polls once more, and what came of it; a new schedule's first poll comes by itself. */
async function polled(schedule: ScheduleHandle, trigger = true): Promise<PolledLag & { run: { workflowId: string } }> {
  // What it says of its runs comes later than their ends, and what it takes for running it would skip this one for.
  const settled = await eventually(
    () => schedule.describe(),
    ({ info }) => !trigger || info.runningActions.length === 0,
  );
  const before = new Set(trigger ? settled.info.recentActions.map(runOf) : []);
  if (trigger) await schedule.trigger(ScheduleOverlapPolicy.SKIP);
  const { info } = await eventually(
    () => schedule.describe(),
    ({ info }) => info.recentActions.some((each) => !before.has(runOf(each))),
  );
  const run = info.recentActions.find((each) => !before.has(runOf(each)))!.action.workflow;
  const handle = tocsin.client.workflow.getHandle(run.workflowId, run.firstExecutionRunId);
  return { ...((await handle.result()) as PolledLag), run };
}

/** An e-mail that is attempted again is the same one. */
const told = () => ({
  mails: new Set(tocsin.smtp.mails.map(({ messageId }) => messageId)).size,
  texts: sms.messages.length,
  posts: wecom.messages.length,
});

describe.each(['tencent', 'legacy'] as const)('by the API %s', (api) => {
  const id = `lag-${api}`;
  const schedule = () => tocsin.client.schedule.getHandle(monitorSchedule(id));

  it('two topics of three over the threshold are one incident and one message on each channel, with both and their sums; recovery resolves it', async () => {
    const before = told();
    ckafka.lag(CALM);
    await arrange(monitor(id, { api }));
    expect(await polled(schedule(), false)).toMatchObject({ over: [], failures: 0, open: false });
    expect(told()).toEqual(before);

    ckafka.lag(BEHIND);
    expect(await polled(schedule())).toMatchObject({ over: ['orders', 'payments'], open: true });
    const incident = await tocsin.incident(id);
    expect(incident).toMatchObject({ service: 'orders', severity: 'critical', alertCount: 2 });
    const once = { mails: before.mails + 1, texts: before.texts + 1, posts: before.posts + 1 };
    await eventually(
      async () => told(),
      (now) => JSON.stringify(now) === JSON.stringify(once),
    );
    const mail = tocsin.smtp.mails.at(-1)!;
    const [param = ''] = sms.messages.at(-1)!.params;
    for (const [topic, lag] of SUMS) {
      const alert = `topic ${topic} of group ${group}: lag ${lag} (threshold 2000)`;
      expect(mail.text).toContain(alert);
      expect(wecom.messages.at(-1)).toContain(alert);
      expect(param).toContain(`Topic:${topic},积压数据量:${lag};`);
    }
    for (const text of [mail.text, wecom.messages.at(-1), param]) expect(text).not.toContain('audit');

    // What lasts is said again at each poll, and wakes nobody.
    await polled(schedule());
    ckafka.lag({ ...BEHIND, payments: [5, 5] });
    const some = await polled(schedule());
    expect(some).toMatchObject({ over: ['orders'], open: true });
    // What may be refused, as the store is away, does not have triggers taken in again, nor keeps the next poll waiting.
    const given = (await eventsOf(tocsin.client, some.run.workflowId))
      .map(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled)
      .filter((scheduled) => scheduled?.activityType?.name === 'takeIn');
    expect(
      given.map((scheduled) => {
        const [, events] = scheduled!.input!.payloads!.map(({ data }) => JSON.parse(Buffer.from(data!).toString()));
        return [
          events.map(({ action }: { action: string }) => action),
          Number(scheduled!.scheduleToCloseTimeout!.seconds),
        ];
      }),
    ).toEqual([
      [['trigger'], 60],
      [['resolve'], 60],
    ]);
    expect((await tocsin.read(incident.id)).status).toBe('triggered');

    ckafka.lag(CALM);
    expect(await polled(schedule())).toMatchObject({ over: [], open: false });
    const resolved = await eventually(
      () => tocsin.read(incident.id),
      ({ status }) => status === 'resolved',
    );
    expect(resolved.alerts.map(({ dedupKey, status }) => [dedupKey, status])).toEqual([
      [`${id}/topic/orders`, 'resolved'],
      [`${id}/topic/payments`, 'resolved'],
    ]);
    expect(told()).toEqual(once);
  });
});

describe('a monitor', () => {
  const id = 'order-lag';
  const schedule = () => tocsin.client.schedule.getHandle(monitorSchedule(id));

  it('whose polls fail in a row is told of, once it is so many, and the next good one resolves that', async () => {
    ckafka.lag(CALM);
    await arrange(monitor(id, { tellAfterFailures: 2 }));
    await polled(schedule(), false);
    const before = told().mails;
    ckafka.refuse('ResourceNotFound');
    expect(await polled(schedule())).toMatchObject({ failures: 1, failureTold: false });
    expect(await polled(schedule())).toMatchObject({ failures: 2, failureTold: true });
    const incident = await tocsin.incident(`${id}/polls`);
    expect(incident.summary).toBe(`The lag of group ${group} cannot be read: it says ResourceNotFound`);
    await eventually(
      async () => told().mails,
      (mails) => mails === before + 1,
    );
    ckafka.refuse(undefined);
    await polled(schedule());
    await eventually(
      () => tocsin.read(incident.id),
      ({ status }) => status === 'resolved',
    );
  });

  it('shows in Temporal what it found, and none of its secrets', async () => {
    ckafka.lag(BEHIND);
    const { workflowId } = (await polled(schedule())).run;
    const run = tocsin.client.workflow.getHandle(workflowId);
    const { memo, staticSummary } = await run.describe().then(async (described) => ({
      memo: described.memo,
      staticSummary: await described.staticSummary(),
    }));
    expect(workflowId).toMatch(/^monitor\/order-lag-/);
    expect(staticSummary).toBe(`Kafka lag of group ${group}`);
    expect(memo).toMatchObject({
      monitor: id,
      summary: `2 of 3 topics of group ${group} are over their threshold`,
      lags: ['orders: 5000 (threshold 2000)', 'payments: 2300 (threshold 2000)', 'audit: 2000 (threshold 2000)'],
    });
    const history = await textOf(tocsin.client, workflowId);
    expect(history).toContain('topic orders of group');
    for (const secret of [secretId, secretKey]) expect(history).not.toContain(secret);
  });

  it('that somebody paused stays paused at a reload, which takes over the rest; one that is gone has no schedule', async () => {
    await schedule().pause('while we move');
    await arrange(monitor(id, { every: '7m' }));
    const { spec, state, policies } = await schedule().describe();
    expect(state).toMatchObject({ paused: true, note: 'while we move' });
    expect([spec.intervals?.map(({ every }) => every), policies.overlap]).toEqual([[420_000], 'SKIP']);
    await arrange();
    await expect(schedule().describe()).rejects.toThrow(ScheduleNotFoundError);
  });

  it('that is gone and comes back resolves what was open meanwhile', async () => {
    const incident = await tocsin.incident(id);
    expect(incident.status).toBe('triggered');
    ckafka.lag(CALM);
    await arrange(monitor(id));
    await eventually(
      () => tocsin.read(incident.id),
      ({ status }) => status === 'resolved',
    );
  });

  it('that Temporal refuses takes no other with it: those behind it are made, and what is gone is removed', async () => {
    const [known] = tocsin.configuration().monitors.values();
    const refused = { ...known!, id: 'x'.repeat(2_000) };
    // Of 255 characters, more bytes than Temporal takes in a summary.
    const other = { ...known!, id: 'other-lag', group: '组'.repeat(255) };
    const monitors = new Map([refused, other].map((each) => [each.id, each]));
    await arrangeMonitors(tocsin.client, { monitors }, log, new Set([id]));
    expect(logged.map((line) => (JSON.parse(line) as { monitor: string }).monitor)).toEqual([refused.id]);
    await polled(tocsin.client.schedule.getHandle(monitorSchedule(other.id)), false);
    await expect(schedule().describe()).rejects.toThrow(ScheduleNotFoundError);
  });
});
