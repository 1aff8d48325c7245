/** Users leave the configuration while they hold incidents: from Temporal's lists to the incidents, on a real server. */
import { tellOfRemovedUsers } from '../../worker/removedUsers.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'disks-events-key-0000000';
const yaml = (...users: string[]): string => `
users: [${users.map((id) => `{ id: ${id}, contacts: [{ id: term, channel: console }] }`).join(', ')}]
escalationPolicies: [{ id: one, levels: [{ targets: ['user:${users.at(-1)}'], escalateAfter: 1h }] }]
services: [{ id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: ${KEY} }] }]
`;

test('incidents that only they held are triggered again, once; those that others hold go on [L3] [F 79]', async () => {
  const tocsin = await startTocsin(yaml('ana', 'bob'));
  const { client } = tocsin;
  try {
    const held = { db1: ['ana'], db2: ['bob'], db3: ['ana', 'bob'] };
    const ids = new Map<string, string>();
    for (const [key, users] of Object.entries(held)) {
      await tocsin.event(KEY, key);
      const { id } = await tocsin.incident(key);
      ids.set(key, id);
      for (const as of users) expect((await tocsin.command(id, 'acknowledge', { as })).status).toBe(200);
    }
    const acknowledged = { query: "IncidentStatus = 'acknowledged' AND ExecutionStatus = 'Running'" };
    await eventually(
      () => client.workflow.count(acknowledged.query),
      ({ count }) => count === 3,
    );
    expect(await tellOfRemovedUsers(client, tocsin.configuration())).toBe(0);

    tocsin.reconfigure(yaml('bob'));
    // As several workers do at the same reload.
    await Promise.all([1, 2, 3].map(() => tellOfRemovedUsers(client, tocsin.configuration())));
    const read = (key: string) => tocsin.read(ids.get(key) ?? '');
    expect(
      await eventually(
        () => read('db1'),
        ({ status }) => status === 'triggered',
      ),
    ).toMatchObject({ episode: 2 });
    const again = (await tocsin.timeline(ids.get('db1') ?? '')).filter(({ type }) => type === 'retriggered');
    expect(again).toMatchObject([{ reason: 'userRemoved', actor: { kind: 'system' } }]);
    expect((await read('db2')).acknowledgements.map(({ user }) => user)).toEqual(['bob']);
    expect((await read('db3')).acknowledgements.map(({ user }) => user)).toEqual(['ana', 'bob']);
    await eventually(
      () => client.workflow.count(acknowledged.query),
      ({ count }) => count === 2,
    );
    expect(await tellOfRemovedUsers(client, tocsin.configuration())).toBe(0);
  } finally {
    await tocsin.stop();
  }
});
