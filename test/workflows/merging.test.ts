import type { IncidentView } from '../../domain/view.ts';
import { historiesOf, replay } from '../support/replay.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

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
  const merge = (target: string, sources: readonly string[], headers?: Record<string, string>) =>
    tocsin.command(target, 'merge', { as: 'bob', sources }, headers);
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

  test('all of this replays', async () => {
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
