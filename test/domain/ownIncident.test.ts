import type { User } from '../../domain/configuration.ts';
import { openingFor } from '../../domain/opening.ts';
import { OWN_ROUTE, channelEvent, failingKey, ownConfiguration } from '../../domain/ownIncident.ts';
import { configuration, level, person, policy } from '../support/configurations.ts';

const NOW = Date.parse('2026-12-01T10:00:00Z');
const EMAIL = failingKey({ channel: 'email', endpoint: null });
const withRole = (id: string, role: User['role'], rules: string, more: Partial<User> = {}): User => ({
  ...person(id, rules),
  role,
  ...more,
});
const BOTH = '0s mail, 5m phone';

/** Whom the first level tells, and by what. */
function told(users: readonly User[], key = EMAIL): Readonly<Record<string, readonly string[]>> {
  const own = ownConfiguration(configuration({ users, policy: policy([level('user:ana', '5m')]) }), key);
  const { answer } = openingFor(own, OWN_ROUTE, NOW);
  const people = answer?.levels.flatMap((each) => each.people) ?? [];
  return Object.fromEntries(
    people.map(({ id, rules }) => [id, rules.high.map(({ contact, after }) => `${after} ${contact}`)]),
  );
}

test('all admins are told at once, by every contact method of another channel, also one who is away', () => {
  const away = [{ from: '2026-11-01', to: '2026-12-31' }];
  const users = [
    withRole('ana', 'admin', BOTH),
    withRole('bob', 'manager', BOTH),
    withRole('cho', 'admin', '0s mail, 5m phone, 9m pager', { away }),
  ];
  expect(told(users)).toEqual({ ana: ['0 phone'], cho: ['0 phone', '0 pager'] });
});

test('where no admin can be reached otherwise the managers are told, then the responders; where nobody can, nobody', () => {
  const admin = withRole('ana', 'admin', '0s mail');
  expect(told([admin, withRole('bob', 'manager', BOTH), withRole('cho', 'responder', BOTH)])).toEqual({
    bob: ['0 phone'],
  });
  expect(told([admin, withRole('bob', 'manager', '0s mail'), withRole('cho', 'responder', BOTH)])).toEqual({
    cho: ['0 phone'],
  });
  expect(told([admin])).toEqual({});
});

test('of a channel with endpoints the one that fails is left out', () => {
  const contacts = [
    { id: 'ops', channel: 'wecom', to: 'ops' },
    { id: 'dev', channel: 'wecom', to: 'dev' },
  ] as const;
  const admin = withRole('ana', 'admin', BOTH, { contacts });
  expect(told([admin], failingKey({ channel: 'wecom', endpoint: 'ops' }))).toEqual({ ana: ['0 dev'] });
});

test('all other incidents see the configuration as it is', () => {
  const present = configuration({ users: [person('ana')], policy: policy([level('user:ana', '5m')]) });
  for (const id of ['default', 'channel', 'channel/fax', 'channel/'])
    expect(ownConfiguration(present, id)).toBe(present);
});

test('it says what fails, since when, what the provider answered and what to do; and when it works again', () => {
  const failing = { channel: 'wecom', endpoint: 'ops' } as const;
  const fails = {
    word: 'fails',
    at: NOW,
    since: NOW - 60_000,
    attempts: 3,
    code: 'PROVIDER_LOGIN_REFUSED',
    detail: '93000',
  } as const;
  expect(channelEvent(failing, fails)).toMatchObject({
    action: 'trigger',
    dedupKey: 'channel/wecom/ops',
    severity: 'critical',
    summary:
      "Channel wecom, endpoint ops, fails for everybody: The provider refuses the channel's login; check its credentials",
    details: {
      answer: '93000',
      since: '2026-12-01T09:59:00.000Z',
      attempts: 3,
      'what to do': expect.stringContaining('channels.wecom'),
    },
  });
  expect(channelEvent(failing, { word: 'works', at: NOW })).toMatchObject({
    action: 'resolve',
    dedupKey: 'channel/wecom/ops',
  });
});
