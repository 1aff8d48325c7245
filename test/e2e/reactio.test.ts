/** Sensu's events to Reactio, by the configuration of the guide: a critical one rings, warnings and repeats do not, and its end is told there. */
import { readFileSync } from 'node:fs';
import { block } from '../support/guides.ts';
import type { Reactio } from '../support/providers/reactio.ts';
import { REACTIO_KEY, startReactio } from '../support/providers/reactio.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const SENSU_KEY = 'a-sensu-key-00000000000';
interface SensuEvent {
  readonly timestamp: number;
  readonly client: { readonly name: string };
  readonly check: { readonly name: string; readonly status: number; readonly output: string };
}
const [CREATE, RESOLVE] = ['create', 'resolve'].map(
  (action) =>
    JSON.parse(readFileSync(new URL(`../fixtures/sensu-core-${action}.json`, import.meta.url), 'utf8')) as SensuEvent,
) as [SensuEvent, SensuEvent];

let reactio: Reactio;
let tocsin: Tocsin;
beforeAll(async () => {
  reactio = await startReactio();
  const env = { SENSU_KEY, REACTIO_KEY, REACTIO_URL: reactio.url };
  tocsin = await startTocsin(block('reactio', 'yaml', 'services'), { env });
});
afterAll(async () => {
  await tocsin?.stop();
  await reactio?.stop();
});

let at = CREATE.timestamp;
async function sensu(event: SensuEvent, client: string, status = event.check.status): Promise<void> {
  const body = { ...event, timestamp: (at += 60), client: { ...event.client, name: client } };
  const answer = await tocsin.post(`/integrations/sensu/${SENSU_KEY}`, { ...body, check: { ...event.check, status } });
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
