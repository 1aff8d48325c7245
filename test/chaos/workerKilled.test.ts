import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentView, NotificationView } from '../../domain/view.ts';
import { brokenTasks, eventsOf, typeOf } from '../support/history.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';
import type { WorkerProcess, WorkerProcesses } from '../support/workerProcess.ts';
import { SECRET_VARIABLE, workerProcesses } from '../support/workerProcess.ts';
import { SECRET } from '../support/worker.ts';
import { type Life, lives, randomness } from './lives.ts';

/** Of all that is random here: instants of the kills, and what happens to the incidents. */
const SEED = Number(process.env['CHAOS_SEED'] ?? 20_261_118);
/** By hand: CHAOS_KILLS=20. */
const KILLS = Number(process.env['CHAOS_KILLS'] ?? 10);
const INCIDENTS = 24;
/** Before a level 1 ends, in milliseconds. */
const LEVEL = 2_000;
/** How long the SMTP server holds back the one 250 after which the worker is killed, in milliseconds. */
const HELD = 500;

const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }, { id: phone, channel: email, to: ana.phone@example.com }], notificationRules: { high: [{ after: 0s, contact: mail }, { after: 1s, contact: phone }] } }
  - { id: bob, name: Bob, contacts: [{ id: mail, channel: email, to: bob@example.com }] }
  - { id: cho, name: Cho, contacts: [{ id: mail, channel: email, to: cho@example.com }] }
  - { id: dan, name: Dan, contacts: [{ id: mail, channel: email, to: dan@example.com }] }
  - { id: eve, name: Eve, contacts: [{ id: mail, channel: email, to: eve@example.com }] }
escalationPolicies:
  - { id: steps, levels: [{ targets: ['user:ana', 'user:bob'], escalateAfter: ${LEVEL / 1_000}s }, { targets: ['user:cho'], escalateAfter: 1h }] }
  - { id: one, levels: [{ targets: ['user:eve'], escalateAfter: 1h }] }
