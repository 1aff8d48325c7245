/** PagerDuty's REST API: who is there, what is configured, and who is on call. */
import { minutes } from '../../../domain/duration.ts';
import type { Configuration } from '../../../domain/configuration.ts';
import { configuration as small, dailySchedule, level, person, policy, service } from '../../support/configurations.ts';
import { CONFIGURATION, type StandIns, apiOnStandIns } from '../support/standIns.ts';

const configuration: Configuration = {
  ...small({
    users: [{ ...person('ana', '0s mail, 90s phone'), email: 'ana@home.example' }, person('bob')],
    teams: [{ id: 'ops', name: 'Operations', members: ['ana'] }],
    schedules: [dailySchedule('primary', ['ana', 'bob'])],
    policy: policy([level('schedule:primary user:bob', '90s'), level('team:ops', '15m')], { repeat: 2 }),
    service: { ...service({ ackTimeout: '30m', urgency: 'bySeverity', holdFor: minutes(3) }), team: 'ops' },
  }),
  tokens: CONFIGURATION.tokens,
};

let api: StandIns;
beforeAll(async () => {
  api = await apiOnStandIns({ configuration: () => configuration });
});
afterAll(() => api?.app.close());

const get = async (path: string, who = 'anas') => {
  const headers = { authorization: `Token token=secret-of-${who}` };
  const answer = await api.app.inject({ url: `/pagerduty${path}`, headers });
  return { status: answer.statusCode, body: answer.json() };
};
const idsOf = async (path: string, plural: string, who?: string) =>
  (await get(path, who)).body[plural].map(({ id }: { id: string }) => id);

test('users are listed, found by name or address, and in pages that join', async () => {
  expect(await idsOf('/users', 'users')).toEqual(['ana', 'bob']);
  expect(await idsOf('/users?query=BO', 'users')).toEqual(['bob']);
  expect(await idsOf('/users?query=home.example', 'users')).toEqual(['ana']);
  expect(await idsOf('/users?query=home.example', 'users', 'watcher')).toEqual([]);
  expect(await idsOf('/users?team_ids[]=ops', 'users')).toEqual(['ana']);
  const first = await get('/users?limit=1&total=1');
  expect(first.body).toMatchObject({ users: [{ id: 'ana' }], limit: 1, offset: 0, more: true, total: 2 });
  const last = await get('/users?limit=1&offset=1');
  expect(last.body).toMatchObject({ users: [{ id: 'bob' }], limit: 1, offset: 1, more: false, total: null });
});

test('a user is shown, with an address for those who may see it', async () => {
  expect((await get('/users/me')).body.user).toMatchObject({
    id: 'ana',
    type: 'user',
    self: 'http://127.0.0.1:8080/pagerduty/users/ana',
    email: 'ana@home.example',
    role: 'limited_user',
    teams: [{ id: 'ops', type: 'team_reference' }],
    contact_methods: [{ id: 'mail', type: 'email_contact_method_reference' }, { id: 'phone' }],
  });
  expect((await get('/users/me', 'robot')).status).toBe(400);
  expect((await get('/users/ana', 'watcher')).body.user.email).toBeNull();
  expect((await get('/users/dee')).body.error.code).toBe(2100);
  expect((await get('/users/ana/contact_methods/mail')).body.contact_method).toMatchObject({
    address: 'ana@example.com',
  });
  expect((await get('/users/ana/contact_methods/mail', 'watcher')).body.contact_method.address).toBeNull();
  expect((await get('/users/ana/notification_rules')).body.notification_rules).toMatchObject([
    { id: 'high-0', start_delay_in_minutes: 0, urgency: 'high', contact_method: { id: 'mail' } },
    { id: 'high-1', start_delay_in_minutes: 2, contact_method: { id: 'phone' } },
  ]);
});

