/** Each ready mapping in a house that runs: what its vendor sends opens an incident, is counted in it, and resolves it. */
import { readFileSync } from 'node:fs';
import { READY_NAMES } from '../../mapping/ready/index.ts';
import { type Tocsin, eventually, startTocsin } from '../support/tocsin.ts';

const keyOf = (name: string): string => `generic-key-of-${name}`;
const CONFIGURATION = `users:
  - { id: ana, contacts: [{ id: term, channel: console }] }
escalationPolicies:
  - { id: main, levels: [{ targets: ['user:ana'], escalateAfter: 15m }] }
services:
  - id: shop
    escalationPolicy: main
    integrations:
${READY_NAMES.map((name) => `      - { id: of-${name}, source: generic, mapping: ${name}, key: ${keyOf(name)} }`).join('\n')}
`;

const fixture = (file: string): string => readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8');

describe('a house with an integration of each ready mapping', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(CONFIGURATION);
  });
  afterAll(() => tocsin?.stop());

  it.each([
    ['zabbix', ['problem', 'problem'], 'acknowledged', 'recovery', '51027'],
    ['datadog', ['triggered', 'renotified'], null, 'recovered', '8423990771612345678'],
    ['uptime-kuma', ['down', 'down'], null, 'up', 'monitor 3'],
    ['cloudevents', ['full', 'full'], null, 'recovered', '/monitoring/disks db1:/var'],
    ['nagios', ['service-problem', 'service-problem'], 'service-acknowledgement', 'service-recovery', 'db1/disk'],
    ['icinga', ['service-problem', 'service-problem'], null, 'service-flapping-end', 'db1/disk'],
  ])('opens, counts and resolves by %s', async (name, triggers, acknowledgement, resolve, dedupKey) => {
    const send = async (file: string): Promise<string> => {
      const answer = await fetch(`${tocsin.url}/integrations/generic/${keyOf(name)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: fixture(`${name}/${file}`),
      });
      expect([file, answer.status]).toEqual([file, 202]);
      const { events } = (await answer.json()) as { events: { dedupKey: string; incident: string; outcome: string }[] };
      expect(events).toEqual([expect.objectContaining({ dedupKey, outcome: 'accepted' })]);
      return events[0]?.incident ?? '';
    };
    const ids: string[] = [];
    for (const trigger of triggers) ids.push(await send(trigger));
    expect(new Set(ids).size).toBe(1);
    const read = (status: string) =>
      eventually(
        () => tocsin.read(ids[0] ?? ''),
        (incident) => incident.status === status,
      );
    expect(await read('triggered')).toMatchObject({ service: 'shop', dedupKey });
    if (acknowledgement !== null) {
      await send(acknowledgement);
      await read('acknowledged');
    }
    await send(resolve);
    expect(await read('resolved')).toMatchObject({ alertCount: 1, eventCount: acknowledgement === null ? 3 : 4 });
  });
});
