/** A service that groups, from the sender to the person, as docs/guides/grouping.md prints it. */
import type { IncidentView } from '../../domain/view.ts';
import { type GatedStore, gatedStore } from '../support/gatedStore.ts';
import { block, printed } from '../support/guides.ts';
import { historiesOf, replay } from '../support/replay.ts';
import { type Tocsin, eventually, startTocsin } from '../support/tocsin.ts';

const ENV = { ALERTMANAGER_KEY: 'an-alertmanager-key-000', EVENTS_KEY: 'an-events-key-000000000' };
const PRINTED = printed('grouping', 'json').map((body) => JSON.parse(body.replace('EVENTS_KEY', ENV.EVENTS_KEY)));

let tocsin: Tocsin;
let gate: GatedStore;
beforeAll(async () => {
  gate = await gatedStore();
  tocsin = await startTocsin(block('grouping', 'yaml', 'services'), { env: ENV, store: gate.store });
});
afterAll(async () => {
  await tocsin?.stop();
  await gate.store.close();
});
afterEach(() => {
  gate.away(false);
  tocsin.smtp.behave();
});

/** An event of an alert in a cluster, by Events v2. */
const send = (cluster: string, dedupKey: string, action: 'trigger' | 'acknowledge' | 'resolve' = 'trigger') =>
  tocsin.event(ENV.EVENTS_KEY, dedupKey, action, {
    payload: {
      summary: `disk of ${dedupKey} is full`,
      source: dedupKey,
      severity: 'warning',
      class: 'disk',
      custom_details: { cluster },
    },
  });
/** The incidents of a cluster, the latest first, as the list has them once it holds so many. */
async function incidentsOf(
  cluster: string,
  count: number,
): Promise<readonly (IncidentView & { workflowId: string })[]> {
  const { body } = await eventually(
    () => tocsin.get<{ incidents: (IncidentView & { workflowId: string })[] }>('/v1/incidents?service=payments'),
    ({ body: { incidents } }) => incidents.filter(({ dedupKey }) => dedupKey.includes(cluster)).length === count,
  );
  return body.incidents.filter(({ dedupKey }) => dedupKey.includes(cluster));
}
const alertsOf = ({ alerts }: IncidentView) =>
  alerts.map(({ integration, dedupKey, status }) => `${integration} ${dedupKey} ${status}`);
const readWhen = (id: string, done: (incident: IncidentView) => boolean) => eventually(() => tocsin.read(id), done);

test('[L2.1] [L2.3] what the guide prints is one incident and one page; it is resolved with the last of its alerts', async () => {
  for (const body of PRINTED) expect(await tocsin.post('/pagerduty/v2/enqueue', body)).toMatchObject({ status: 202 });
  const [incident] = await incidentsOf('eu-1', 1);
  const { id, workflowId } = incident!;
  expect(id).toMatch(/^group\.payments\./);
  expect(workflowId).toMatch(/^incident\/group\/payments\/[0-9a-f]{32}$/);
  const both = await readWhen(id, ({ alertCount }) => alertCount === 2);
  expect(both.dedupKey).toMatch(/^details\.cluster="eu-1", class="disk" since \d{4}-.*Z$/);
  expect(both).toMatchObject({ status: 'triggered', severity: 'critical', summary: 'disk of db1 is full' });
  for (const alert of ['db1/disk', 'db2/disk']) expect(await tocsin.incident(alert)).toMatchObject({ id });
  expect(alertsOf(both)).toEqual(['payments-events-v2 db1/disk triggered', 'payments-events-v2 db2/disk triggered']);
  await tocsin.smtp.waitFor((mails) => mails.length === 1);

  expect(await send('eu-1', 'db1/disk', 'resolve')).toMatchObject({ status: 202 });
  const one = await readWhen(id, ({ eventCount }) => eventCount === 3);
  expect(one).toMatchObject({ status: 'triggered' });
  expect(alertsOf(one)).toEqual(['payments-events-v2 db1/disk resolved', 'payments-events-v2 db2/disk triggered']);
  await send('eu-1', 'db2/disk', 'resolve');
  expect(await readWhen(id, ({ status }) => status === 'resolved')).toMatchObject({ eventCount: 4 });
  expect(tocsin.smtp.mails).toHaveLength(1);
});

test('[L2.3] [L2.7] a new alert of a group whose incident is resolved, and still owes a page, opens the next one in the same execution', async () => {
  await tocsin.smtp.refuse();
  await send('eu-2', 'db1/disk');
  const [first] = await incidentsOf('eu-2', 1);
  await eventually(
    () => tocsin.ledger(first!.id),
    (ledger) => ledger.some(({ attempts }) => attempts.length > 0),
  );
  await tocsin.command(first!.id, 'resolve', { as: 'ana' });
  await send('eu-2', 'db2/disk');
  const [second] = await incidentsOf('eu-2', 2);
  expect(second).toMatchObject({ previous: first!.id, workflowId: first!.workflowId, dedupKey: first!.dedupKey });
  const opened = await readWhen(second!.id, ({ status }) => status === 'triggered');
  expect(alertsOf(opened)).toEqual(['payments-events-v2 db2/disk triggered']);

  // By what the sender knows: the present incident; the one before it, where it had that alert.
  const found = async (key: string) =>
    (await tocsin.get<{ incidents: IncidentView[] }>(`/v1/incidents?dedupKey=${key}`)).body.incidents.map(
      (each) => each.id,
    );
  expect(await found('db2/disk')).toContain(second!.id);
  expect(await found('db2/disk')).not.toContain(first!.id);

  await send('eu-2', 'db2/disk', 'resolve');
  await readWhen(second!.id, ({ status }) => status === 'resolved');
  expect(await tocsin.read(first!.id)).toMatchObject({ eventCount: 1 });
});

test('[L2.3] [L2.9] with the store away a trigger pages alone and says so; a resolve is to be sent again', async () => {
  gate.away(true);
  expect(await send('eu-3', 'db1/alone')).toMatchObject({ status: 202 });
  const { id } = await tocsin.incident('db1/alone');
  expect(id).toMatch(/^payments-events-v2\./);
  const [opened] = await tocsin.timeline(id);
  expect(opened!.text).toBe(
    'Triggered by db1/alone: disk of db1/alone is full (not grouped: the store cannot be reached)',
  );
  const refused = await send('eu-3', 'db1/alone', 'resolve');
  expect(refused).toMatchObject({ status: 503, body: { status: 'error' } });
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(JSON.stringify(refused.body)).toContain('send the resolve again');

  gate.away(false);
  expect(await send('eu-3', 'db1/alone', 'resolve')).toMatchObject({ status: 202 });
  await readWhen(id, ({ status }) => status === 'resolved');
});

test('[L11] all of this replays', async () => {
  expect(await replay(historiesOf(tocsin.client))).toEqual([]);
});
