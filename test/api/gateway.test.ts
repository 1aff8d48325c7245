/** Incidents by id, against a real Temporal server and the real workflow. */
import { type Client, Connection, Client as TemporalClient } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporalIntake } from '../../intake/intake.ts';
import { UPDATE_DEADLINE } from '../../api/incidentCommand.ts';
import type { IncidentGateway } from '../../api/ports.ts';
import { startOptions } from '../../intake/startOptions.ts';
import { temporalGateway } from '../../api/temporalGateway.ts';
import type { PersonsCommand } from '../../domain/commands.ts';
import type { Configuration, Integration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { incidentIdOf, incidentWorkflowId, parseIncidentId } from '../../domain/identity.ts';
import { openingFor } from '../../domain/opening.ts';
import { INCIDENT_WORKFLOW, type IncidentInput } from '../../workflows/messages.ts';
import { configuration, level, ownRoute, person, policy } from '../support/configurations.ts';
import { freePort } from '../support/temporalServer.ts';
import { type Temporal, eventually, startTemporal, trigger } from './support/temporal.ts';

const USERS = [person('ana', '0s term'), person('bob', '0s term'), person('cho', '0s mail')];
const CONFIGURATION: Configuration = configuration({ users: USERS, policy: policy([level('user:ana', '5m')]) });
/** E-mail that nobody takes: what is owed to Cho stays owed, so her incidents stay unsettled. */
const UNSETTLED: Configuration = {
  ...configuration({ users: USERS, policy: policy([level('user:cho', '5m')]) }),
  channels: { email: { smtp: 'smtp://127.0.0.1:1', from: 'Tocsin <alerts@example.com>' } },
};
const integration = CONFIGURATION.integrations.get('payments-events') as Integration;

const command = (
  type: 'acknowledge' | 'unacknowledge' | 'resolve',
  user = 'ana',
  id: string = randomUUID(),
): PersonsCommand => ({
  type,
  id,
  actor: { kind: 'user', id: user, name: user, via: 'token test' },
});

/** On a machine this busy a query may take longer than its 3 s: then it is asked again, as people do. */
function patient(gateway: IncidentGateway): IncidentGateway {
  const again =
    <Answer>(ask: (id: string) => Promise<Answer>) =>
    async (id: string): Promise<Answer> => {
      for (;;) {
        try {
          return await ask(id);
        } catch (error) {
          if (!(error instanceof TocsinError) || error.code !== 'NO_WORKER') throw error;
        }
      }
    };
  return {
    ...gateway,
    read: again((id) => gateway.read(id)),
    timeline: again((id) => gateway.timeline(id)),
    notifications: again((id) => gateway.notifications(id)),
    next: again((id) => gateway.next(id)),
  };
}

describe('the gateway to Temporal', () => {
  let temporal: Temporal;
  let client: Client;
  /** Says within 3 s that no worker answers. */
  let hasty: IncidentGateway;
  let gateway: IncidentGateway;
  let unreachable: Connection | undefined;
  let current = CONFIGURATION;
  beforeAll(async () => {
    temporal = await startTemporal(() => current);
    await temporal.startWorker();
    client = temporal.client;
    hasty = temporalGateway({ client, configuration: () => current });
    gateway = patient(hasty);
  });
  afterAll(async () => {
    // Not sooner: the SDK still waits to try again after its call has failed, and would throw from its timer.
    await unreachable?.close();
    await temporal.stop();
  });
  beforeEach(() => {
    current = CONFIGURATION;
  });

  const send = async (event: SourceEvent): Promise<string | undefined> => {
    const [accepted] = await temporalIntake({ client, configuration: () => current }).accept([{ integration, event }]);
    return accepted?.incident;
  };
  /** Opened, and its first task done. */
  const opened = async (event = trigger()): Promise<string> => {
    const id = (await send(event)) ?? '';
    expect(await gateway.read(id)).toBeDefined();
    return id;
  };
  const placeOf = (id: string) => parseIncidentId(id) ?? { workflowId: '', runId: '' };
  const closed = (id: string) =>
    eventually(
      () => client.workflow.getHandle(placeOf(id).workflowId, placeOf(id).runId).describe(),
      ({ closeTime }) => closeTime !== undefined,
    );

  it('says what is not well', async () => {
    // A worker that has just started is seen by the server with its first poll.
    expect(
      await eventually(
        () => gateway.trouble(),
        (trouble) => trouble === null,
      ),
    ).toBeNull();
    unreachable = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    const nowhere = temporalGateway({
      client: new TemporalClient({ connection: unreachable }),
      configuration: () => current,
    });
    const id = `payments-events.${'0'.repeat(32)}.${'0'.repeat(32)}`;
    const unavailable = { code: 'TEMPORAL_UNAVAILABLE' };
    await Promise.all([
      expect(nowhere.trouble()).resolves.toBe('Temporal does not answer'),
      expect(nowhere.read(id)).rejects.toMatchObject(unavailable),
      expect(nowhere.list({ limit: 1 })).rejects.toMatchObject(unavailable),
      expect(nowhere.command(id, command('resolve'))).rejects.toMatchObject(unavailable),
    ]);
  });

  it('reads an incident, its timeline, its ledger and what comes next', async () => {
    const id = await opened();
    const found = await gateway.read(id);
    expect(found).toMatchObject({ incident: { id, status: 'triggered', assignees: ['ana'] }, ...placeOf(id) });
    expect(found?.sentence).toContain('level 1');
    expect((await gateway.timeline(id))?.map(({ type }) => type)).toContain('triggered');
    expect((await gateway.notifications(id))?.map(({ user, channel }) => [user, channel])).toEqual([
      ['ana', 'console'],
    ]);
    const next = await eventually(
      () => gateway.next(id),
      (answer) => answer?.some(({ kind }) => kind === 'notify') === false,
    );
    expect(next).toHaveLength(1);
  });

  it('reads what was ended by force, though it had yet to hear of something', async () => {
    const event = trigger();
    const id = await opened(event);
    await temporal.stopWorker();
    await send(event);
    await client.workflow.getHandle(placeOf(id).workflowId).terminate();
    await temporal.startWorker();
    expect(await gateway.read(id)).toMatchObject({ incident: { id, status: 'triggered' } });
    const held = await opened(event);
    expect(await gateway.read(held)).toMatchObject({ incident: { status: 'triggered' } });
    await client.workflow.getHandle(placeOf(held).workflowId).signal('events', [{ id: randomUUID(), count: 1, event }]);
    await client.workflow.getHandle(placeOf(held).workflowId).terminate();
    expect(await gateway.read(held)).toMatchObject({ incident: { id: held, status: 'triggered' } });
  });

  it('knows nothing of ids that name nothing', async () => {
    const id = await opened();
    const { workflowId } = placeOf(id);
    const unknown = [
      '',
      'nothing',
      `payments-events.${'0'.repeat(32)}.${'0'.repeat(32)}`,
      incidentIdOf(workflowId, randomUUID()),
    ];
    for (const none of unknown) {
      expect(await gateway.read(none)).toBeUndefined();
      expect(await gateway.timeline(none)).toBeUndefined();
      expect(await gateway.command(none, command('acknowledge'))).toEqual({ kind: 'notFound' });
    }
  });

  it('gives a command to the workflow, once for one id, and says what came of it', async () => {
    const id = await opened();
    const acknowledge = command('acknowledge');
    const first = await gateway.command(id, acknowledge);
    expect(first).toMatchObject({
      kind: 'done',
      outcome: { refused: null },
      found: { incident: { id, status: 'acknowledged', acknowledgements: [{ user: 'ana' }] }, ...placeOf(id) },
    });
    await gateway.command(id, acknowledge);
    const acks = (await gateway.timeline(id))?.filter(({ type }) => type === 'acknowledged');
    expect(acks).toHaveLength(1);
  });

  it('loses no command that comes with the first task', async () => {
    for (let tries = 0; tries < 10; tries++) {
      const id = (await send(trigger())) ?? '';
      const { kind } = await gateway.command(id, command('acknowledge'));
      expect(['done', 'recorded']).toContain(kind);
      const found = await eventually(
        () => gateway.read(id),
        (answer) => answer?.incident.status === 'acknowledged',
      );
      expect(found?.incident.acknowledgements).toHaveLength(1);
    }
  });

  it('says that a command came too late while the execution is still open', async () => {
    current = UNSETTLED;
    const id = await opened();
    await gateway.command(id, command('resolve'));
    expect(await gateway.command(id, command('acknowledge', 'bob'))).toMatchObject({
      kind: 'done',
      outcome: { refused: { code: 'ALREADY_RESOLVED' } },
      found: { incident: { status: 'resolved' } },
    });
  });

  it('answers for an incident whose execution is closed, from its final state', async () => {
    const id = await opened();
    await gateway.command(id, command('resolve'));
    await closed(id);
    expect(await gateway.read(id)).toMatchObject({ incident: { id, status: 'resolved' } });
    const late = await gateway.command(id, command('acknowledge', 'bob'));
    expect(late).toMatchObject({ kind: 'closed', found: { incident: { id, status: 'resolved' } } });
    expect(late.kind === 'closed' && late.found.sentence).toContain('already resolved by');
  });

  it('tells two incidents of one key apart', async () => {
    const event = trigger();
    const before = await opened(event);
    await gateway.command(before, command('resolve'));
    await closed(before);
    const now = await opened(event);
    expect(now).not.toBe(before);
    expect(await gateway.read(before)).toMatchObject({
      incident: { id: before, status: 'resolved' },
      ...placeOf(before),
    });
    expect(await gateway.read(now)).toMatchObject({ incident: { id: now, status: 'triggered', previous: before } });
    expect(await gateway.command(before, command('acknowledge'))).toMatchObject({ kind: 'closed' });
    expect((await gateway.read(now))?.incident.status).toBe('triggered');
  });

  /** An incident whose workflow continues as new every few commands. */
  const shortRuns = async (event: SourceEvent, hash: string): Promise<{ id: string; firstRun: string }> => {
    const workflowId = incidentWorkflowId('payments-events', hash);
    const opening = openingFor(CONFIGURATION, ownRoute(integration), Date.now());
    const arrivals = [{ id: 'a1', count: 1, event }] as const;
    const options = startOptions({ workflowId, owner: integration.id, opening, arrivals, previous: null });
    const [input] = options.args as [IncidentInput];
    const handle = await client.workflow.start(INCIDENT_WORKFLOW, {
      ...options,
      args: [{ ...input, maxHistoryLength: 20 }],
    });
    const id = incidentIdOf(workflowId, handle.firstExecutionRunId);
    expect(await gateway.read(id)).toBeDefined();
    return { id, firstRun: handle.firstExecutionRunId };
  };

  it('follows an incident through continue-as-new', async () => {
    const event = trigger();
    const { id, firstRun } = await shortRuns(event, 'c'.repeat(32));
    for (let acks = 0; acks < 6; acks++) {
      expect(await gateway.command(id, command('acknowledge', acks % 2 === 0 ? 'ana' : 'bob'))).toMatchObject({
        kind: 'done',
      });
    }
    const found = await gateway.read(id);
    expect(found?.runId).not.toBe(firstRun);
    expect(found?.incident).toMatchObject({ id, status: 'acknowledged' });
    const listed = await eventually(
      () => gateway.list({ dedupKey: event.dedupKey, limit: 10 }),
      ({ incidents }) => incidents[0]?.incident.status === 'acknowledged',
    );
    expect(listed.incidents.map(({ incident }) => incident.id)).toEqual([id]);
  });

  it('says of every command what came of it, though runs end while it is on its way', async () => {
    const lives = await Promise.all(['d', 'e', 'f', '9'].map((digit) => shortRuns(trigger(), digit.repeat(32))));
    const commands = lives.flatMap(({ id }) =>
      ['ana', 'bob', 'cho'].map(async (user) => {
        const unanswered: string[] = [];
        for (let acks = 0; acks < 8; acks++) {
          await sleep(Math.random() * 30);
          const began = Date.now();
          const { kind } = await gateway.command(id, command('acknowledge', user));
          // On a machine this busy a worker may take longer than what a command waits.
          if (kind !== 'done' && Date.now() - began < UPDATE_DEADLINE) unanswered.push(kind);
        }
        return unanswered;
      }),
    );
    expect((await Promise.all(commands)).flat()).toEqual([]);
    for (const { id } of lives) {
      const acks = (await gateway.read(id))?.incident.acknowledgements.map(({ user }) => user);
      expect(acks?.toSorted()).toEqual(['ana', 'bob', 'cho']);
    }
  });

  it('lists the incident of a whole key, though only its beginning is indexed', async () => {
    const { dedupKey } = trigger({ dedupKey: `${trigger().dedupKey}/${'磁'.repeat(100)}` });
    const [one, other] = [
      await opened(trigger({ dedupKey: `${dedupKey}1` })),
      await opened(trigger({ dedupKey: `${dedupKey}2` })),
    ];
    const list = () => gateway.list({ dedupKey: `${dedupKey}1`, limit: 10 });
    const { incidents } = await eventually(list, (page) => page.incidents.length === 1);
    expect(incidents.map(({ incident }) => incident.id)).toEqual([one]);
    expect(one).not.toBe(other);
  });

  it('finds a resolved incident that a later run of the same chain no longer holds', async () => {
    current = UNSETTLED;
    const event = trigger();
    const first = await opened(event);
    await gateway.command(first, command('resolve'));
    await send(event);
    const { workflowId } = placeOf(first);
    const latest = () => gateway.list({ dedupKey: event.dedupKey, status: 'open', limit: 1 });
    const second = (await eventually(latest, ({ incidents }) => incidents[0]?.incident.previous === first))
      .incidents[0];
    expect(second?.workflowId).toBe(workflowId);
    // Still owed, so the second run carried the first incident over, and holds it last.
    const carried = await gateway.read(first);
    expect(carried).toMatchObject({ incident: { id: first, status: 'resolved' }, runId: second?.runId });
    expect(await gateway.read(second?.incident.id ?? '')).toMatchObject({
      incident: { previous: first, status: 'triggered' },
    });
    // Ended and begun anew, the latest run knows nothing of it: it is found by walking from the run in its id.
    await client.workflow.getHandle(workflowId).terminate();
    await send(event);
    const walked = await gateway.read(first);
    expect(walked).toMatchObject({ incident: { id: first, status: 'resolved' }, runId: second?.runId });
  });

  it('records a command durably while no worker runs, and it holds when one is back', async () => {
    const id = await opened();
    await gateway.read(id);
    await temporal.stopWorker();
    const began = Date.now();
    const acknowledge = command('acknowledge');
    expect(await gateway.command(id, acknowledge)).toEqual({ kind: 'recorded' });
    await expect(hasty.read(id)).rejects.toMatchObject({ code: 'NO_WORKER' });
    expect(Date.now() - began).toBeLessThan(20_000);
    // Events need no worker.
    expect(await send(trigger())).toMatch(/^payments-events\./);
    await temporal.startWorker();
    const present = await eventually(
      () => gateway.read(id).catch(() => undefined),
      (found) => found !== undefined,
    );
    expect(present?.incident).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'ana' }] });
    // The same command again, by the other door, is done already.
    await gateway.command(id, acknowledge);
    expect((await gateway.timeline(id))?.filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
  });
});
