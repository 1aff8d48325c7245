/** PagerDuty's REST API, incidents: read and changed as its clients ask (wire-formats §1b), on stand-ins for Temporal. */
import { TocsinError } from '../../../domain/errors.ts';
import { FOUND, INCIDENT_ID, type StandIns, apiOnStandIns } from '../support/standIns.ts';

const PREFIXES = ['/pagerduty', '/pagerduty.com'] as const;
const token = (id: string) => ({ authorization: `Token token=secret-of-${id}` });

let api: StandIns;
let untouched: StandIns['behaviour'];
beforeAll(async () => {
  api = await apiOnStandIns();
  untouched = { ...api.behaviour };
});
beforeEach(() => {
  api.commands.length = 0;
  api.filters.length = 0;
  for (const key of ['found', 'readError'] as const) delete api.behaviour[key];
  Object.assign(api.behaviour, untouched);
});
afterAll(() => api.app.close());

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';
const ask = (method: Method, url: string, payload?: object, headers: Record<string, string> = token('anas')) =>
  api.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
const error = (code: number, message: string, errors: unknown = expect.any(Array)) => ({
  error: { code, message, errors },
});

describe('reading incidents', () => {
  it.each(PREFIXES)('shows one under %s, with references to that prefix', async (prefix) => {
    const answer = await ask('GET', `${prefix}/incidents/${INCIDENT_ID}`);
    const base = `http://127.0.0.1:8080${prefix}`;
    const reference = (type: string, place: string, id: string, summary: string) => ({
      id,
      type: `${type}_reference`,
      summary,
      self: `${base}/${place}/${id}`,
      html_url: `${base}/${place}/${id}`,
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().incident).toMatchObject({
      id: INCIDENT_ID,
      type: 'incident',
      summary: 'disk of db1 is full',
      self: `${base}/incidents/${INCIDENT_ID}`,
      incident_number: null,
      title: 'disk of db1 is full',
      created_at: '2026-03-02T00:00:00.000Z',
      status: 'triggered',
      incident_key: 'db1/disk',
      urgency: 'high',
      service: reference('service', 'services', 'payments', 'Payments'),
      assignments: [{ at: '2026-03-02T00:00:00.000Z', assignee: reference('user', 'users', 'ana', 'Ana') }],
      escalation_policy: reference('escalation_policy', 'escalation_policies', 'policy', 'Policy'),
      acknowledgements: [],
      resolved_at: null,
    });
  });

  it('shows a suspended one as triggered, and whose acknowledgement, priority and end it has', async () => {
    const show = async (more: Partial<typeof FOUND.incident>) => {
      api.behaviour.found = { ...FOUND, incident: { ...FOUND.incident, number: 12, ...more } };
      return (await ask('GET', `/pagerduty/incidents/${INCIDENT_ID}`)).json().incident;
    };
    expect(await show({ status: 'suspended' })).toMatchObject({
      status: 'triggered',
      summary: '[#12] disk of db1 is full',
    });
    const at = '2026-03-02T00:04:00.000Z';
    expect(
      await show({ status: 'acknowledged', acknowledgements: [{ user: 'bob', at }], priority: 'P1' }),
    ).toMatchObject({
      status: 'acknowledged',
      acknowledgements: [{ at, acknowledger: { id: 'bob', type: 'user_reference' } }],
      last_status_change_at: at,
      last_status_change_by: { id: 'bob' },
      priority: { id: 'P1', name: 'P1' },
    });
    expect(await show({ status: 'resolved', resolvedAt: at, mergedInto: 'a.b.c' })).toMatchObject({
      status: 'resolved',
      resolved_at: at,
      assignments: [],
      resolve_reason: { type: 'merge_resolve_reason', incident: { id: 'a.b.c' } },
    });
  });

  it('asks the list for what the arrays say, and passes over what it does not know', async () => {
    const query =
      'statuses%5B%5D=triggered&statuses[]=acknowledged&service_ids[]=payments&team_ids[]=ops&urgencies[]=high' +
      '&incident_key=db1/disk&since=2026-03-01&until=2026-03-03T00:00:00Z&time_zone=UTC&unknown=1';
    expect((await ask('GET', `/pagerduty/incidents?${query}`)).json().incidents).toHaveLength(1);
    expect(api.filters).toEqual([
      {
        status: ['triggered', 'suspended', 'acknowledged'],
        service: ['payments'],
        team: ['ops'],
        urgency: ['high'],
        dedupKey: 'db1/disk',
        since: '2026-03-01T00:00:00.000Z',
        limit: 250,
      },
    ]);
    const count = async (more: string) => (await ask('GET', `/pagerduty/incidents?${more}`)).json().incidents.length;
    expect(await count('until=2026-03-01')).toBe(0);
    expect(await count('until=2026-03-01&date_range=all')).toBe(1);
    await count('user_ids[]=ana');
    expect(api.filters.at(-1)).toMatchObject({ assignee: ['ana'], status: ['triggered', 'suspended', 'acknowledged'] });
    await count('user_ids[]=ana&statuses[]=resolved&statuses[]=acknowledged');
    expect(api.filters.at(-1)).toMatchObject({ assignee: ['ana'], status: ['acknowledged'] });
    const walked = api.filters.length;
    expect(await count('user_ids[]=ana&statuses[]=resolved')).toBe(0);
    expect(api.filters).toHaveLength(walked);
  });

  it('has what is included whole', async () => {
    const asked = 'include[]=services&include[]=users&include[]=escalation_policies&include[]=nonsense';
    const [one] = (await ask('GET', `/pagerduty/incidents?${asked}`)).json().incidents;
    expect(one).toMatchObject({
      service: { type: 'service', name: 'Payments', acknowledgement_timeout: null },
      assignments: [{ assignee: { type: 'user', name: 'Ana', role: 'limited_user' } }],
      escalation_policy: { type: 'escalation_policy', num_loops: 0 },
    });
  });
});

describe('changing incidents', () => {
  const change = (incident: object, headers?: Record<string, string>) =>
    ask('PUT', `/pagerduty/incidents/${INCIDENT_ID}`, { incident }, headers);
  const commands = () => api.commands.map(({ command: { id: _id, actor: _actor, ...rest } }) => rest);
  const status = (now: 'suspended' | 'triggered' | 'acknowledged' | 'resolved') => {
    const found = { ...FOUND, incident: { ...FOUND.incident, status: now } };
    Object.assign(api.behaviour, { found, result: { ...api.behaviour.result, found } });
  };

  it.each([
    ['triggered', 'acknowledged', ['acknowledge']],
    ['acknowledged', 'acknowledged', ['acknowledge']],
    ['acknowledged', 'triggered', ['unacknowledge']],
    ['suspended', 'triggered', ['trigger']],
    ['triggered', 'triggered', []],
    ['resolved', 'triggered', ['reopen']],
    ['resolved', 'acknowledged', ['reopen', 'acknowledge']],
    ['acknowledged', 'resolved', ['resolve']],
  ] as const)('a %s one made %s: %j', async (now, wanted, types) => {
    status(now);
    expect((await change({ status: wanted })).statusCode).toBe(200);
    expect(commands().map(({ type }) => type)).toEqual(types);
  });

  it('does all that is asked, the status last', async () => {
    const asked = {
      status: 'resolved',
      resolution: 'disk cleaned',
      priority: { id: 'P2' },
      urgency: 'low',
      title: null,
    };
    const answer = await change({ type: 'incident_reference', ...asked, assignments: [{ assignee: { id: 'bob' } }] });
    expect(answer.json().incident.id).toBe(INCIDENT_ID);
    expect(commands()).toEqual([
      { type: 'priority', priority: 'P2' },
      { type: 'urgency', urgency: 'low' },
      { type: 'reassign', users: ['bob'], names: { bob: 'Bob' } },
      { type: 'resolve', resolution: 'disk cleaned' },
    ]);
  });

  it('starts a level of its policy, or another policy', async () => {
    await change({ escalation_level: 1 });
    await change({ escalation_policy: { id: 'policy', type: 'escalation_policy_reference' } });
    expect(commands()).toMatchObject([
      { type: 'reassign', policy: { id: 'policy' }, level: 1 },
      { type: 'reassign', policy: { id: 'policy' }, level: 1 },
    ]);
    expect((await change({ escalation_level: 7 })).json()).toEqual(error(1006, 'Cannot Escalate'));
    expect((await change({ escalation_policy: { id: 'x' } })).json()).toEqual(
      error(1014, 'Escalation Policy Not Found'),
    );
    const both = { escalation_level: 1, assignments: [{ assignee: { id: 'bob' } }] };
    expect((await change(both)).json()).toEqual(error(2001, 'Invalid Input Provided'));
  });

  it('acts in the name of From, whoever owns the token', async () => {
    const from = (who: string, address: string) => ({ ...token(who), from: address });
    await change({ status: 'acknowledged' });
    await change({ status: 'acknowledged' }, from('bot', ' BOB@example.com'));
    expect(api.commands.map(({ command }) => command.actor)).toEqual([
      { kind: 'user', id: 'ana', name: 'Ana', via: 'pagerduty api, token anas' },
      { kind: 'user', id: 'bob', name: 'Bob', via: 'pagerduty api, token bot' },
    ]);
    const refused = async (headers: Record<string, string>) => {
      const answer = await change({ status: 'acknowledged' }, headers);
      return [answer.statusCode, answer.json().error.code, answer.json().error.message];
    };
    expect(await refused(token('bot'))).toEqual([400, 2016, expect.stringContaining('"From" header')]);
    expect(await refused(from('bot', 'eve@example.com'))).toEqual([400, 1008, 'Requester User Not Found']);
    expect(await refused(from('anas', 'bob@example.com'))).toEqual([403, 2010, 'Access Denied']);
    expect(await refused(token('watcher'))).toEqual([403, 2010, 'Access Denied']);
    expect(await refused({})).toEqual([401, 2006, 'Authentication failed']);
    expect(await refused(token('nobody'))).toEqual([401, 2006, 'Authentication failed']);
  });

  it.each([
    ['ALREADY_RESOLVED', 400, 1001, 'Incident Already Resolved'],
    ['NOT_ACKNOWLEDGED', 400, 1012, 'Incident is not Acknowledged'],
    ['MERGING', 400, 1019, 'Incident Already Merged'],
  ] as const)('answers what comes too late as %s', async (code, httpStatus, number, message) => {
    const refused = { code, sentence: 'already resolved by Ana' };
    api.behaviour.result = { kind: 'done', outcome: { refused, repeated: false }, found: FOUND };
    const answer = await change({ status: 'resolved' });
    expect([answer.statusCode, answer.json()]).toEqual([httpStatus, error(number, message, [refused.sentence])]);
  });

  it('answers 202 with a reference where no worker has taken it, and 503 where Temporal is away', async () => {
    api.behaviour.result = { kind: 'recorded' };
    const answer = await change({ status: 'resolved' });
    expect([answer.statusCode, answer.json().incident.type]).toEqual([202, 'incident_reference']);
    api.behaviour.readError = new TocsinError('TEMPORAL_UNAVAILABLE', 'away');
    expect((await change({ id: INCIDENT_ID, type: 'incident_reference', status: 'resolved' })).statusCode).toBe(202);
    const away = await change({});
    expect([away.statusCode, away.json(), away.headers['retry-after']]).toEqual([
      503,
      error(2000, 'An internal error has occurred', ['away']),
      '5',
    ]);
  });

  it('changes many, and names those that it cannot', async () => {
    const one = { id: INCIDENT_ID, type: 'incident_reference', status: 'acknowledged' };
    const many = (incidents: object[]) => ask('PUT', '/pagerduty/incidents', { incidents });
    const answer = await many([one, one]);
    expect(answer.json().incidents.map(({ id }: { id: string }) => id)).toEqual([INCIDENT_ID, INCIDENT_ID]);
    const partly = await many([one, { ...one, id: 'a.b' }]);
    expect(partly.statusCode).toBe(404);
    expect(partly.json()).toEqual(
      error(2100, 'Not Found', [expect.stringContaining("a.b: there is no incident 'a.b'")]),
    );
    expect(api.commands).toHaveLength(3);
    expect((await many(Array.from({ length: 251 }, () => one))).statusCode).toBe(413);
  });
});

describe('what all of it has in common', () => {
  it.each([
    ['an unknown status', '?statuses[]=open', 400, 2001],
    ['a page too far', '?offset=9999&limit=2', 400, 2001],
    ['no number', '?limit=many', 400, 2001],
    ['a start after the end', '?since=2026-03-02&until=2026-03-01', 400, 2004],
    ['an order by nothing', '?sort_by=toString:asc', 400, 2001],
  ])('answers %s in PagerDuty’s shape', async (_what, query, statusCode, code) => {
    const answer = await ask('GET', `/pagerduty/incidents${query}`);
    expect([answer.statusCode, answer.json().error.code]).toEqual([statusCode, code]);
    expect(answer.json().error.errors).toEqual([expect.any(String)]);
  });

  it('answers JSON that is none, a body that is none, and addresses that are none', async () => {
    const put = (payload: string, type = 'application/json') =>
      api.app.inject({
        method: 'PUT',
        url: `/pagerduty/incidents/${INCIDENT_ID}`,
        headers: { ...token('anas'), 'content-type': type },
        payload,
      });
    const told = ({ statusCode, json }: Awaited<ReturnType<typeof put>>) => [statusCode, json().error.code];
    expect(told(await put('{'))).toEqual([400, 2001]);
    expect(told(await put(''))).toEqual([400, 2001]);
    expect(told(await put('x=1', 'application/x-www-form-urlencoded'))).toEqual([415, 2001]);
    expect((await put('{"incident":{}}', 'application/vnd.pagerduty+json;version=2')).statusCode).toBe(200);
    expect(told(await ask('GET', '/pagerduty/business_services'))).toEqual([404, 2100]);
    const wrong = await ask('GET', '/pagerduty.com/v2/enqueue');
    expect([wrong.statusCode, wrong.headers['allow'], wrong.json().error.code]).toEqual([405, 'POST', 2015]);
  });
});
