import { readFileSync } from 'node:fs';
import type { Store } from '../../store/store.ts';
import { openedStore } from '../support/preparedStore.ts';
import { eventsOf, typeOf } from '../support/history.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
escalationPolicies:
  - { id: one, levels: [{ targets: ['user:ana'], escalateAfter: 5m }] }
services:
  - { id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: disks-events-key-0000000 }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

describe('the history of the simple life', () => {
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

  test('trigger, one e-mail, ack, resolve: the events that docs/history.md lists, and no more than it states', async () => {
    // So that the number comes before the mail server's answer, as it does in life.
    tocsin.smtp.at('message', { hold: 700 });
    await tocsin.event('disks-events-key-0000000', 'simple');
    const { id, workflowId } = await tocsin.incident('simple');
    await eventually(
      () => tocsin.ledger(id),
      ([page]) => page?.status === 'sent',
    );
    expect(await tocsin.command(id, 'acknowledge', { as: 'ana' })).toMatchObject({ status: 200 });
    expect(await tocsin.command(id, 'resolve', { as: 'ana' })).toMatchObject({ status: 200 });
    const events = await eventsOf(tocsin.client, workflowId);

    const [page = '', readme = ''] = ['docs/history.md', 'README.md'].map((file) =>
      readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'),
    );
    const stated = Number(/\*\*(\d+) events\*\*/.exec(readme)?.[1]);
    const listed = [...page.matchAll(/^\| *\d+ *\| *`(\w+)`/gm)].map(([, type]) => type);
    expect(events.map(typeOf)).toEqual(listed);
    expect(events.length).toBeLessThanOrEqual(stated);
    expect(listed).toHaveLength(stated);
  });
});
