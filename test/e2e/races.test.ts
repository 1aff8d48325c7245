/**
 * What several people do to one incident at the same moment, by two API processes: one of them comes first, both are
 * answered accordingly, and the incident tells one story (lifecycle §3: arrival order in the workflow decides races).
 */
import { randomUUID } from 'node:crypto';
import type { IncidentView, LogEntryView } from '../../domain/view.ts';
import { CLUSTER_TOKEN, type Cluster, type Member, startCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const CONFIGURATION = `
users: [{ id: ana, contacts: [{ id: term, channel: console }] }, { id: bob, contacts: [{ id: term, channel: console }] }]
escalationPolicies:
  - { id: three, levels: [{ targets: ['user:ana'], escalateAfter: 1h }, { targets: ['user:bob'], escalateAfter: 1h }, { targets: ['user:ana'], escalateAfter: 1h }] }
services: [{ id: disks, escalationPolicy: three }]
`;
/** Races at once: enough to keep both APIs busy, and few enough for a small machine. */
const LANES = 5;

interface Answered {
  readonly status: number;
  readonly body: IncidentView & { readonly code?: string; readonly incident?: IncidentView };
}

let cluster: Cluster;
let apis: readonly [Member, Member];
beforeAll(async () => {
  cluster = await startCluster(CONFIGURATION, {});
  const [one, other] = await Promise.all([cluster.api(), cluster.api(), cluster.worker()]);
  apis = [one, other];
}, 200_000);
afterAll(() => cluster?.stop());

/** As any client does that is told to: what is only noted, or that nobody answered for, is asked again, under its key. */
async function call({ url }: Member, path: string, body?: object, key: string = randomUUID()): Promise<Answered> {
  const once = async (): Promise<Answered> => {
    const answer = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${CLUSTER_TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answered['body'] };
  };
  return eventually(once, ({ status }) => status !== 202 && status !== 503);
}

/** Opened by hand, and at level 1. */
async function opened(): Promise<string> {
  const { body } = await call(apis[0], '/v1/incidents', { as: 'ana', service: 'disks', summary: 'a race' });
  const read = () => call(apis[0], `/v1/incidents/${body.id}`);
  await eventually(read, (answer) => answer.body.level === 1);
  return body.id;
}

const timeline = async (api: Member, id: string): Promise<readonly LogEntryView[]> => {
  const { body } = await call(api, `/v1/incidents/${id}/timeline`);
  return (body as unknown as { readonly entries: readonly LogEntryView[] }).entries;
};
const ofType = (entries: readonly LogEntryView[], type: string) => entries.filter((entry) => entry.type === type);

const statusesOf = (answers: readonly Answered[]): readonly number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

/** Both at once, by one API each; which begins is chance. */
async function race(
  id: string,
  one: readonly [command: string, body: object],
  other: readonly [command: string, body: object],
  key?: string,
): Promise<readonly [Answered, Answered]> {
  const [here, there] = apis;
  const [first, second] = Math.random() < 0.5 ? [here, there] : [there, here];
  const give = (api: Member, [command, body]: readonly [string, object]) =>
    call(api, `/v1/incidents/${id}/${command}`, body, key);
  return Promise.all([give(first, one), give(second, other)]);
}

async function races(count: number, each: () => Promise<void>): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await each();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Both APIs tell the same of it. */
async function truthOf(id: string): Promise<IncidentView> {
  const [here, there] = await Promise.all(apis.map((api) => call(api, `/v1/incidents/${id}`)));
  expect(here).toEqual(there);
  return here!.body;
}

test('an ack and a resolve: the ack counts where it came first, and is refused where it came too late [L3]', async () => {
  const outcomes = new Set<string>();
  await races(50, async () => {
    const id = await opened();
    const [ack, end] = await race(id, ['acknowledge', { as: 'ana' }], ['resolve', { as: 'bob' }]);
    expect([end.status, end.body.status]).toEqual([200, 'resolved']);
    const truth = await truthOf(id);
    expect(truth.status).toBe('resolved');
    const told = await timeline(apis[0], id);
    const order = told.map(({ type }) => type).filter((type) => ['acknowledged', 'resolved', 'refused'].includes(type));
    if (ack.status === 200) {
      expect(order).toEqual(['acknowledged', 'resolved']);
      expect(truth.acknowledgements.map(({ user }) => user)).toEqual(['ana']);
    } else {
      expect([ack.status, ack.body.incident?.status]).toEqual([409, 'resolved']);
      // Refused by the incident itself, or by its final state once its execution was closed.
      expect(order).toEqual(ack.body.code === 'INCIDENT_CLOSED' ? ['resolved'] : ['resolved', 'refused']);
      expect(truth.acknowledgedAt).toBeNull();
    }
    outcomes.add(String(ack.body.code));
  });
  expect(outcomes.size).toBeGreaterThan(1);
}, 180_000);

test('two presses of one escalate button advance once [L4.7]', async () => {
  await races(50, async () => {
    const id = await opened();
    const press = ['escalate', { as: 'bob', fromLevel: 1 }] as const;
    const answers = await race(id, press, press);
    expect(statusesOf(answers)).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('MOVED_ON');
    const truth = await eventually(
      () => truthOf(id),
      ({ level }) => level === 2,
    );
    expect(truth.assignees).toEqual(['bob']);
    const told = await timeline(apis[1], id);
    expect(ofType(told, 'assigned')).toHaveLength(2);
    expect(ofType(told, 'refused')).toHaveLength(1);
  });
}, 180_000);

test('one Idempotency-Key at both APIs is one command, and both are told that it is done [L3]', async () => {
  await races(40, async () => {
    const id = await opened();
    const note = ['notes', { as: 'ana', text: 'pressed once' }] as const;
    const answers = await race(id, note, note, randomUUID());
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(ofType(await timeline(apis[0], id), 'noted')).toHaveLength(1);
    await truthOf(id);
  });
}, 180_000);

test('one Idempotency-Key at both APIs with two bodies is the one that came first; the other is told so [L3]', async () => {
  await races(20, async () => {
    const id = await opened();
    const bodies = [
      { as: 'ana', text: 'the one' },
      { as: 'ana', text: 'the other' },
    ] as const;
    const answers = await race(id, ['notes', bodies[0]], ['notes', bodies[1]], randomUUID());
    expect(statusesOf(answers)).toEqual([200, 422]);
    const said = bodies[answers.findIndex(({ status }) => status === 200)]?.text;
    const told = ofType(await timeline(apis[0], id), 'noted');
    expect(told.map(({ text }) => text.endsWith(`: ${said}`))).toEqual([true]);
  });
}, 180_000);

test('A merged into B and B into A: one goes into the other, which has the alerts of both; the other way is refused [L7] [F 50]', async () => {
  await races(40, async () => {
    const [a, b] = await Promise.all([opened(), opened()]);
    const [here, there] = apis;
    const answers = await Promise.all([
      call(here, `/v1/incidents/${b}/merge`, { as: 'ana', sources: [a] }),
      call(there, `/v1/incidents/${a}/merge`, { as: 'bob', sources: [b] }),
    ]);
    expect(statusesOf(answers)).toEqual([200, 409]);
    const [stays, goes] = answers[0]?.status === 200 ? [b, a] : [a, b];
    const merged = await eventually(
      () => truthOf(goes),
      ({ status }) => status === 'resolved',
    );
    expect(merged.mergedInto).toBe(stays);
    expect(await truthOf(stays)).toMatchObject({ status: 'triggered', mergedInto: null, alertCount: 2 });
  });
}, 180_000);

test('one Idempotency-Key for many incidents at both APIs: each is acknowledged once, and each is answered', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, opened));
  await call(apis[0], `/v1/incidents/${ids[0]}/resolve`, { as: 'bob' });
  const key = randomUUID();
  const incidents = [...ids, 'nothing.k.r'];
  const results = await Promise.all(
    apis.map(async (api) => {
      const { body } = await call(api, '/v1/incidents/acknowledge', { as: 'ana', incidents }, key);
      return (body as unknown as { readonly results: readonly { readonly id: string; readonly status: number }[] })
        .results;
    }),
  );
  for (const answered of results) {
    expect(answered.map(({ id }) => id)).toEqual(incidents);
    const [resolved, ...others] = answered.map(({ status }) => status);
    expect([resolved, others.at(-1)]).toEqual([409, 404]);
    for (const status of others.slice(0, -1)) expect([200, 202]).toContain(status);
  }
  for (const id of ids.slice(1)) {
    await eventually(
      () => truthOf(id),
      ({ status }) => status === 'acknowledged',
    );
    expect(ofType(await timeline(apis[1], id), 'acknowledged')).toHaveLength(1);
  }
}, 180_000);
