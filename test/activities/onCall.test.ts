import { NO_STORE } from '../support/noStore.ts';
import { createActivities } from '../../activities/index.ts';
import type { Configuration } from '../../domain/configuration.ts';
import { configuration, dailySchedule, level, person, policy } from '../support/configurations.ts';
import { PUBLIC_URL, SECRET } from './requests.ts';

const POLICY = policy([level('schedule:primary user:ana', '5m')]);
const users = [person('ana'), person('bob')];
const incidentsWith = (present: () => Configuration) =>
  createActivities({ configuration: present, secret: SECRET, store: NO_STORE, publicUrl: PUBLIC_URL }).incidents;

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
  expect(opening.answer.levels[0]?.people.map(({ id }) => id)).toEqual(['bob', 'ana']);
});

test('an integration that is gone is waited for: the failure is one that Temporal repeats', async () => {
  const present = configuration({ users, policy: POLICY });
  await expect(incidentsWith(() => present).openIncident('gone', EVENT)).rejects.toMatchObject({
    type: 'BAD_CONFIGURATION',
    nonRetryable: false,
    message: expect.stringContaining('integration gone'),
  });
});
