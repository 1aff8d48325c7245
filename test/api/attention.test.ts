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
  - { id: others, levels: [{ targets: ['user:cho'], escalateAfter: 2h }, { targets: ['user:ana'], escalateAfter: 2h }] }
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
    expect(status).toBe(409);
    // Its execution may have ended by then.
    expect(['ALREADY_RESOLVED', 'INCIDENT_CLOSED']).toContain(body.code);
    expect(body.detail).toMatch(/^already resolved by Ana Wei at /);
    expect(body.incident).toMatchObject({ id, status: 'resolved', snoozedUntil: null });
  });
});

describe('POST /v1/incidents/{id}/escalate [L4.7]', () => {
  it('moves on from what was shown, once: the second press is told what is true now', async () => {
    const id = await opened('escalated');
    const { level, pass, episode } = await tocsin.read(id);
    const shown = { fromLevel: level, fromPass: pass, fromEpisode: episode };
    const presses = await Promise.all([give(id, 'escalate', shown), give(id, 'escalate', { ...shown, as: 'cho' })]);
    expect(new Set(presses.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const [done] = presses.filter(({ status }) => status === 200);
    expect(done?.body).toMatchObject({ id, level: 2, assignees: ['bob'] });
    const [late] = presses.filter(({ status }) => status === 409);
    expect(late?.body).toMatchObject({ code: 'MOVED_ON', incident: { id, status: 'triggered' } });
    expect(late?.body.detail).toMatch(/^triggered; (who is on call is being looked up|level 2, )/);
    const moved = await eventually(
      () => tocsin.read(id),
      (incident) => incident.level === 2,
    );
    expect(moved).toMatchObject({ assignees: ['bob'], pass: 1, episode: 1 });
  });

  it('is one escalation with one Idempotency-Key', async () => {
    const id = await opened('escalated once');
    const key = { 'idempotency-key': 'press-1' };
    for (let time = 0; time < 2; time++) {
      expect((await give(id, 'escalate', { fromLevel: 1 }, key)).status).toBe(200);
      await eventually(
        () => tocsin.read(id),
        (incident) => incident.level === 2,
      );
    }
    expect((await tocsin.timeline(id)).filter(({ type }) => type === 'escalated')).toHaveLength(1);
  });

  it('is refused for people who were assigned directly', async () => {
    const id = await opened('direct');
    expect((await give(id, 'reassign', { users: ['cho'] })).status).toBe(200);
    const { status, body } = await give(id, 'escalate', { fromLevel: null });
    expect([status, body.code, body.incident.assignees]).toEqual([409, 'DIRECTLY_ASSIGNED', ['cho']]);
  });
});

describe('POST /v1/incidents/{id}/reassign to a policy or level [L7]', () => {
  it('starts there, by that policy; with a level alone, by the one that it has', async () => {
    const id = await opened('reassigned');
    const { status, body } = await give(id, 'reassign', { escalationPolicy: 'others' });
    expect([status, body.status, body.level, body.assignees]).toEqual([200, 'triggered', 1, ['cho']]);
    const assigned = (user: string) =>
      eventually(
        () => tocsin.read(id),
        ({ assignees }) => assignees.includes(user),
      );
    expect(await assigned('cho')).toMatchObject({ level: 1, pass: 1 });
    expect((await give(id, 'reassign', { level: 2 })).status).toBe(200);
    expect(await assigned('ana')).toMatchObject({ level: 2, pass: 1, assignees: ['ana'] });
  });

  it('refuses what there is not, and says what there is', async () => {
    const id = await opened('reassigned to nothing');
    const [policy, level] = await Promise.all([
      give(id, 'reassign', { escalationPolicy: 'none' }),
      give(id, 'reassign', { level: 3 }),
    ]);
    expect([policy.status, policy.body.code]).toEqual([400, 'UNKNOWN_POLICY']);
    expect(policy.body.detail).toContain('there are: steps, others');
    expect([level.status, level.body.code]).toEqual([400, 'UNKNOWN_LEVEL']);
    expect(level.body.detail).toContain("'steps' has no level 3; it has levels 1 to 2");
  });
});

describe('POST /v1/incidents/{id}/adopt-policy [L4.5]', () => {
  afterEach(() => tocsin.reconfigure(YAML));

  it('goes on by today’s version of the policy, counted from when the level began; once with one key', async () => {
    const id = await opened('adopted');
    tocsin.reconfigure(YAML.replace('escalateAfter: 1h', 'escalateAfter: 1s'));
    const key = { 'idempotency-key': 'press-1' };
    const answers = [await give(id, 'adopt-policy', {}, key), await give(id, 'adopt-policy', {}, key)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const moved = await eventually(
      () => tocsin.read(id),
      ({ level }) => level === 2,
    );
    expect(moved.assignees).toEqual(['bob']);
    const adopted = (await tocsin.timeline(id)).filter(({ type }) => type === 'policyAdopted');
    expect(adopted.map(({ text }) => text)).toEqual([expect.stringContaining('adopted the settings of disks')]);
  });

  it('of an incident that a person reassigned to another policy: that policy’s version, and no other policy', async () => {
    const id = await opened('adopted elsewhere');
    await give(id, 'reassign', { escalationPolicy: 'others' });
    await eventually(
      () => tocsin.read(id),
      ({ assignees }) => assignees.includes('cho'),
    );
    tocsin.reconfigure(YAML.replace('escalateAfter: 2h', 'escalateAfter: 1s'));
    expect((await give(id, 'adopt-policy')).status).toBe(200);
    const moved = await eventually(
      () => tocsin.read(id),
      ({ level }) => level === 2,
    );
    expect(moved.assignees).toEqual(['ana']);
  });

  it('is refused where the policy is gone, and comes too late for a resolved incident', async () => {
    const id = await opened('adopted too late');
    await give(id, 'reassign', { escalationPolicy: 'others' });
    tocsin.reconfigure(YAML.replace('id: others', 'id: renamed'));
    const gone = await give(id, 'adopt-policy');
    expect([gone.status, gone.body.code]).toEqual([409, 'SERVICE_GONE']);
    tocsin.reconfigure(YAML);
    await give(id, 'resolve');
    const late = await give(id, 'adopt-policy');
    expect([late.status, late.body.incident.status]).toEqual([409, 'resolved']);
  });
});
