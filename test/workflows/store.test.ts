import type { Arrival } from '../../domain/event.ts';
import type { LogEntryView } from '../../domain/view.ts';
import { eventsSignal, timelineQuery } from '../../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import type { GatedStore } from '../support/gatedStore.ts';
import { gatedStore } from '../support/gatedStore.ts';
import { eventsOf } from '../support/history.ts';
import { historiesOf, replay } from '../support/replay.ts';
import { openShort, runOf } from '../support/shortHistory.ts';
import type { Answer, Tocsin } from '../support/tocsin.ts';
import { eventually, sleep, startTocsin } from '../support/tocsin.ts';

const KEY = 'disks-events-key-0000000';
const TURNS_KEY = 'turns-events-key-0000000';
const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }, { id: phone, channel: email, to: ana.phone@example.com }], notificationRules: { high: [{ after: 0s, contact: mail }, { after: 2s, contact: phone }] } }
  - { id: bob, contacts: [{ id: mail, channel: email, to: bob@example.com }] }
  - { id: cho, contacts: [{ id: mail, channel: email, to: cho@example.com }] }
escalationPolicies:
  - { id: one, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }
  - { id: three, levels: [{ targets: ['user:ana', 'user:bob', 'user:cho'], escalateAfter: 1h, assign: round-robin }] }
services:
  - { id: turns, escalationPolicy: three, integrations: [{ source: events-v2, key: ${TURNS_KEY} }] }
  - { id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: ${KEY} }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

