/** An incident by which somebody tries out who is told: the real policy, and every message says what it is. */
import { currentDetails, openingDetails } from '../../domain/details.ts';
import { mayMerge } from '../../domain/event.ts';
import { incidentView } from '../../domain/view.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life, TRIGGER } from '../support/life.ts';

const whole = configuration({
  users: [person('ana', '0s mail, 1m phone'), person('bob')],
  policy: policy([level('user:ana', '2m'), level('user:bob', '2m')]),
  service: service({ subscribers: [{ channel: 'webhook', endpoint: 'ops' }] }),
});
const drill = () => new Life(whole, { ...TRIGGER, drill: true });

test('walks the policy as any other does', () => {
  expect(drill().through('5:00').pages).toEqual(new Life(whole).through('5:00').pages);
});

test('says in every message what it is, also after it continued as new; another says nothing of it', () => {
  const life = drill().through('0:30').continueAsNew().through('3:00');
  expect(life.attempts.map(({ request }) => request.incident.drill)).toEqual([true, true, true]);
  expect(life.notices.map(({ request }) => request.incident.drill)).toEqual(life.notices.map(() => true));
  const real = new Life(whole).through('3:00');
  expect(real.attempts.map(({ request }) => 'drill' in request.incident)).toEqual([false, false, false]);
});

test('is marked in what is shown of it, in its timeline, and in the Temporal UI', () => {
  const { state, log } = drill();
  expect(incidentView(state).drill).toBe(true);
  expect(incidentView(new Life(whole).state).drill).toBe(false);
  expect(log[0]).toMatch(/Drill, triggered by test/);
  expect(currentDetails(state)).toMatch(/^## DRILL: disk of db1/);
  expect(openingDetails({ ...TRIGGER, drill: true })).toMatch(/^\*\*DRILL: disk of db1/);
});

test('stays one when events of its key come, and is not made of one that is none', () => {
  expect(drill().arrive({}).state.drill).toBe(true);
  expect(new Life(whole).arrive({ drill: true }).state.drill).toBe(false);
  expect(mayMerge(TRIGGER, { ...TRIGGER, drill: true })).toBe(false);
});
