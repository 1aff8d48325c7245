/** PagerDuty's REST API: whole incidents that are sent back with one member changed, as pdpyras shows it; on stand-ins for Temporal. */
import { level, policy } from '../../support/configurations.ts';
import { CONFIGURATION, FOUND, INCIDENT_ID, type StandIns, apiOnStandIns } from '../support/standIns.ts';

const OTHER = { ...policy([level('user:bob', '5m')]), id: 'other' };
const AT = '2026-03-02T00:04:00.000Z';
const BY_BOB = { acknowledgements: [{ user: 'bob', at: AT }] };

let api: StandIns;
beforeAll(async () => {
  const configuration = {
    ...CONFIGURATION,
    escalationPolicies: new Map([...CONFIGURATION.escalationPolicies, [OTHER.id, OTHER]]),
  };
  api = await apiOnStandIns({ configuration: () => configuration });
});
beforeEach(() => {
  api.commands.length = 0;
});
afterAll(() => api?.app.close());

const ask = async (method: 'GET' | 'PUT', url: string, payload?: object) => {
  const headers = { authorization: 'Token token=secret-of-anas' };
  const answer = await api.app.inject({
    method,
    url: `/pagerduty/incidents${url}`,
    headers,
    ...(payload !== undefined && { payload }),
  });
  expect(answer.statusCode).toBe(200);
  return answer.json();
};
/** As it is from here on. */
const present = (more: Partial<typeof FOUND.incident> = {}, followed: typeof FOUND.policy = FOUND.policy): void => {
  api.behaviour.found = { ...FOUND, policy: followed, incident: { ...FOUND.incident, ...more } };
};
const sentBack = async (changed: object, place = `/${INCIDENT_ID}`) => {
  const { incident, incidents: [listed] = [incident] } = await ask('GET', place);
  const whole = { ...listed, ...changed };
  await (place === '' ? ask('PUT', '', { incidents: [whole] }) : ask('PUT', place, { incident: whole }));
  return api.commands.map(({ command: { id: _id, actor: _actor, ...rest } }) => rest);
};

describe.each([
  ['one', `/${INCIDENT_ID}`],
  ['as listed, in bulk', ''],
])('a whole incident, %s', (_how, place) => {
  it.each([
    ['assigned', {}],
    ['of nobody', { assignees: [] }],
    ['held', { status: 'suspended', assignees: [] }],
    ['of a priority', { priority: 'P1', urgency: 'low' }],
  ] as const)('%s is acknowledged, and nothing else', async (_what, more) => {
    present(more);
    expect(await sentBack({ status: 'acknowledged' }, place)).toEqual([{ type: 'acknowledge' }]);
  });

  it.each([
    ['triggered', {}],
    ['held', { status: 'suspended', assignees: [] }],
    ['acknowledged by somebody else', { status: 'acknowledged', ...BY_BOB }],
    ['resolved', { status: 'resolved', resolvedAt: AT }],
  ] as const)('%s is as it was where it comes as it was shown', async (_what, more) => {
    present(more);
    expect(await sentBack({}, place)).toEqual([]);
    expect(await sentBack({ title: 'another' }, place)).toEqual([{ type: 'amend', summary: 'another' }]);
  });

  it('is changed in what is not as it was shown', async () => {
    present({ priority: 'P1', assignees: ['ana', 'bob'] });
    const assignments = [{ assignee: { id: 'ana' } }];
    expect(await sentBack({ priority: null, urgency: 'low', assignments }, place)).toEqual([
      { type: 'priority', priority: null },
      { type: 'urgency', urgency: 'low' },
      { type: 'reassign', users: ['ana'], names: { ana: 'Ana' } },
    ]);
    api.commands.length = 0;
    expect(await sentBack({ escalation_policy: { id: 'other' } }, place)).toMatchObject([
      { type: 'reassign', policy: { id: 'other' } },
    ]);
  });

  it.each([
    ['triggered', { status: 'acknowledged', ...BY_BOB }, 'unacknowledge'],
    ['triggered', { status: 'resolved', resolvedAt: AT }, 'reopen'],
    ['resolved', { status: 'acknowledged', ...BY_BOB }, 'resolve'],
  ] as const)('is made %s', async (status, more, type) => {
    present(more);
    expect(await sentBack({ status }, place)).toMatchObject([{ type }]);
  });

  it('keeps the policy that it was given, though lists show that of the service', async () => {
    present({}, { id: 'other', ofService: false });
    const listed = { escalation_policy: { id: 'policy' } };
    expect(await sentBack({ status: 'acknowledged', ...listed }, place)).toEqual([{ type: 'acknowledge' }]);
  });
});
