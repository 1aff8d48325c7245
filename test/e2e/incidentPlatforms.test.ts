/** Systems that hold incidents too, PagerDuty, Opsgenie and Reactio: opened, acknowledged and resolved wherever somebody does it, and nothing goes round. */
import { readFileSync } from 'node:fs';
import { block } from '../support/guides.ts';
import type { Opsgenie } from '../support/providers/opsgenie.ts';
import { GENIE_KEY, startOpsgenie, webhookOf as opsgenieWebhook } from '../support/providers/opsgenie.ts';
import type { PagerDuty } from '../support/providers/pagerduty.ts';
import {
  INTEGRATION,
  REST_KEY,
  ROUTING_KEY,
  WEBHOOK_SECRET,
  person,
  startPagerDuty,
  webhookOf as pagerdutyWebhook,
} from '../support/providers/pagerduty.ts';
import type { Reactio } from '../support/providers/reactio.ts';
import { REACTIO_KEY, startReactio } from '../support/providers/reactio.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const OPSGENIE_SECRET = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const SENSU_KEY = 'a-sensu-key-00000000000';
const GUANCE_KEY = 'guance-key-0000000000000';
const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as Record<string, unknown>;

const service = (id: string) =>
  `  - { id: ${id}, escalationPolicy: there, subscribers: ["pagerduty:main", "opsgenie:main"], integrations: [{ source: events-v2, key: ${id.padEnd(24, '0')} }] }`;

const configuration = (pagerdutyUrl: string, opsgenieUrl: string) => `
users:
  - { id: ana, name: Ana Wei, contacts: [{ id: pd, channel: pagerduty, to: main }] }
  - { id: bob, name: Bob, email: bob@example.com, contacts: [{ id: term, channel: console }] }
escalationPolicies:
  - { id: there, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }
services:
  - { id: hosts, escalationPolicy: there, integrations: [{ source: guance, key: ${GUANCE_KEY} }] }
${['loop', 'answered', 'closed', 'strange'].map(service).join('\n')}
channels:
  pagerduty:
    main:
      routingKey: ${ROUTING_KEY}
      url: "${pagerdutyUrl}"
      apiUrl: "${pagerdutyUrl}"
      apiKey: ${REST_KEY}
      webhookSecrets: ["${WEBHOOK_SECRET}"]
      users: { PLH1HKV: ana }
  opsgenie: { main: { apiKey: ${GENIE_KEY}, url: "${opsgenieUrl}", webhookSecret: ${OPSGENIE_SECRET} } }
`;

let pagerduty: PagerDuty;
let opsgenie: Opsgenie;
let reactio: Reactio;
let tocsin: Tocsin;
beforeAll(async () => {
  [pagerduty, opsgenie, reactio] = await Promise.all([startPagerDuty(), startOpsgenie(), startReactio()]);
  const env = { SENSU_KEY, REACTIO_KEY, REACTIO_URL: reactio.url };
  tocsin = await startTocsin(configuration(pagerduty.url, opsgenie.url), { env });
});
afterAll(async () => {
  await tocsin?.stop();
  await Promise.all([pagerduty?.stop(), opsgenie?.stop(), reactio?.stop()]);
});

const trigger = async (name: string) => {
  await tocsin.event(name.padEnd(24, '0'), name);
  const { id } = await tocsin.incident(name);
  await inPagerDuty(id, 'triggered');
  await inOpsgenie(id, { status: 'open' });
  return id;
};
const inPagerDuty = (key: string, status: string) =>
  eventually(
    async () => pagerduty.incidents.filter((one) => one.key === key),
    (found) => found.length === 1 && found[0]?.status === status,
  ).then(([only]) => only!);
const inOpsgenie = (alias: string, want: { status?: string; acknowledged?: boolean }) =>
  eventually(
    async () => opsgenie.alerts.filter(({ first }) => first.alias === alias),
    (found) => found.length === 1 && Object.entries(want).every(([name, value]) => found[0]?.[name as never] === value),
  );
