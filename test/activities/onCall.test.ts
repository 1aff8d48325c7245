import type { GatedStore } from '../support/gatedStore.ts';
import { gatedStore } from '../support/gatedStore.ts';
import { NO_STORE } from '../support/noStore.ts';
import { createActivities } from '../../activities/index.ts';
import type { Configuration } from '../../domain/configuration.ts';
import { configuration, dailySchedule, level, person, policy } from '../support/configurations.ts';
import type { Store } from '../../store/store.ts';
import { PUBLIC_URL, SECRET } from './requests.ts';

const POLICY = policy([level('schedule:primary user:ana', '5m')]);
const users = [person('ana'), person('bob')];
const incidentsWith = (present: () => Configuration, store: Store = NO_STORE) =>
  createActivities({ configuration: present, secret: SECRET, store, publicUrl: PUBLIC_URL }).incidents;

test('who is told is answered by the schedules of now and the policy that was given', async () => {
  const present = configuration({ users, policy: policy([]), schedules: [dailySchedule('primary', ['bob'])] });
  const before = Date.now();
  const answer = await incidentsWith(() => present).whoIsTold(POLICY, { kind: 'level', level: 1, also: [] });
  expect(answer.levels[0]?.people.map(({ id }) => id)).toEqual(['bob', 'ana']);
  expect(answer.configuration).toBe('test');
  expect(answer.at).toBeGreaterThanOrEqual(before);
  expect(answer.at).toBeLessThanOrEqual(Date.now());
});

const EVENT = { action: 'trigger', dedupKey: 'disk', summary: 'disk full', source: 'test' } as const;

test('a configuration that is reloaded answers the next question', async () => {
  let present = configuration({ users, policy: POLICY, schedules: [dailySchedule('primary', ['bob'])] });
  const incidents = incidentsWith(() => present);
  await incidents.whoIsTold(POLICY, { kind: 'level', level: 1, also: [] });
  present = configuration({ users, policy: POLICY, schedules: [dailySchedule('primary', ['ana'])] });
  const answer = await incidents.whoIsTold(POLICY, { kind: 'level', level: 1, also: [] });
  expect(answer.levels[0]?.people.map(({ id }) => id)).toEqual(['ana']);
});

test('the next incident of an integration starts with the service and policy as they are, and level 1', async () => {
  const present = configuration({ users, policy: POLICY, schedules: [dailySchedule('primary', ['bob'])] });
  const opening = await incidentsWith(() => present).openIncident('payments-guance', EVENT);
  if ('suppressed' in opening) throw new Error('it was suppressed');
  expect(opening).toMatchObject({ service: { id: 'payments' }, policy: POLICY, configuration: 'test' });
  expect(opening.answer?.levels[0]?.people.map(({ id }) => id)).toEqual(['bob', 'ana']);
});

test('an integration that is gone is waited for: the failure is one that Temporal repeats', async () => {
  const present = configuration({ users, policy: POLICY });
  await expect(incidentsWith(() => present).openIncident('gone', EVENT)).rejects.toMatchObject({
    type: 'BAD_CONFIGURATION',
    nonRetryable: false,
    message: expect.stringContaining('integration gone'),
  });
});

describe('a turn of round robin [L4.8]', () => {
  let gate: GatedStore;
  beforeAll(async () => (gate = await gatedStore()));
  afterAll(() => gate?.store.close());

  const inTurn = policy([level('schedule:primary user:ana user:cho', '5m', { assign: 'round-robin' })]);
  const people = [...users, person('cho')];
  const present = configuration({ users: people, policy: inTurn, schedules: [dailySchedule('primary', ['bob'])] });
  const askedBy = async (incident: string, turns: Readonly<Record<string, number>> = {}, store: Store = gate.store) => {
    const asking = { incident, service: 'payments', urgency: 'high', turns } as const;
    const incidents = incidentsWith(() => present, store);
    const answer = await incidents.whoIsTold(inTurn, { kind: 'level', level: 1, also: [] }, asking);
    return answer.levels.map(({ people, turn, remarks }) => ({ told: people.map(({ id }) => id), turn, remarks }));
  };

  test('[L4.8] is taken from the store, once an incident', async () => {
    const bob = { told: ['bob'], turn: 0, remarks: ['the turn of schedule:primary'] };
    expect(await askedBy('one')).toEqual([bob]);
    expect(await askedBy('two')).toEqual([{ told: ['ana'], turn: 1, remarks: ['the turn of user:ana'] }]);
    expect(await askedBy('one')).toEqual([bob]);
  });

  test('[L4.8] that the incident has is not asked for, also while the store is away', async () => {
    gate.away(true);
    const kept = await askedBy('three', { 'policy/1': 2 });
    gate.away(false);
    expect(kept).toEqual([{ told: ['cho'], turn: 2, remarks: ['the turn of user:cho'] }]);
  });

  test.each([
    ['while the store is away', () => gate.store],
    ['where there is none', () => NO_STORE],
  ])('[L4.8] %s comes from the id of the incident, the same each time, and says so', async (_when, store) => {
    gate.away(true);
    const turns = new Set<number | undefined>();
    for (let each = 0; each < 30; each++) {
      const [first] = await askedBy(`payments.${each}`, {}, store());
      expect(first?.remarks).toEqual([
        expect.stringMatching(/^the turn of .*, by the id of the incident, for the store is away$/),
      ]);
      expect(await askedBy(`payments.${each}`, {}, store())).toEqual([first]);
      turns.add(first?.turn);
    }
    gate.away(false);
    expect([...turns].toSorted((one, other) => Number(one) - Number(other))).toEqual([0, 1, 2]);
  });
});
