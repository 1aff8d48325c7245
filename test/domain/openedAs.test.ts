/** What a person who opens an incident by hand says of who is told, in the place of its service. */
import { openingFor } from '../../domain/opening.ts';
import { openIncident } from '../../domain/open.ts';
import { incidentView } from '../../domain/view.ts';
import { configuration, level, ownRoute, person, policy } from '../support/configurations.ts';
import { BEGIN, TRIGGER } from '../support/life.ts';

const other = { ...policy([level('user:cho', '5m')]), id: 'other' };
const plain = configuration({
  users: [person('ana'), person('bob'), person('cho')],
  policy: policy([level('user:ana', '5m')]),
});
const present = { ...plain, escalationPolicies: new Map([...plain.escalationPolicies, [other.id, other]]) };
const route = ownRoute({ service: 'payments' });

test('the users who are named are asked for, and nobody after them', () => {
  const opening = openingFor(present, route, BEGIN, { users: ['bob'] });
  expect(opening.answer?.others.map(({ id }) => id)).toEqual(['bob']);
  const state = openIncident({ id: 'i', integration: 'manual-payments', previous: null }, opening, TRIGGER, BEGIN);
  expect(state.escalation).toMatchObject({ direct: true, asking: { question: { kind: 'users', users: ['bob'] } } });
  expect(incidentView(state).level).toBeNull();
});

test('the policy that is named is gone by, its service stays as it is', () => {
  const opening = openingFor(present, route, BEGIN, { policy: 'other' });
  expect(opening).toMatchObject({ policy: { id: 'other' }, service: { escalationPolicy: 'policy' } });
  expect(opening.answer?.levels[0]?.people.map(({ id }) => id)).toEqual(['cho']);
  expect(openingFor(present, route, BEGIN).policy.id).toBe('policy');
});