const post = async (path: string, body: string, headers: Record<string, string>) => {
  const answer = await fetch(`${tocsin.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: answer.status, ...((await answer.json()) as { outcome: string }) };
};
const fromPagerDuty = (happening: Parameters<typeof pagerdutyWebhook>[0]) => {
  const { headers, body } = pagerdutyWebhook(happening);
  return post('/callbacks/pagerduty/main', body, headers);
};
const fromOpsgenie = (happening: Parameters<typeof opsgenieWebhook>[0]) =>
  post('/callbacks/opsgenie/main', opsgenieWebhook(happening), { authorization: `Bearer ${OPSGENIE_SECRET}` });
/** But for what opens it there. */
const changesOf = (key: string) =>
  pagerduty.events
    .filter(({ dedup_key: of, event_action: action }) => of === key && action !== 'trigger')
    .map(({ event_action: action }) => action);
/** When all that it owed anybody is done. */
const over = async (name: string): Promise<void> => {
  const { workflowId } = await tocsin.incident(name);
  await tocsin.client.workflow.getHandle(workflowId).result();
};
const acksOf = async (id: string) => (await tocsin.timeline(id)).filter(({ type }) => type === 'acknowledged');

test('a critical event of Guance is an incident in PagerDuty, as its own script makes it; the recovery resolves it there', async () => {
  const critical = fixture('guance-critical');
  await tocsin.post(`/integrations/guance/${GUANCE_KEY}`, critical);
  const { id } = await tocsin.incident(String(critical['df_monitor_checker_event_ref']));
  const theirs = await inPagerDuty(id, 'triggered');
  const [event] = theirs.events;
  expect(event).toMatchObject({
    routing_key: ROUTING_KEY,
    dedup_key: id,
    client: 'Guance observer',
    client_url: critical['df_event_link'],
    payload: {
      summary: '实例名称为 share 磁盘使用率过高',
      severity: 'critical',
      source: 'observer',
      custom_details: { result: 100, date: 1_693_034_940, description: critical['df_message'] },
    },
  });
  const [page] = await eventually(
    () => tocsin.ledger(id),
    ([first]) => first?.status === 'sent',
  );
  expect(page).toMatchObject({ user: 'ana', channel: 'pagerduty', attempts: [{ outcome: 'sent', providerId: id }] });
  expect(page?.attempts[0]?.detail).toContain('"status":"success"');

  await tocsin.post(`/integrations/guance/${GUANCE_KEY}`, fixture('guance-recovered'));
  await inPagerDuty(id, 'resolved');
  expect(await tocsin.read(id)).toMatchObject({ status: 'resolved' });
});

test('what is done here is done there, and what comes back of it does not go round', async () => {
  const id = await trigger('loop');
  await tocsin.command(id, 'acknowledge', { as: 'bob' });
  const theirs = await inPagerDuty(id, 'acknowledged');
  await inOpsgenie(id, { acknowledged: true });
  const ours = { type: 'incident.acknowledged', incident: theirs, agent: INTEGRATION };
  expect(await fromPagerDuty(ours)).toMatchObject({ status: 202, outcome: 'ignored' });
  const back = { action: 'Acknowledge', alias: id, username: 'Tocsin', sourceType: 'API' };
  expect(await fromOpsgenie(back)).toMatchObject({ status: 202, outcome: 'ignored' });

  await tocsin.command(id, 'resolve', { as: 'bob' });
  await inPagerDuty(id, 'resolved');
  await inOpsgenie(id, { status: 'closed' });
  await over('loop');
  // For each change an event to the subscriber, and one to Ana, who was paged there.
  expect(changesOf(id).toSorted()).toEqual(['acknowledge', 'acknowledge', 'resolve', 'resolve']);
  expect(await acksOf(id)).toHaveLength(1);
});

test('an ack in PagerDuty is that person’s ack here, goes on to Opsgenie, and not back', async () => {
  const id = await trigger('answered');
  const theirs = pagerduty.incidents.find(({ key }) => key === id)!;
  const happening = { type: 'incident.acknowledged', incident: theirs, agent: person(), id: '01FEAHT2OFHF' };
  expect(await fromPagerDuty(happening)).toMatchObject({ status: 202, outcome: 'done' });
  expect(await fromPagerDuty(happening)).toMatchObject({ status: 202, outcome: 'done' });
  expect(await tocsin.read(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'ana' }] });
  await inOpsgenie(id, { acknowledged: true });
  expect(await acksOf(id)).toMatchObject([{ actor: { kind: 'user', id: 'ana', via: 'pagerduty main' } }]);

  await tocsin.command(id, 'resolve', { as: 'bob' });
  await over('answered');
  expect(changesOf(id)).toEqual(['resolve', 'resolve']);
});

test('a close in Opsgenie is that person’s resolve here, goes on to PagerDuty, and not back', async () => {
  const id = await trigger('closed');
  const closing = { action: 'Close', alias: id, username: 'Bob@example.com' };
  expect(await fromOpsgenie(closing)).toMatchObject({ status: 202, outcome: 'done' });
  await inPagerDuty(id, 'resolved');
  expect(await tocsin.read(id)).toMatchObject({ status: 'resolved' });
  await over('closed');
  // The stand-in closes it where it is asked to, and was not.
  await inOpsgenie(id, { status: 'open' });
});

test('somebody whom nobody knows here changes nothing, and stands in the timeline', async () => {
  const id = await trigger('strange');
  const theirs = pagerduty.incidents.find(({ key }) => key === id)!;
  const happening = { type: 'incident.resolved', incident: theirs, agent: person('PXXXXXX', 'Mallory') };
  expect(await fromPagerDuty(happening)).toMatchObject({ status: 202, outcome: 'turnedAway' });
  const lines = await eventually(
    () => tocsin.timeline(id),
    (all) => all.some(({ text }) => text.includes('Mallory')),
  );
  expect(lines.find(({ text }) => text.includes('Mallory'))?.text).toContain('agerduty main: Mallory (PXXXXXX)');
  expect(await tocsin.read(id)).toMatchObject({ status: 'triggered' });
  await tocsin.command(id, 'resolve', { as: 'bob' });
  await over('strange');
});

describe("Sensu's events to Reactio, by the configuration of the guide", () => {
  interface SensuEvent {
    readonly timestamp: number;
    readonly client: { readonly name: string };
    readonly check: { readonly name: string; readonly status: number; readonly output: string };
  }
  const [CREATE, RESOLVE] = ['create', 'resolve'].map((action) => fixture(`sensu-core-${action}`)) as unknown as [
    SensuEvent,
    SensuEvent,
  ];

  beforeAll(() => tocsin.reconfigure(block('reactio', 'yaml', 'services')));

  let at = CREATE.timestamp;
  async function sensu(event: SensuEvent, client: string, status = event.check.status): Promise<void> {
    const body = { ...event, timestamp: (at += 60), client: { ...event.client, name: client } };
    const answer = await tocsin.post(`/integrations/sensu/${SENSU_KEY}`, {
      ...body,
      check: { ...event.check, status },
    });
    expect(answer.status).toBe(202);
  }
  const there = (client: string) => reactio.incidents.filter(({ name }) => name.startsWith(`${client}/`));
  const settled = (id: string) =>
    eventually(
      () => tocsin.ledger(id),
      (all) => all.length > 0 && all.every(({ status }) => status === 'sent'),
    );

  test('a critical event opens an incident of Reactio and rings once, however often Sensu repeats it; a resolve is a message', async () => {
    for (let repeat = 0; repeat < 3; repeat += 1) await sensu(CREATE, 'web-01');
    const { id } = await tocsin.incident('web-01/keepalive');
    const [page] = await settled(id);
    expect(page).toMatchObject({ channel: 'reactio', user: 'ana', attempts: [{ providerId: '1', outcome: 'sent' }] });
    await sensu(CREATE, 'web-01');

    await sensu(RESOLVE, 'web-01');
    await eventually(
      async () => there('web-01')[0]!.messages,
      (messages) => messages.length === 2,
    );
    const [theirs, ...others] = there('web-01');
    expect(others).toEqual([]);
    expect(theirs!.name).toMatch(
      /^web-01\/keepalive No keepalive sent from client for 230 seconds \(>=180\) \[[0-9a-f]{8}\]$/,
    );
    expect(theirs!.notifications).toEqual([
      { text: 'servers: web-01/keepalive No keepalive sent from client for 230 seconds (>=180)', call: true },
    ]);
    expect(theirs!.messages[1]).toMatch(/resolved/i);
    expect(await tocsin.read(id)).toMatchObject({ status: 'resolved', eventCount: 5 });
  });

  test('a warning is sent by mail and rings nobody, until it is critical', async () => {
    await sensu(CREATE, 'web-02', 1);
    const { id } = await tocsin.incident('web-02/keepalive');
    expect(await settled(id)).toMatchObject([{ channel: 'email' }]);
    await sensu(CREATE, 'web-02', 1);
    expect(there('web-02')).toEqual([]);

    await sensu(CREATE, 'web-02', 2);
    await eventually(
      async () => there('web-02'),
      (found) => found.length === 1,
    );
    expect(there('web-02')).toMatchObject([{ notifications: [{ call: true }] }]);
  });

  test('where Reactio took a page and its answer was lost, it is asked, and rings once', async () => {
    reactio.nextWrites({ instead: 'reset', taken: true });
    await sensu(CREATE, 'web-03');
    const { id } = await tocsin.incident('web-03/keepalive');
    const [page] = await settled(id);
    expect(page!.attempts.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['unknown', expect.any(String)],
      ['sent', 'asked, Reactio has it'],
    ]);
    expect(there('web-03')).toMatchObject([{ notifications: [{ call: true }] }]);

    await sensu(RESOLVE, 'web-03');
    await eventually(
      async () => there('web-03')[0]!.messages,
      (messages) => messages.length === 2,
    );
  });
});
