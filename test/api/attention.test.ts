/** Commands that move people's attention, over real sockets, by the real workflow on a real server. */
import type { IncidentView } from '../../domain/view.ts';
import type { Answer, Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'disks-events-key-0000000';
const YAML = `
users:
  - { id: ana, name: Ana Wei, contacts: [{ id: term, channel: console }] }
  - { id: bob, contacts: [{ id: term, channel: console }] }
  - { id: cho, contacts: [{ id: term, channel: console }] }
escalationPolicies:
  - { id: steps, levels: [{ targets: ['user:ana'], escalateAfter: 1h }, { targets: ['user:bob'], escalateAfter: 1h }] }
services:
  - { id: disks, escalationPolicy: steps, ackTimeout: 1h, integrations: [{ source: events-v2, key: ${KEY} }] }
`;

let tocsin: Tocsin;
beforeAll(async () => {
  tocsin = await startTocsin(YAML);
});
afterAll(() => tocsin.stop());

/** Opened, and somebody was told. */
async function opened(dedupKey: string): Promise<string> {
  await tocsin.event(KEY, dedupKey);
  const { id } = await tocsin.incident(dedupKey);
  await eventually(
    () => tocsin.ledger(id),
    (ledger) => ledger.some(({ status }) => status === 'sent'),
  );
  return id;
}

/** The incident as it is now; with a problem, its code, its sentence, and the incident in `incident`. */
type Given = IncidentView & { readonly code: string; readonly detail: string; readonly incident: IncidentView };

const give = (id: string, command: string, body: object = {}, headers = {}): Promise<Answer<Given>> =>
  tocsin.command(id, command, { as: 'ana', ...body }, headers) as Promise<Answer<unknown>> as Promise<Answer<Given>>;

describe('POST /v1/incidents/{id}/snooze [L7]', () => {
  it('acknowledges until then, and it is triggered again', async () => {
    const id = await opened('snoozed');
    const { status, body } = await give(id, 'snooze', { duration: '2s', note: 'lunch' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'ana' }], episode: 1 });
    expect(Date.parse(String(body.snoozedUntil)) - Date.now()).toBeLessThanOrEqual(2_000);
    expect(await tocsin.next(id)).toMatchObject([{ kind: 'snoozeEnd', at: body.snoozedUntil }]);
    const again = await eventually(
      () => tocsin.read(id),
      (incident) => incident.status === 'triggered',
    );
    expect(again).toMatchObject({ snoozedUntil: null, acknowledgements: [], episode: 2, level: 1 });
    expect((await tocsin.timeline(id)).map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'Ana Wei, by token TOCSIN_API_TOKEN, snoozed it for 2s: lunch',
        'The snooze ended; triggered again',
      ]),
    );
  });

  it('is one snooze with one Idempotency-Key, and another with another body is refused', async () => {
    const id = await opened('snoozed once');
    const key = { 'idempotency-key': 'press-1' };
    const first = await give(id, 'snooze', { duration: '1h' }, key);
    const second = await give(id, 'snooze', { duration: '1h' }, key);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.snoozedUntil).toBe(first.body.snoozedUntil);
    expect((await tocsin.timeline(id)).filter(({ type }) => type === 'snoozed')).toHaveLength(1);
    expect(await give(id, 'snooze', { duration: '2h' }, key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('comes too late for a resolved incident, and says so', async () => {
    const id = await opened('snoozed too late');
    await give(id, 'resolve');
    const { status, body } = await give(id, 'snooze', { duration: '5m' });
    expect([status, body.code]).toEqual([409, 'ALREADY_RESOLVED']);
    expect(body.detail).toMatch(/^already resolved by Ana Wei at /);
    expect(body.incident).toMatchObject({ id, status: 'resolved', snoozedUntil: null });
  });
});
