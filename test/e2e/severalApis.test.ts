/** What must not depend on which of several API processes a request comes to. */
import { startApi } from '../../api/main.ts';
import { NO_STORE } from '../support/noStore.ts';
import { startTocsin, TOKEN } from '../support/tocsin.ts';
import { SECRET } from '../support/worker.ts';

const KEY = 'disks-events-key-0000000';
const CONFIGURATION = `
users: [{ id: ana, contacts: [{ id: term, channel: console }] }, { id: bob, contacts: [{ id: term, channel: console }] }]
escalationPolicies: [{ id: one, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }]
services: [{ id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: ${KEY} }] }]
`;

test('an Idempotency-Key with another body is refused by an API that did not see the first one', async () => {
  const tocsin = await startTocsin(CONFIGURATION);
  const { client, configuration, url: publicUrl } = tocsin;
  const options = { client, store: NO_STORE, configuration, apiToken: TOKEN, secret: SECRET, publicUrl };
  const second = await startApi({ ...options, host: '127.0.0.1', port: 0 });
  try {
    await tocsin.event(KEY, 'db1');
    const { id } = await tocsin.incident('db1');
    const headers = { 'idempotency-key': 'one', 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
    const toSecond = async (as: string): Promise<number> =>
      (
        await fetch(`${second.url}/v1/incidents/${id}/acknowledge`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ as }),
        })
      ).status;

    expect(await tocsin.command(id, 'acknowledge', { as: 'ana' }, headers)).toMatchObject({ status: 200 });
    expect(await toSecond('bob')).toBe(422);
    expect(await toSecond('ana')).toBe(200);
    expect((await tocsin.read(id)).acknowledgements.map(({ user }) => user)).toEqual(['ana']);
  } finally {
    await second.stop();
    await tocsin.stop();
  }
});