describe('an incident and its store', () => {
  let gate: GatedStore;
  let tocsin: Tocsin;
  beforeAll(async () => {
    gate = await gatedStore();
    tocsin = await startTocsin(CONFIGURATION, { store: gate.store });
  });
  afterAll(async () => {
    await tocsin?.stop();
    await gate?.store.close();
  });
  afterEach(() => gate.away(false));

  const numbered = (id: string) =>
    eventually(
      () => tocsin.read(id),
      ({ number }) => number !== null,
    );
  const statusOf = async (workflowId: string) =>
    (await tocsin.client.workflow.getHandle(workflowId).describe()).status.name;
  const mailsOf = (id: string) =>
    tocsin.smtp.mails.filter(({ messageId }) => messageId.includes(id.replaceAll('.', '-')));

  test('it is given its number: shown in reads, lists and the Temporal UI, and in the subject of what is sent after', async () => {
    await tocsin.event(KEY, 'numbered');
    const { id, workflowId } = await tocsin.incident('numbered');
    const { number } = await numbered(id);
    expect(number).toBe(await gate.store.incidentNumber(id));
    const shown = await eventually(
      () => tocsin.client.workflow.getHandle(workflowId).describe(),
      ({ typedSearchAttributes }) => typedSearchAttributes.get(SEARCH_ATTRIBUTES.IncidentNumber) === number,
    );
    expect(shown.memo).toMatchObject({ incident: { id, number } });
    await tocsin.smtp.waitFor(() => mailsOf(id).length === 2);
    expect(mailsOf(id)[1]!.subject).toContain(`[#${number}]`);
    await tocsin.event(KEY, 'numbered', 'resolve');
    await eventually(
      () => statusOf(workflowId),
      (status) => status === 'COMPLETED',
    );
  });

  test('with the store away everybody is told, and a resolved incident waits for its number at no cost; the next one opens', async () => {
    gate.away(true);
    await tocsin.event(KEY, 'away');
    const first = await tocsin.incident('away');
    await tocsin.smtp.waitFor(() => mailsOf(first.id).length === 2);
    expect(mailsOf(first.id)[0]!.subject).toContain(`[${first.id.slice(-8)}]`);
    await tocsin.event(KEY, 'away', 'resolve');
    await eventually(
      () => tocsin.read(first.id),
      ({ status }) => status === 'resolved',
    );
    const { length } = await eventsOf(tocsin.client, first.workflowId);
    await sleep(3_000);
    expect(await eventsOf(tocsin.client, first.workflowId)).toHaveLength(length);
    expect(await statusOf(first.workflowId)).toBe('RUNNING');

    await tocsin.event(KEY, 'away');
    const second = await eventually(
      () => tocsin.incident('away'),
      ({ id }) => id !== first.id,
    );
    expect(second).toMatchObject({ status: 'triggered', previous: first.id, number: null });
    await tocsin.smtp.waitFor(() => mailsOf(second.id).length >= 1);
    await tocsin.event(KEY, 'away', 'resolve');

    gate.away(false);
    const numbers = [(await numbered(first.id)).number, (await numbered(second.id)).number];
    expect(numbers).toEqual([await gate.store.incidentNumber(first.id), await gate.store.incidentNumber(second.id)]);
    await eventually(
      () => statusOf(first.workflowId),
      (status) => status === 'COMPLETED',
    );
  });

  test('its old entries are moved there: with those that it carries over a continue-as-new they are the whole', async () => {
    const opened = await openShort(tocsin.client, tocsin.configuration(), {
      integration: 'disks-events-v2',
      dedupKey: 'long',
      maxHistoryLength: 40,
    });
    const { id, workflowId, runId } = opened;
    await numbered(id);
    // Each of these has a line of its own: one that counts, then one that is overtaken.
    const event = { dedupKey: 'long', summary: 'again', source: 'test', severity: 'critical' } as const;
    const arrivals = Array.from({ length: 500 }, (_, index): Arrival => ({
      id: `a${index}`,
      count: 1,
      event: index % 2 === 0 ? { ...event, action: 'trigger', at: 2_000 } : { ...event, action: 'resolve', at: 1_000 },
    }));
    await tocsin.client.workflow.getHandle(workflowId).signal(eventsSignal, arrivals);
    while ((await runOf(tocsin.client, opened)) === runId) {
      await tocsin.event(KEY, 'long');
      await sleep(50);
    }
    const carried = await eventually(
      async () => (await tocsin.client.workflow.getHandle(workflowId).query(timelineQuery, id)) ?? [],
      ({ length }) => length > 0 && length <= 300,
    );
    const after = Number(carried[0]?.id.slice(1));
    expect(after).toBeGreaterThan(200);
    const kept = await gate.store.entries(id, { after: 0, limit: 1_000 });
    expect(kept.map((entry) => entry.id)).toEqual(kept.map((_, index) => `e${index + 1}`));
    expect(kept.length).toBeGreaterThanOrEqual(after - 1);
    const all = [...kept.slice(0, after - 1), ...carried];
    expect(all.map((entry) => entry.id)).toEqual(all.map((_, index) => `e${index + 1}`));
    expect(all.length).toBeGreaterThan(500);

    const read: LogEntryView[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: Answer<{ entries: LogEntryView[]; nextCursor: string | null }> = await tocsin.get(
        `/v1/incidents/${id}/timeline?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      read.push(...body.entries);
      cursor = body.nextCursor;
    }
    // One more may have come meanwhile.
    expect(read.slice(0, all.length).map((entry) => entry.id)).toEqual(all.map((entry) => entry.id));
    await tocsin.event(KEY, 'long', 'resolve');
  });

  test('[L4.8] of 12 incidents at once each of three targets of round robin has four; with the store away they are told all the same', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `turn-${index}`);
    await Promise.all(keys.map((key) => tocsin.event(TURNS_KEY, key)));
    const told = await Promise.all(
      keys.map((key) =>
        eventually(
          async () => (await tocsin.incident(key)).assignees,
          ({ length }) => length === 1,
        ),
      ),
    );
    const counted = ['ana', 'bob', 'cho'].map((user) => told.filter(([one]) => one === user).length);
    expect(counted).toEqual([4, 4, 4]);

    gate.away(true);
    await tocsin.event(TURNS_KEY, 'turn-away');
    const { id } = await tocsin.incident('turn-away');
    await tocsin.smtp.waitFor(() => mailsOf(id).length > 0);
    gate.away(false);
    const timeline: Answer<{ entries: LogEntryView[] }> = await tocsin.get(`/v1/incidents/${id}/timeline`);
    expect(timeline.body.entries.find(({ type }) => type === 'assigned')?.text).toMatch(
      /the turn of user:(ana|bob|cho), by the id of the incident, for the store is away/,
    );
    await Promise.all([...keys, 'turn-away'].map((key) => tocsin.event(TURNS_KEY, key, 'resolve')));
  });

  test('all of this replays', async () => {
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
