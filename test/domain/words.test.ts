/** Who hears what people say of an incident, and that its urgency changed. */
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life, TRIGGER } from '../support/life.ts';

const whole = configuration({
  users: [{ ...person('ana'), statusUpdates: true }, { ...person('bob'), statusUpdates: true }, person('cho')],
  policy: policy([level('user:ana user:cho', '5m')]),
  service: {
    ...service({ ackTimeout: '30m', urgency: 'bySeverity' }),
    subscribers: [{ channel: 'webhook', endpoint: 'ops' }],
  },
});
const heard = (life: Life): string[] => life.told.filter((told) => told.startsWith('2:00'));
const begun = (severity: 'critical' | 'warning' = 'critical'): Life =>
  new Life(whole, { ...TRIGGER, severity }).through('1:00').at('2:00');

test('a status update is heard by subscribers, and by those who want it and were told of the incident', () => {
  const life = begun();
  life.command('cho', { type: 'status-updates', text: 'back soon' } as const);
  expect(heard(life.through('2:00'))).toEqual([
    '2:00 webhook ops: incident.statusUpdated',
    '2:00 ana mail: incident.statusUpdated',
  ]);
});

test('a note, the start of work and a change of urgency are heard by subscribers alone', () => {
  const life = begun('warning').arrive({ severity: 'critical' });
  life.command('cho', { type: 'notes', text: 'the disk' } as const);
  expect(heard(life.through('2:00'))).toEqual([
    '2:00 webhook ops: incident.urgencyChanged',
    '2:00 webhook ops: incident.noted',
  ]);
  const working = begun();
  working.command('ana', { type: 'start-work' });
  expect(heard(working.through('2:00'))).toEqual([
    '2:00 webhook ops: incident.acknowledged',
    '2:00 webhook ops: incident.workStarted',
  ]);
});
