/** Maintenance windows on a real server: what is held, what goes on, and in which order it is released. */
import type { LogEntryView } from '../../domain/view.ts';
import type { Store } from '../../store/store.ts';
import { openedStore } from '../support/preparedStore.ts';
import { TOKEN, type Tocsin, eventually, startTocsin } from '../support/tocsin.ts';

const KEYS = { disks: 'disks-events-key-0000000', nets: 'nets-events-key-00000000' } as const;
const CONFIGURATION = `
users:
  - { id: ana, name: Ana Wei, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
  - { id: bob, name: Bob Lee, contacts: [{ id: mail, channel: email, to: bob@example.com }] }
escalationPolicies: [{ id: one, levels: [{ targets: ['user:ana'], escalateAfter: 2s }, { targets: ['user:bob'], escalateAfter: 1h }] }]
services:
  - { id: disks, escalationPolicy: one, urgency: bySeverity, integrations: [{ source: events-v2, key: ${KEYS.disks} }] }
  - { id: nets, escalationPolicy: one, urgency: bySeverity, integrations: [{ source: events-v2, key: ${KEYS.nets} }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

interface Window {
  readonly id: string;
}
async function open(service: 'disks' | 'nets', seconds: number): Promise<string> {
  const end = new Date(Date.now() + seconds * 1_000).toISOString();
  const answer = await tocsin.post('/v1/maintenance-windows', { services: [service], end, description: 'new disks' });
  expect(answer.status).toBe(201);
  return (answer.body as unknown as Window).id;
}
const takeAway = async (window: string): Promise<number> => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return (await fetch(`${tocsin.url}/v1/maintenance-windows/${window}`, { method: 'DELETE', headers })).status;
};
const trigger = (service: 'disks' | 'nets', key: string, severity = 'critical') =>
  tocsin.event(KEYS[service], key, 'trigger', {
    payload: { summary: `summary of ${key}`, source: 'e2e', severity },
  });
/** Once the worker holds it: until then nobody can say what holds it. */
const suspended = async (key: string) => {
  const { id } = await tocsin.incident(key);
  return eventually(
    () => tocsin.read(id),
    ({ status }) => status === 'suspended',
  );
};
const mailed = (key: string): boolean => tocsin.smtp.mails.some(({ subject }) => subject.includes(`summary of ${key}`));
async function released(key: string): Promise<LogEntryView> {
  const { id } = await tocsin.incident(key);
  const log = await eventually(
    () => tocsin.timeline(id),
    (entries) => entries.some(({ type }) => type === 'released'),
  );
  return log.find(({ type }) => type === 'released')!;
}

let store: Store;
let tocsin: Tocsin;
beforeAll(async () => {
  store = await openedStore();
  tocsin = await startTocsin(CONFIGURATION, { store });
});
afterAll(async () => {
  await tocsin?.stop();
  await store?.close();
});

test('[F 51] [F 52] [F 53] [L7] new incidents are held, open ones go on, and at the end of the last window the held ones go on in order', async () => {
  await trigger('disks', 'open');
  await trigger('disks', 'ended');
  await Promise.all(['open', 'ended'].map((key) => eventually(async () => mailed(key), Boolean)));

  const first = await open('disks', 6);
  const second = await open('disks', 10);
  const end = Date.now() + 10_000;
  await trigger('disks', 'low-old', 'info');
  await trigger('disks', 'high-old');
  await trigger('disks', 'high-young');
  await trigger('disks', 'passing');
  await tocsin.event(KEYS.disks, 'ended', 'resolve');
  await trigger('nets', 'elsewhere');
  expect(
    (await tocsin.post('/v1/incidents', { service: 'disks', summary: 'summary of by-hand', as: 'bob' })).status,
  ).toBe(201);
  expect((await suspended('high-old')).heldBy).toBe(second);
  await suspended('passing');
  await tocsin.event(KEYS.disks, 'passing', 'resolve');

  for (const key of ['elsewhere', 'by-hand']) await eventually(async () => mailed(key), Boolean);
  await eventually(
    () => tocsin.incident('ended'),
    ({ status }) => status === 'resolved',
  );
  await eventually(
    () => tocsin.incident('passing'),
    ({ status, transient }) => status === 'resolved' && transient,
  );
  await tocsin.smtp.waitFor((mails) =>
    mails.some(({ subject, recipients }) => subject.includes('summary of open') && recipients.join().includes('bob@')),
  );
  expect(await takeAway(first)).toBe(204);

  const log = await Promise.all(['high-old', 'high-young', 'low-old'].map(released));
  const instants = log.map(({ at }) => Date.parse(at));
  expect(instants).toEqual(instants.toSorted((a, b) => a - b));
  // Each has its turn, a second after the one before it; on a busy machine it may be late for it, and never early.
  for (const [turn, at] of instants.entries()) expect(at).toBeGreaterThanOrEqual(end + turn * 1_000);
  expect(log.map(({ reason }) => reason)).toEqual(['maintenanceOver', 'maintenanceOver', 'maintenanceOver']);
  for (const key of ['high-old', 'high-young', 'low-old']) await eventually(async () => mailed(key), Boolean);
  expect(mailed('passing')).toBe(false);
}, 200_000);

test('[L7] a window that is taken away holds nothing any more, also what was held while it was', async () => {
  const window = await open('nets', 3_600);
  await trigger('nets', 'held');
  expect((await suspended('held')).heldBy).toBe(window);
  expect(await takeAway(window)).toBe(204);
  expect((await released('held')).reason).toBe('maintenanceOver');
  await eventually(async () => mailed('held'), Boolean);
}, 150_000);
