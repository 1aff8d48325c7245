/** What the store adds to an incident's life, and that a page waits for none of it. */
import { openStore } from '../../store/open.ts';
import { openedStore } from '../support/preparedStore.ts';
import { afterTest } from '../cli/support.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'disks-events-key-0000000';
const CONFIGURATION = `
users: [{ id: ana, name: Ana Wei, contacts: [{ id: mail, channel: email, to: ana@example.com }] }]
escalationPolicies: [{ id: one, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }]
services: [{ id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: ${KEY} }] }]
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

test('incidents are numbered; the number finds one, acts on it and lists it; the ledger has the text as it was sent', async () => {
  const store = await openedStore();
  afterTest(() => store.close());
  const tocsin = await startTocsin(CONFIGURATION, { store });
  afterTest(() => tocsin.stop());
  const deploy = { summary: 'deploy 42', source: 'ci' };
  await tocsin.post('/pagerduty/v2/change/enqueue', { routing_key: KEY, payload: deploy });
  await tocsin.event(KEY, 'db1');
  const { id } = await tocsin.incident('db1');
  const numbered = await eventually(
    () => tocsin.read(id),
    ({ number }) => number !== null,
  );
  expect(numbered.number).toBe(1);
  expect(await tocsin.read('1')).toMatchObject({ id, number: 1 });
  expect((await tocsin.get('/v1/incidents/2')).status).toBe(404);

  await tocsin.smtp.waitFor(1);
  const [sent] = await eventually(
    () => tocsin.ledger('1'),
    (ledger) => ledger[0]?.text !== null,
  );
  expect(sent?.text).toContain('summary of db1');
  expect(tocsin.smtp.mails[0]?.subject).toContain('summary of db1');
  expect(sent?.text).toMatch(/^Changes shortly before:\n.*: deploy 42 \(ci\)$/m);
  expect(numbered.changes).toMatchObject([deploy]);

  expect((await tocsin.command('1', 'acknowledge', { as: 'ana' })).body).toMatchObject({ id, status: 'acknowledged' });
  const listed = await eventually(
    async () => (await tocsin.get<{ incidents: { id: string }[] }>('/v1/incidents?number=1')).body.incidents,
    (incidents) => incidents.length > 0,
  );
  expect(listed.map((each) => each.id)).toEqual([id]);
  expect((await tocsin.get<{ incidents: unknown[] }>('/v1/incidents?number=2')).body.incidents).toEqual([]);
});

test('with the store away a page goes out all the same, and the incident has no number', async () => {
  const store = await openStore({ databaseUrl: 'postgres://127.0.0.1:1/tocsin' });
  const tocsin = await startTocsin(CONFIGURATION, { store });
  afterTest(() => tocsin.stop());
  await tocsin.event(KEY, 'db2');
  await tocsin.smtp.waitFor((mails) => mails.some(({ subject }) => subject.includes('summary of db2')));
  const { id, number } = await tocsin.incident('db2');
  expect(number).toBeNull();
  expect((await tocsin.command(id, 'resolve', { as: 'ana' })).body).toMatchObject({ status: 'resolved', number: null });
  expect((await tocsin.ledger(id)).map(({ status, text }) => [status, text])).toEqual([['sent', null]]);
});