test('teams, services, integrations and policies are shown, without a key', async () => {
  expect((await get('/teams/ops/members?include[]=users')).body.members).toMatchObject([
    { user: { id: 'ana', type: 'user' } },
  ]);
  const { body } = await get('/services/payments?include[]=escalation_policies');
  expect(body.service).toMatchObject({
    name: 'Payments',
    acknowledgement_timeout: 1800,
    auto_resolve_timeout: null,
    incident_urgency_rule: { type: 'constant', urgency: 'severity_based' },
    teams: [{ id: 'ops' }],
    escalation_policy: {
      type: 'escalation_policy',
      num_loops: 2,
      escalation_rules: [
        { escalation_delay_in_minutes: 2, targets: [{ type: 'schedule_reference' }, { type: 'user_reference' }] },
        { escalation_delay_in_minutes: 15, targets: [{ id: 'ops', type: 'team_reference' }] },
      ],
    },
  });
  const one = await get('/services/payments/integrations/payments-events');
  expect(one.body.integration).toMatchObject({
    type: 'events_api_v2_inbound_integration',
    service: { id: 'payments' },
  });
  const all = JSON.stringify([body, one.body, (await get('/services?include[]=integrations')).body]);
  for (const { key } of configuration.integrations.values()) if (key !== '') expect(all).not.toContain(key);
  expect(await idsOf('/services?team_ids[]=x', 'services')).toEqual([]);
  expect(await idsOf('/escalation_policies?user_ids[]=bob', 'escalation_policies')).toEqual(['policy']);
  expect(await idsOf('/escalation_policies?user_ids[]=ana', 'escalation_policies')).toEqual([]);
  expect(await idsOf('/priorities', 'priorities')).toEqual(['P1', 'P2', 'P3', 'P4', 'P5']);
});

test('a schedule is rendered between two instants', async () => {
  const asked = 'since=2026-03-02T12:00:00Z&until=2026-03-04T12:00:00Z';
  const { schedule } = (await get(`/schedules/primary?${asked}`)).body;
  const entries = schedule.final_schedule.rendered_schedule_entries;
  expect(entries).toHaveLength(3);
  expect([entries[0].start, entries[2].end]).toEqual(['2026-03-02T12:00:00.000Z', '2026-03-04T12:00:00.000Z']);
  expect(schedule.final_schedule.rendered_coverage_percentage).toBe(100);
  expect(schedule.schedule_layers[0]).toMatchObject({ rotation_turn_length_seconds: 86_400 });
  const whole = (await get(`/schedules/primary?${asked}&overflow=1`)).body.schedule.final_schedule;
  expect(whole.rendered_schedule_entries[0].start).toBe('2026-03-02T00:00:00.000Z');
  expect((await get(`/schedules/primary/users?${asked}`)).body.users).toHaveLength(2);
  expect((await get('/schedules/primary?since=2026-01-02&until=2026-01-01')).body.error.code).toBe(2004);
  expect((await get('/schedules/primary?since=2026-01-02&until=2028-01-01')).body.error.code).toBe(2005);
});

test('who is on call is told by policy and level', async () => {
  const { oncalls } = (await get('/oncalls?since=2026-03-02T12:00:00Z&until=2026-03-02T12:00:00Z')).body;
  expect(oncalls).toMatchObject([
    {
      schedule: { id: 'primary' },
      escalation_policy: { id: 'policy' },
      escalation_level: 1,
      start: '2026-03-02T00:00:00.000Z',
    },
    { user: { id: 'bob' }, schedule: null, escalation_level: 1, start: null, end: null },
    { user: { id: 'ana' }, schedule: null, escalation_level: 2 },
  ]);
  const asked = '/oncalls?since=2026-03-02T12:00:00Z&until=2026-03-06T12:00:00Z&schedule_ids[]=primary';
  expect((await get(asked)).body.oncalls).toHaveLength(5);
  expect((await get(`${asked}&earliest=true`)).body.oncalls).toHaveLength(2);
  expect((await get(`${asked}&user_ids[]=nobody`)).body.oncalls).toEqual([]);
});
