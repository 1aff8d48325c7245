/** PagerDuty's REST API: incidents opened, noted, snoozed and merged, and their record, on stand-ins for Temporal. */
import { TocsinError } from '../../../domain/errors.ts';
import { person } from '../../support/configurations.ts';
import { CONFIGURATION, FOUND, INCIDENT_ID, type StandIns, apiOnStandIns } from '../support/standIns.ts';

const OTHER = `payments-events.${'c'.repeat(32)}.${'d'.repeat(32)}`;
const token = (id: string) => ({ authorization: `Token token=secret-of-${id}` });

let api: StandIns;
let present = CONFIGURATION;
let untouched: StandIns['behaviour'];
beforeAll(async () => {
  api = await apiOnStandIns({ configuration: () => present });
  untouched = { ...api.behaviour };
});
beforeEach(() => {
  api.commands.length = 0;
  api.events.length = 0;
  present = CONFIGURATION;
  for (const key of ['found', 'openOf', 'readError', 'intakeError'] as const) delete api.behaviour[key];
  Object.assign(api.behaviour, untouched);
});
afterAll(() => api.app.close());

type Method = 'GET' | 'PUT' | 'POST';
const ask = async (method: Method, url: string, payload?: object) => {
  const answer = await api.app.inject({
    method,
    url: `/pagerduty${url}`,
    headers: token('anas'),
    ...(payload !== undefined && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
};
const commands = () =>
  api.commands.map(({ id, command: { id: _id, actor: _actor, ...rest } }) => ({ of: id, ...rest }));

describe('opening', () => {
  const open = (incident: object) => ask('POST', '/incidents', { incident });
  const NEW = { type: 'incident', title: 'on fire', service: { id: 'payments', type: 'service_reference' } };

  it('opens one by hand, in the name of the requester', async () => {
    const body = { type: 'incident_body', details: 'all of it' };
    const { status, body: answer } = await open({ ...NEW, body, incident_key: 'fire', priority: null, urgency: 'low' });
    expect([status, answer.incident.id]).toEqual([201, INCIDENT_ID]);
    expect(api.events).toMatchObject([
      {
        integration: { id: 'manual-payments' },
        event: {
          action: 'trigger',
          dedupKey: 'fire',
          summary: 'on fire',
          details: { body: 'all of it' },
          by: { id: 'ana', via: 'pagerduty api, token anas' },
        },
        openedAs: { urgency: 'low' },
      },
    ]);
  });

  it('says who is told in the place of its service, and acknowledges what somebody assigns to themself', async () => {
    const to = (id: string) => ({ assignments: [{ assignee: { id, type: 'user_reference' } }] });
    expect((await open({ ...NEW, ...to('bob') })).status).toBe(201);
    expect((await open({ ...NEW, escalation_policy: { id: 'policy' }, priority: { id: 'P1' } })).status).toBe(201);
    expect(api.commands).toEqual([]);
    expect((await open({ ...NEW, ...to('ana') })).status).toBe(201);
    expect(api.events.map(({ openedAs }) => openedAs)).toEqual([
      { users: ['bob'] },
      { policy: 'policy', priority: 'P1' },
      { users: ['ana'] },
    ]);
    expect(commands()).toEqual([{ of: INCIDENT_ID, type: 'acknowledge' }]);
  });

  it.each([
    ['an unknown service', { service: { id: 'x' } }, 5002],
    ['an unknown user', { assignments: [{ assignee: { id: 'x' } }] }, 1007],
    ['an unknown policy', { escalation_policy: { id: 'x' } }, 1014],
    ['two assignees', { assignments: [{ assignee: { id: 'ana' } }, { assignee: { id: 'bob' } }] }, 2001],
    ['a user and a policy', { assignments: [{ assignee: { id: 'ana' } }], escalation_policy: { id: 'policy' } }, 2001],
    ['no title', { title: '' }, 2001],
  ])('refuses %s', async (_what, more, code) => {
    const { status, body } = await open({ ...NEW, ...more });
    expect([status, body.error.code, api.events]).toEqual([400, code, []]);
  });

  it('refuses a key that is open before its trigger counts, and one that is opened meanwhile', async () => {
    const refused = [400, ['Open incident with matching dedup key already exists on this service']];
    api.behaviour.openOf = (integration, key) =>
      integration === 'manual-payments' && key === 'fire' ? FOUND : undefined;
    const { status, body } = await open({ ...NEW, incident_key: 'fire' });
    expect([[status, body.error.errors], api.events]).toEqual([refused, []]);
    expect((await open({ ...NEW, incident_key: 'flood' })).status).toBe(201);
    api.behaviour.opened = false;
    const late = await open({ ...NEW, incident_key: 'flood' });
    expect([late.status, late.body.error.errors]).toEqual(refused);
  });

  it('opens one with a key where no worker can say whether that is open', async () => {
    api.behaviour.readError = new TocsinError('NO_WORKER', 'nobody works');
    expect((await open({ ...NEW, incident_key: 'fire' })).status).toBe(201);
    api.behaviour.readError = new TocsinError('INTERNAL', 'broken');
    expect((await open({ ...NEW, incident_key: 'fire' })).status).toBe(500);
    expect(api.events).toHaveLength(1);
  });

  it('takes an address that several have for the token’s own user, or for nobody', async () => {
    const shared = (id: string) => ({ ...person(id), email: 'team@example.com' });
    present = { ...CONFIGURATION, users: new Map(['ana', 'bob'].map((id) => [id, shared(id)])) };
    const as = async (who: string) => {
      const headers = { ...token(who), from: 'TEAM@example.com' };
      const answer = await api.app.inject({
        method: 'POST',
        url: '/pagerduty/incidents',
        headers,
        payload: { incident: NEW },
      });
      return answer.json().error?.code ?? api.events.at(-1)?.event.by?.id;
    };
    expect([await as('anas'), await as('boss'), await as('bot')]).toEqual(['ana', 'bob', 1008]);
  });
});

const AT = '2026-03-02T00:01:00.000Z';
const ANA = { kind: 'user', id: 'ana', name: 'Ana', via: 'pagerduty api, token anas' } as const;
const entry = (id: string, type: string, text: string, actor: object = { kind: 'system' }) =>
  ({ id, at: AT, type, actor, reason: null, text }) as (typeof untouched)['entries'][number];

describe('acting', () => {
  it('leaves a note, and lists notes as they were written', async () => {
    const text = 'Ana, by pagerduty api, token anas, noted: the disk: noted: is full';
    const name = 'Bob gave a status update: Jr';
    api.behaviour.entries = [
      entry('e1', 'triggered', 'Triggered'),
      entry('e2', 'noted', text, ANA),
      entry('e3', 'statusUpdated', `${name} gave a status update: soon`, { kind: 'user', id: 'bob', name }),
    ];
    const note = { id: `${INCIDENT_ID}.e2`, content: 'the disk: noted: is full', created_at: AT, user: { id: 'ana' } };
    const given = await ask('POST', `/incidents/${INCIDENT_ID}/notes`, { note: { content: note.content } });
    expect(given).toMatchObject({ status: 200, body: { note } });
    expect(commands()).toEqual([{ of: INCIDENT_ID, type: 'notes', text: note.content }]);
    const { body } = await ask('GET', `/incidents/${INCIDENT_ID}/notes`);
    expect(body).toMatchObject({ notes: [note, { content: 'soon', user: { id: 'bob' } }] });
  });

  it('snoozes for seconds', async () => {
    const snooze = (duration: unknown) => ask('POST', `/incidents/${INCIDENT_ID}/snooze`, { duration });
    expect((await snooze(90)).status).toBe(201);
    expect(commands()).toEqual([{ of: INCIDENT_ID, type: 'snooze', duration: 90_000 }]);
    for (const duration of [0, 604_801, 1.5]) expect((await snooze(duration)).body.error.code).toBe(1013);
  });

  it('merges others into it, and names those that it cannot', async () => {
    const merge = (...ids: string[]) =>
      ask('PUT', `/incidents/${INCIDENT_ID}/merge`, { source_incidents: ids.map((id) => ({ id })) });
    expect(await merge(OTHER)).toMatchObject({ status: 404, body: { error: { code: 2100 } } });
    expect(commands()).toMatchObject([{ of: OTHER, type: 'merge', into: { incident: INCIDENT_ID } }]);
    expect(await merge(INCIDENT_ID)).toMatchObject({ status: 400, body: { error: { code: 2001 } } });
  });

  it('changes the title', async () => {
    await ask('PUT', `/incidents/${INCIDENT_ID}`, { incident: { title: 'another' } });
    expect(commands()).toEqual([{ of: INCIDENT_ID, type: 'amend', summary: 'another' }]);
  });
});

describe('the record', () => {
  it('lists the timeline as log entries, newest first, and finds each by its id', async () => {
    api.behaviour.entries = [
      entry('e1', 'triggered', 'Triggered'),
      entry('e2', 'attemptEnded', 'E-mail to Ana sent'),
      { ...entry('e3', 'acknowledged', 'Ana acknowledged', ANA), at: '2026-03-02T00:02:00.000Z' },
    ];
    const types = async (url: string) =>
      (await ask('GET', url)).body.log_entries.map(({ type }: { type: string }) => type);
    const all = ['acknowledge_log_entry', 'notify_log_entry', 'trigger_log_entry'];
    expect(await types(`/incidents/${INCIDENT_ID}/log_entries`)).toEqual(all);
    expect(await types(`/incidents/${INCIDENT_ID}/log_entries?is_overview=true`)).toEqual([all[0], all[2]]);
    expect(await types('/log_entries?since=2026-03-02T00:01:30Z')).toEqual([all[0]]);
    const { body } = await ask('GET', `/log_entries/${INCIDENT_ID}.e3`);
    expect(body.log_entry).toMatchObject({
      agent: { id: 'ana' },
      incident: { id: INCIDENT_ID },
      summary: 'Ana acknowledged',
    });
    expect((await ask('GET', `/log_entries/${INCIDENT_ID}.e9`)).status).toBe(404);
  });

  it('is an error where a timeline cannot be read', async () => {
    const away = () => {
      throw new TocsinError('TEMPORAL_UNAVAILABLE', 'away');
    };
    Object.defineProperty(api.behaviour, 'entries', { configurable: true, get: away });
    const { status, body } = await ask('GET', '/log_entries');
    Object.defineProperty(api.behaviour, 'entries', { writable: true, value: [] });
    expect([status, body.error.errors]).toEqual([503, ['away']]);
  });

  it('lists alerts', async () => {
    const alert = {
      integration: 'payments-events',
      dedupKey: 'db1/disk',
      status: 'triggered',
      severity: 'critical',
      summary: 'full',
      eventCount: 1,
      firstAt: AT,
      lastAt: AT,
    } as const;
    api.behaviour.found = { ...FOUND, incident: { ...FOUND.incident, alerts: [alert] } };
    const { body } = await ask('GET', `/incidents/${INCIDENT_ID}/alerts?statuses[]=triggered`);
    expect(body).toMatchObject({ alerts: [{ alert_key: 'db1/disk', status: 'triggered' }], more: false });
    expect((await ask('GET', `/incidents/${INCIDENT_ID}/alerts/${body.alerts[0].id}`)).body.alert).toEqual(
      body.alerts[0],
    );
    expect((await ask('GET', `/incidents/${INCIDENT_ID}/alerts?statuses[]=resolved`)).body.alerts).toEqual([]);
  });
});
