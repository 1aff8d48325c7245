import { ApplicationFailureCategory } from '@temporalio/common';
import type { OldRecord } from '../../activities/contract.ts';
import { recordActivities } from '../../activities/record.ts';
import type { LogEntryView } from '../../domain/view.ts';
import type { GatedStore } from '../support/gatedStore.ts';
import { gatedStore } from '../support/gatedStore.ts';
import { NO_STORE } from '../support/noStore.ts';

const entry = (id: string): LogEntryView => ({
  id,
  at: '2026-03-02T00:00:00.000Z',
  type: 'acknowledged',
  actor: { kind: 'user', id: 'ana' },
  reason: 'person',
  text: 'Ana acknowledged',
});
const old: OldRecord = { entries: [entry('e1'), entry('e2')], notifications: [] };

describe('what an incident asks of the store', () => {
  let gate: GatedStore;
  beforeAll(async () => {
    gate = await gatedStore();
  });
  afterAll(() => gate?.store.close());
  afterEach(() => gate.away(false));

  test('one number, however often it is asked; another for another incident', async () => {
    const record = recordActivities(gate);
    const first = await record.numberIncident('one');
    expect(await record.numberIncident('one')).toBe(first);
    expect(await record.numberIncident('two')).toBe(first! + 1);
  });

  test('old entries are kept, once each, though they come twice', async () => {
    const record = recordActivities(gate);
    expect(await record.keepRecord('one', old)).toBe(true);
    expect(await record.keepRecord('one', old)).toBe(true);
    expect(await gate.store.entries('one', { after: 0, limit: 10 })).toEqual(old.entries);
  });

  test('while the store is away both fail, to be repeated, and with no line in the log', async () => {
    const record = recordActivities(gate);
    gate.away(true);
    const failure = { type: 'STORE_UNAVAILABLE', nonRetryable: false, category: ApplicationFailureCategory.BENIGN };
    await expect(record.numberIncident('one')).rejects.toMatchObject(failure);
    await expect(record.keepRecord('one', old)).rejects.toMatchObject(failure);
  });

  test('where there is no store they say so at once', async () => {
    const record = recordActivities({ store: NO_STORE });
    expect(await record.numberIncident('one')).toBeNull();
    expect(await record.keepRecord('one', old)).toBe(false);
  });
});