services:
  - { id: steps, escalationPolicy: steps, ackTimeout: 2s, integrations: [{ source: events-v2, key: steps-events-key-0000000 }] }
  - { id: one, escalationPolicy: one, ackTimeout: 1h, integrations: [{ source: events-v2, key: one-events-key-000000000 }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

let tocsin: Tocsin;
let workers: WorkerProcesses;

beforeAll(async () => {
  tocsin = await startTocsin(CONFIGURATION, { works: false });
  workers = await workerProcesses({
    address: tocsin.address,
    publicUrl: tocsin.url,
    yaml: CONFIGURATION,
    env: { SMTP_URL: tocsin.smtp.url, [SECRET_VARIABLE]: SECRET },
  });
});
afterAll(async () => {
  await workers?.stop();
  await tocsin?.stop();
});

interface Opened {
  readonly id: string;
  readonly workflowId: string;
}

/** From the list, which needs no worker. */
async function opened(dedupKey: string): Promise<Opened> {
  const listed = await eventually(
    () => tocsin.get<{ incidents: Opened[] }>(`/v1/incidents?dedupKey=${dedupKey}`),
    ({ body }) => body.incidents?.length > 0,
  );
  const [incident] = listed.body.incidents;
  if (incident === undefined) throw new Error(`no incident of ${dedupKey}`);
  return incident;
}

async function trigger(key: string, dedupKey: string): Promise<void> {
  expect(await tocsin.event(key, dedupKey)).toMatchObject({ status: 202 });
}

/** As a client does that wants it done: under one key, again while nobody can say what came of it. */
async function command(id: string, name: string): Promise<number> {
  for (;;) {
    const { status } = await tocsin.command(id, name, { as: 'dan' }, { 'idempotency-key': name });
    if (status !== 503) return status;
    await sleep(300);
  }
}

const closed = async ({ workflowId }: Opened): Promise<boolean> =>
  (await tocsin.client.workflow.getHandle(workflowId).describe()).status.name === 'COMPLETED';

const outcomes = ({ attempts }: NotificationView): readonly string[] => attempts.map(({ outcome }) => outcome);
const mailsOf = ({ idempotencyKey }: NotificationView) =>
  tocsin.smtp.mails.filter(({ messageId }) => messageId === `<${idempotencyKey}@example.com>`);

/** Kills the worker when the SMTP server has answered 250, and it has not told Temporal: it is stopped while the answer is held. */
async function killAfterReply(worker: WorkerProcess, dedupKey: string): Promise<void> {
  await trigger('one-events-key-000000000', dedupKey);
  await tocsin.smtp.waitFor((mails) => mails.some(({ recipients }) => recipients.includes('eve@example.com')), 30_000);
  worker.freeze();
  // One event loop: the timer that ends the hold, and writes the 250, is before this one.
  await sleep(2 * HELD);
  await worker.kill();
}
const outlasted = {
  level: ({ level }: IncidentView) => level === 2,
  ack: ({ episode }: IncidentView) => episode === 2,
} as const;

/** As Temporal has it, with no worker asked. */
async function memoOf({ workflowId }: Opened): Promise<IncidentView> {
  const { memo } = await tocsin.client.workflow.getHandle(workflowId).describe();
  return { level: null, episode: 1, ...(memo?.['incident'] as Partial<IncidentView> | undefined) } as IncidentView;
}

/** One life, as a monitoring system and a person bring it about. */
async function live({
  dedupKey,
  startsAfter,
  again,
  ackAfter,
  outlasts,
  resolveAfter,
  resolvedBy,
}: Life): Promise<Opened> {
  await sleep(startsAfter);
  await trigger('steps-events-key-0000000', dedupKey);
  const incident = await opened(dedupKey);
  for (let times = 0; times < again; times++) await trigger('steps-events-key-0000000', dedupKey);
  if (ackAfter !== null) {
    await sleep(ackAfter);
    expect([200, 202]).toContain(await command(incident.id, 'acknowledge'));
  }
  if (outlasts !== null) await eventually(() => memoOf(incident), outlasted[outlasts], 180_000);
  await sleep(resolveAfter);
  if (resolvedBy === 'person') {
    // 409: it was done, and the incident closed, before the answer came through.
    expect([200, 202, 409]).toContain(await command(incident.id, 'resolve'));
  } else {
    expect(await tocsin.event('steps-events-key-0000000', dedupKey, 'resolve')).toMatchObject({ status: 202 });
  }
  return incident;
}

describe(`the worker is killed, seed ${SEED}`, () => {
  test(`at ${KILLS} instants, one of them between the SMTP server's 250 and the activity's end: nothing is lost, decided twice, or sent without standing in the ledger`, async () => {
    const random = randomness(SEED);
    const plan = lives(INCIDENTS, KILLS, random);
    const afterStart = Array.from({ length: KILLS - 1 }, () => 20 + random() * 1_000);
    tocsin.smtp.at('message', { hold: HELD }, { times: 1, recipient: 'eve@example.com' });
    tocsin.smtp.at('message', { hold: 120 });

    const kills: number[] = [];
    const living: Promise<Opened>[] = [];
    const next = async (number: number): Promise<WorkerProcess> => {
      const worker = await workers.start();
      living.push(...plan.filter((life) => life.worker === number).map(live));
      // They fail where they are waited for; until then their failure is nobody's.
      void Promise.allSettled(living);
      return worker;
    };
    for (const [number, after] of afterStart.entries()) {
      const worker = await next(number);
      await sleep(after);
      await worker.kill();
      kills.push(Date.now());
    }
    await killAfterReply(await next(KILLS - 1), 'replied');
    const repliedKill = Date.now();
    kills.push(repliedKill);
    await workers.start();

    const incidents = await Promise.all(living);
    const replied = await opened('replied');
    const [page] = await eventually(
      () => tocsin.ledger(replied.id),
      ([only]) => only?.status === 'sent',
      30_000,
    );
    expect(outcomes(page!)).toEqual(['unknown', 'sent']);
    expect(Date.parse(page!.attempts[0]!.at)).toBeGreaterThan(repliedKill);
    expect(mailsOf(page!)).toHaveLength(2);
    await command(replied.id, 'resolve');

    const all = [...incidents, replied];
    await eventually(
      () => Promise.all(all.map(closed)),
      (each) => each.every(Boolean),
      60_000,
    );

    const ledger: NotificationView[] = [];
    for (const [index, incident] of incidents.entries()) {
      const life = plan[index]!;
      const triggers = 1 + life.again;
      const events = await eventsOf(tocsin.client, incident.workflowId);
      expect(brokenTasks(events)).toEqual([]);
      expect(await tocsin.read(incident.id)).toMatchObject({
        status: 'resolved',
        eventCount: triggers + (life.resolvedBy === 'source' ? 1 : 0),
      });
      const types = (await tocsin.timeline(incident.id)).map(({ type }) => type);
      // Counted once: as an ack, or, where the source's resolve is in the same task of the workflow, as one too late.
      const acks = types.filter((type) => type === 'acknowledged' || type === 'refused');
      expect(acks).toHaveLength(life.ackAfter === null ? 0 : 1);
      expect(types.filter((type) => type === 'resolved')).toHaveLength(1);
      ledger.push(...(await tocsin.ledger(incident.id)));
    }
    ledger.push(...(await tocsin.ledger(replied.id)));

    // Each decision once.
    expect(new Set(ledger.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(ledger.length);
    const places = ledger.map(({ incident, episode, pass, level, user, rule }) =>
      [incident, episode, pass, level, user, rule].join(' '),
    );
    expect(new Set(places).size).toBe(ledger.length);

    for (const notification of ledger) {
      // Nothing owed was lost. Dan, told when his ack timed out, is owed nothing once he resolves.
      const owed = notification.minuteZero && notification.reason !== 'ownAction';
      if (owed) expect(notification).toMatchObject({ status: 'sent' });
      expect(notification.reason === 'ownAction' ? notification.user : 'dan').toBe('dan');
      // What was sent is not sent again; each attempt before it is one that a kill cut off.
      const unknowns = notification.attempts.filter(({ outcome }) => outcome === 'unknown');
      expect(outcomes(notification)).toEqual([
        ...unknowns.map(() => 'unknown'),
        ...(notification.status === 'sent' ? ['sent'] : []),
      ]);
      for (const [number, { at }] of unknowns.entries()) {
        const before = kills.filter((kill) => kill > Date.parse(notification.dueAt) - 1_000 && kill < Date.parse(at));
        expect(before.length).toBeGreaterThan(number);
      }
      // What the SMTP server holds is what the ledger says.
      const mails = mailsOf(notification);
      expect(mails.length).toBeLessThanOrEqual(notification.attempts.length);
      if (notification.status === 'sent') {
        expect(mails.length).toBeGreaterThan(0);
        expect(notification.attempts.at(-1)).toMatchObject({ providerId: mails[0]!.messageId });
      }
      // Nothing is early.
      const { createdAt } = await tocsin.read(notification.incident);
      const waited = Date.parse(notification.dueAt) - Date.parse(createdAt);
      expect(waited).toBeGreaterThanOrEqual(notification.level === 2 ? LEVEL : 0);
      for (const { receivedAt } of mails) expect(receivedAt).toBeGreaterThanOrEqual(Date.parse(notification.dueAt));
    }
    const known = new Set(ledger.map(({ idempotencyKey }) => `<${idempotencyKey}@example.com>`));
    expect(tocsin.smtp.mails.filter(({ messageId }) => !known.has(messageId))).toEqual([]);

    // The kills met what they were meant for.
    const met = (holds: (notification: NotificationView) => boolean) => ledger.filter(holds).length;
    expect(met((each) => outcomes(each).includes('unknown'))).toBeGreaterThan(1);
    expect(met(({ level, status }) => level === 2 && status === 'sent')).toBeGreaterThan(0);
    expect(met(({ cause, status }) => cause === 'ackTimeout' && status === 'sent')).toBeGreaterThan(0);
    tocsin.smtp.behave();
  }, 300_000);
});

test('read while no worker runs, just before its level ends: the incident escalates, and replays on the next worker', async () => {
  await workers.stopAll();
  const worker = await workers.start();
  await trigger('steps-events-key-0000000', 'read');
  const incident = await opened('read');
  await tocsin.smtp.waitFor((mails) => mails.some(({ subject }) => subject.includes('summary of read')));
  await worker.kill();
  const reads = Array.from({ length: 5 }, () => tocsin.get(`/v1/incidents/${incident.id}`));
  const next = await workers.start();
  for (const { status } of await Promise.all(reads)) expect([200, 503]).toContain(status);
  await eventually(() => memoOf(incident), outlasted.level, 30_000);
  await next.kill();
  await workers.start();
  await trigger('steps-events-key-0000000', 'read');
  await eventually(
    () => tocsin.get<{ eventCount?: number }>(`/v1/incidents/${incident.id}`),
    ({ body }) => body.eventCount === 2,
    30_000,
  );
  expect(brokenTasks(await eventsOf(tocsin.client, incident.workflowId))).toEqual([]);
  await tocsin.event('steps-events-key-0000000', 'read', 'resolve');
}, 200_000);

describe('an ack is given while no worker runs', () => {
  beforeEach(async () => {
    await workers.stopAll();
  });

  /** Given, answered 202, and given again under the same key when a worker is back. */
  async function ackAcross(incident: Opened): Promise<void> {
    const body = { as: 'dan', note: 'on my way' };
    const key = { 'idempotency-key': 'ack' };
    const answer = await tocsin.command(incident.id, 'acknowledge', body, key);
    expect(answer).toMatchObject({ status: 202, body: { status: 'recorded' } });
    await workers.start();
    const acked = await eventually(
      () => tocsin.get<{ status: string; acknowledgements: unknown[] }>(`/v1/incidents/${incident.id}`),
      ({ body: { status } }) => status === 'acknowledged',
      25_000,
    );
    const timeouts = (await tocsin.next(incident.id)).filter(({ kind }) => kind === 'ackTimeout');
    expect(await tocsin.command(incident.id, 'acknowledge', body, key)).toMatchObject({ status: 200 });

    expect(acked.body.acknowledgements).toMatchObject([{ user: 'dan' }]);
    expect((await tocsin.read(incident.id)).acknowledgements).toEqual(acked.body.acknowledgements);
    expect((await tocsin.next(incident.id)).filter(({ kind }) => kind === 'ackTimeout')).toEqual(timeouts);
    const acks = (await tocsin.timeline(incident.id)).filter(({ type }) => type === 'acknowledged');
    expect(acks).toMatchObject([{ actor: { id: 'dan' }, text: expect.stringContaining('on my way') }]);
    const types = (await eventsOf(tocsin.client, incident.workflowId)).map(typeOf);
    expect(types.filter((type) => type === 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED')).toHaveLength(1);
    expect(types.filter((type) => type === 'WORKFLOW_EXECUTION_SIGNALED')).toHaveLength(1);
  }

  test('202; it holds when one is back, and counts once, though it comes by both doors', async () => {
    const worker = await workers.start();
    await trigger('one-events-key-000000000', 'away');
    const incident = await opened('away');
    await eventually(
      () => tocsin.ledger(incident.id),
      ([page]) => page?.status === 'sent',
    );
    await worker.kill();
    await ackAcross(incident);
  });

  test('202, and it holds, also where no worker has seen the incident yet', async () => {
    await trigger('one-events-key-000000000', 'unseen');
    await ackAcross(await opened('unseen'));
  });
});
