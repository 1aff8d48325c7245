import { randomUUID } from 'node:crypto';
import { temporalGateway } from '../../api/temporalGateway.ts';
import type { IncidentView } from '../../domain/view.ts';
import { historiesOf, replay } from '../support/replay.ts';
import { openShort, runOf } from '../support/shortHistory.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';
import { commandSignal, mergeSignal } from '../../workflows/messages.ts';

const KEY = 'disks-events-key-0000000';
const OTHER = 'nodes-events-key-0000000';
const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
  - { id: bob, name: Bob, contacts: [{ id: mail, channel: email, to: bob@example.com }] }
escalationPolicies:
  - { id: one, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }
services:
  - { id: disks, escalationPolicy: one, urgency: bySeverity, integrations: [{ source: events-v2, key: ${KEY} }] }
  - { id: nodes, escalationPolicy: one, integrations: [{ source: events-v2, key: ${OTHER} }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

describe('incidents are merged', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(CONFIGURATION);
  });
  afterAll(async () => {
    await tocsin?.stop();
  });

  type Found = IncidentView & { readonly workflowId: string };
  async function open(dedupKey: string, key = KEY): Promise<Found> {
    await tocsin.event(key, dedupKey);
    return tocsin.incident(dedupKey);
  }
  /** As any client does: what is only noted, on a machine this busy, is asked again under its key. */
  const merge = (
    target: string,
    sources: readonly string[],
    headers: Record<string, string> = { 'idempotency-key': randomUUID() },
  ) =>
    eventually(
      () => tocsin.command(target, 'merge', { as: 'bob', sources }, headers),
      ({ status }) => status !== 202 && status !== 503,
    );
  const until = (id: string, holds: (incident: IncidentView) => boolean) => eventually(() => tocsin.read(id), holds);

  test('[L7] one into another: its alerts are there, it is resolved, and its events follow', async () => {
    const source = await open('m1/source', OTHER);
    const target = await open('m1/target');
    const answer = await merge(target.id, [source.id]);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: target.id,
        status: 'triggered',
        alerts: [
          { integration: 'disks-events-v2', dedupKey: 'm1/target' },
          { integration: 'nodes-events-v2', dedupKey: 'm1/source' },
        ],
      },
    });
    expect(await tocsin.read(source.id)).toMatchObject({ status: 'resolved', mergedInto: target.id });

    await tocsin.event(OTHER, 'm1/source', 'resolve');
    await until(target.id, ({ alerts }) => alerts[1]?.status === 'resolved');
    await tocsin.event(KEY, 'm1/target', 'resolve');
    await until(target.id, ({ status }) => status === 'resolved');
    await eventually(
      () => tocsin.client.workflow.getHandle(source.workflowId).describe(),
      ({ status }) => status.name === 'COMPLETED',
    );
  });

  test('[L7] [F 50] of A into B and B into A at once, from two API processes, one goes first: one truth each time', async () => {
    const { client } = tocsin;
    const gateways = [0, 1].map(() => temporalGateway({ client, configuration: tocsin.configuration }));
    const actor = { kind: 'user', id: 'bob', name: 'Bob' } as const;
    const elsewhere = ({ id, workflowId }: Found) => ({ incident: id, workflowId });
    for (let round = 0; round < 8; round++) {
      const [a, b] = await Promise.all([open(`m2/${round}/a`), open(`m2/${round}/b`, OTHER)]);
      const [ofA, ofB] = await Promise.all(
        [[a, b] as const, [b, a] as const].map(([source, target], index) => {
          const command = { type: 'merge', id: randomUUID(), actor, into: elsewhere(target) } as const;
          // With a machine this busy it may be only noted; the same again finds what came of it.
          return eventually(
            () => gateways[index]!.command(source.id, command),
            ({ kind }) => kind === 'done',
          );
        }),
      );
      const taken = [ofA, ofB].filter((result) => result?.kind === 'done' && result.outcome.refused === null);
      expect(taken).toHaveLength(1);
      const [source, target] = taken[0] === ofA ? [a, b] : [b, a];
      expect(await tocsin.read(source.id)).toMatchObject({ status: 'resolved', mergedInto: target.id });
      expect(await tocsin.read(target.id)).toMatchObject({ status: 'triggered', mergedInto: null, alertCount: 2 });
      await tocsin.command(target.id, 'resolve', { as: 'bob' });
    }
  });

  test('[L2.7] [L7] an event that the other no longer takes opens a new incident under its own key', async () => {
    const [source, target] = [await open('m3/source'), await open('m3/target')];
    await merge(target.id, [source.id]);
    await tocsin.event(KEY, 'm3/source');
    await until(target.id, ({ alerts }) => alerts[1]?.eventCount === 2);
    await tocsin.command(target.id, 'resolve', { as: 'bob' });
    await tocsin.event(KEY, 'm3/source');
    const next = await eventually(
      () => tocsin.incident('m3/source'),
      ({ id }) => id !== source.id,
    );
    expect(next).toMatchObject({ status: 'triggered', previous: source.id, workflowId: source.workflowId });
    expect(await tocsin.read(source.id)).toMatchObject({ status: 'resolved', mergedInto: target.id });
    const late = await tocsin.command(source.id, 'acknowledge', { as: 'bob' });
    expect(late).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(`merged into ${target.id} by Bob`) },
    });
    await tocsin.command(next.id, 'resolve', { as: 'bob' });
  });

  test('[L7] [L11] an execution that was ended by force keeps nobody waiting', async () => {
    const [source, target] = [await open('m4/source'), await open('m4/target')];
    await tocsin.client.workflow.getHandle(target.workflowId).terminate();
    expect(await merge(target.id, [source.id])).toMatchObject({
      status: 409,
      body: { code: 'MERGE_REFUSED', results: [{ id: source.id, status: 409, problem: { code: 'TARGET_CLOSED' } }] },
    });
    expect(await tocsin.command(source.id, 'acknowledge', { as: 'bob' })).toMatchObject({ status: 200 });

    const other = await open('m4/other');
    expect(await merge(other.id, [source.id])).toMatchObject({ status: 200 });
    await tocsin.client.workflow.getHandle(other.workflowId).terminate();
    await tocsin.event(KEY, 'm4/source');
    const next = await eventually(
      () => tocsin.incident('m4/source'),
      ({ id }) => id !== source.id,
    );
    await tocsin.command(next.id, 'resolve', { as: 'bob' });
  });

  test('[L7] [F 50] a result for each source; the same key again finds what came of it', async () => {
    const target = await open('m5/target');
    const [fine, over] = [await open('m5/fine'), await open('m5/over')];
    await tocsin.command(over.id, 'resolve', { as: 'bob' });
    const sources = [fine.id, over.id, 'no.such.incident'];
    const key = { 'idempotency-key': 'm5' };
    for (const answer of [await merge(target.id, sources, key), await merge(target.id, sources, key)]) {
      expect(answer).toMatchObject({
        status: 409,
        body: {
          code: 'MERGE_REFUSED',
          incident: { id: target.id, alertCount: 2 },
          results: [
            { id: fine.id, status: 200, incident: { status: 'resolved', mergedInto: target.id } },
            { id: over.id, status: 409, problem: { code: expect.stringMatching(/ALREADY_RESOLVED|INCIDENT_CLOSED/) } },
            { id: 'no.such.incident', status: 404, problem: { code: 'NOT_FOUND' } },
          ],
        },
      });
    }
    expect(await merge(target.id, [target.id])).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await merge(`${target.id.slice(0, -4)}0000`, [target.id])).toMatchObject({ status: 404 });
    await tocsin.command(target.id, 'resolve', { as: 'bob' });
  });

  test('[L9] it continues as new in the middle of a merge, and as a forwarder', async () => {
    const short = (dedupKey: string) =>
      openShort(tocsin.client, tocsin.configuration(), {
        integration: 'disks-events-v2',
        dedupKey,
        maxHistoryLength: 8,
      });
    const [source, target] = [await short('m6/source'), await open('m6/target')];
    const handle = tocsin.client.workflow.getHandle(source.workflowId);
    const gateway = temporalGateway({ client: tocsin.client, configuration: tocsin.configuration });
    // It is there, and never answers: no worker serves its queue.
    const silent = { incident: 'i.silent.1', workflowId: 'silent' };
    await tocsin.client.workflow.start('silent', { workflowId: silent.workflowId, taskQueue: 'nobody' });
    const command = { type: 'merge', id: 'm6', actor: { kind: 'user', id: 'bob', name: 'Bob' }, into: silent } as const;
    const asked = gateway.command(source.id, command);
    await eventually(
      () => gateway.read(source.id),
      (found) => found?.sentence === 'being merged into i.silent.1',
    );
    await tocsin.event(KEY, 'm6/source');
    for (let index = 0; index < 20; index++)
      await handle.signal(commandSignal, source.id, { ...command, id: `m6/${index}` });
    await eventually(
      () => runOf(tocsin.client, source),
      (run) => run !== source.runId,
    );
    expect(await tocsin.command(source.id, 'acknowledge', { as: 'bob' })).toMatchObject({
      status: 409,
      body: { code: 'MERGING', detail: 'being merged into i.silent.1' },
    });
    const refused = { code: 'TARGET_RESOLVED', sentence: 'the other incident is over' } as const;
    await handle.signal(mergeSignal, source.id, { kind: 'offerAnswer', command: 'm6', refused });
    // With a worker this busy the first request may be told that it is noted; the same again finds what came of it.
    expect(['done', 'recorded']).toContain((await asked).kind);
    const outcome = { kind: 'done', outcome: { refused } };
    expect(await gateway.command(source.id, command)).toMatchObject(outcome);
    await until(source.id, ({ eventCount }) => eventCount === 2);

    expect(await merge(target.id, [source.id])).toMatchObject({ status: 200, body: { eventCount: 3 } });
    const first = await runOf(tocsin.client, source);
    for (let index = 0; index < 6; index++) {
      await tocsin.event(KEY, 'm6/source');
      await until(target.id, ({ alerts }) => alerts[1]?.eventCount === index + 3);
    }
    expect(await runOf(tocsin.client, source)).not.toBe(first);
    expect(await tocsin.read(target.id)).toMatchObject({ status: 'triggered', alertCount: 2, eventCount: 9 });
    await tocsin.event(KEY, 'm6/source', 'resolve');
    await tocsin.event(KEY, 'm6/target', 'resolve');
    await until(target.id, ({ status }) => status === 'resolved');
    await eventually(
      () => handle.describe(),
      ({ status }) => status.name === 'COMPLETED',
    );
  });

  test('all of this replays', async () => {
    await tocsin.client.workflow.getHandle('silent').terminate();
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
