import type { Integration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { FoundIncident } from '../../api/ports.ts';
import {
  aCount,
  aFoundAlert,
  accepted,
  failed,
  foundAlerts,
  foundLogs,
  foundNotes,
  foundRecipients,
  requestStatus,
} from '../../api/schemas/opsgenie.ts';
import { NO_STORE } from '../support/noStore.ts';
import {
  CONFIGURATION,
  EVENTS_KEY,
  FOUND,
  INCIDENT_ID,
  OPSGENIE_KEY as KEY,
  type StandIns,
  apiOnStandIns,
} from './support/standIns.ts';

const OTHER_KEY = 'genie-key-11111111111111';
const integration = (id: string, key: string): [string, Integration] => [
  id,
  { id, key, source: 'opsgenie', service: 'payments' },
];
const WITH_KEYS = {
  ...CONFIGURATION,
  integrations: new Map([...CONFIGURATION.integrations, integration('other-opsgenie', OTHER_KEY)]),
  users: new Map([...CONFIGURATION.users].map(([id, user]) => [id, { ...user, email: `${id}@example.com` }])),
};

const ALERT = {
  integration: 'payments-opsgenie',
  dedupKey: 'db1/disk',
  status: 'triggered',
  severity: 'critical',
  summary: 'disk of db1 is full',
  eventCount: 2,
  firstAt: '2026-03-02T00:00:00.000Z',
  lastAt: '2026-03-02T00:05:00.000Z',
} as const;
const found = (more: Partial<FoundIncident['incident']> = {}): FoundIncident => ({
  ...FOUND,
  incident: { ...FOUND.incident, alerts: [ALERT], ...more },
});

/** https://docs.opsgenie.com/docs/alert-api#create-alert, shortened. */
const EXAMPLE = {
  message: 'An example alert message',
  alias: 'Life is too short for no alias',
  description: 'Every alert needs a description',
  responders: [
    { id: '4513b7ea-3b91-438f-b7e4-e3e54af9147c', type: 'team' },
    { name: 'NOC', type: 'team' },
    { username: 'trinity@opsgenie.com', type: 'user' },
    { name: 'Nightwatch Escalation', type: 'escalation' },
  ],
  visibleTo: [{ username: 'rogers@opsgenie.com', type: 'user' }],
  actions: ['Restart', 'AnExampleAction'],
  tags: ['OverwriteQuietHours', 'Critical', 'Critical'],
  details: { key1: 'value1', key2: 'value2' },
  entity: 'An example entity',
  priority: 'P1',
};

describe('Opsgenie’s Alert API', () => {
  let api: StandIns;
  beforeAll(async () => {
    const incidentOfNumber = async (number: number) => (number === 12 ? INCIDENT_ID : undefined);
    api = await apiOnStandIns({ configuration: () => WITH_KEYS, store: { ...NO_STORE, incidentOfNumber } });
  });
  afterAll(() => api.app.close());
  beforeEach(() => {
    api.events.length = 0;
    api.commands.length = 0;
    api.filters.length = 0;
    api.behaviour.entries = [];
    delete api.behaviour.intakeError;
    delete api.behaviour.readError;
    delete api.behaviour.commandError;
    api.behaviour.result = { kind: 'done', outcome: { refused: null, repeated: false }, found: FOUND };
    api.behaviour.openOf = (id, alias) => (id === 'payments-opsgenie' && alias === 'db1/disk' ? found() : undefined);
    api.behaviour.found = found();
  });

  const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: unknown, key = KEY) =>
    api.app.inject({
      method,
      url: `/opsgenie/v2${path}`,
      headers: { authorization: `GenieKey ${key}`, ...(method !== 'GET' && { 'content-type': 'application/json' }) },
      ...(payload !== undefined && { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
    });
  const BY_ALIAS = `/alerts/${encodeURIComponent('db1/disk')}`;
  /** Of the request that was just answered. */
  const cameOf = async (answer: { json: () => { requestId: string } }, key = KEY) =>
    (await ask('GET', `/alerts/requests/${answer.json().requestId}`, undefined, key)).json().data;

  it('takes an alert, and keeps all that it says', async () => {
    const answer = await ask('POST', '/alerts', EXAMPLE);
    expect(answer.statusCode).toBe(202);
    expect(accepted.strict().parse(answer.json())).toMatchObject({ result: 'Request will be processed' });
    expect(answer.headers['x-request-id']).toBe(answer.json().requestId);
    expect(api.events[0]?.integration.id).toBe('payments-opsgenie');
    expect(api.events[0]?.event).toEqual({
      action: 'trigger',
      dedupKey: 'Life is too short for no alias',
      summary: 'An example alert message',
      source: 'opsgenie',
      severity: 'critical',
      priority: 'P1',
      component: 'An example entity',
      details: {
        key1: 'value1',
        key2: 'value2',
        description: 'Every alert needs a description',
        tags: ['OverwriteQuietHours', 'Critical'],
        opsgenie: {
          entity: 'An example entity',
          responders: [
            'team 4513b7ea-3b91-438f-b7e4-e3e54af9147c',
            'team NOC',
            'user trinity@opsgenie.com',
            'escalation Nightwatch Escalation',
          ],
          visibleTo: ['user rogers@opsgenie.com'],
          actions: ['Restart', 'AnExampleAction'],
        },
      },
    });
  });

  it('tells what came of a request to the key that made it alone, and nothing of what it did not answer', async () => {
    const answer = await ask('POST', '/alerts', { message: 'm', alias: 'db1/disk' });
    const status = await ask('GET', `/alerts/requests/${answer.json().requestId}`);
    expect(requestStatus.strict().parse(status.json()).data).toEqual({
      success: true,
      isSuccess: true,
      action: 'Create',
      processedAt: expect.any(String),
      integrationId: 'payments-opsgenie',
      status: 'Created alert',
      alertId: INCIDENT_ID,
      alias: 'db1/disk',
    });
    expect((await ask('GET', `/alerts/requests/${answer.json().requestId}`, undefined, OTHER_KEY)).statusCode).toBe(
      404,
    );
    for (const id of ['43a29c5c-3dbf-4fa4-9c26-f4f71023e120', `${answer.json().requestId}x`]) {
      const unknown = await ask('GET', `/alerts/requests/${id}`);
      expect(unknown.statusCode).toBe(404);
      expect(unknown.headers['x-opsgenie-errortype']).toBeUndefined();
    }
  });

  it('says by the header that the Go SDK waits for that nobody knows yet what came of it', async () => {
    api.behaviour.result = { kind: 'recorded' };
    const answer = await ask('POST', `${BY_ALIAS}/acknowledge?identifierType=alias`, { user: 'ana' });
    expect(answer.statusCode).toBe(202);
    expect(await cameOf(answer)).toMatchObject({ isSuccess: true, status: expect.stringContaining('recorded') });
    api.behaviour.readError = new TocsinError('NO_WORKER', 'no worker answered');
    const status = await ask('GET', `/alerts/requests/${answer.json().requestId}`);
    expect(status.statusCode).toBe(404);
    expect(status.headers['x-opsgenie-errortype']).toBe('RequestNotProcessed');
  });

  it('keeps the id of a request within what a path takes, whatever the alias', async () => {
    const alias = '磁'.repeat(512);
    const answer = await ask('POST', '/alerts', { message: 'm', alias });
    expect(api.events[0]?.event.dedupKey).toBe(alias);
    expect(answer.json().requestId.length).toBeLessThan(500);
    api.behaviour.found = found({ alerts: [{ ...ALERT, dedupKey: alias }] });
    expect(await cameOf(answer)).toMatchObject({ alias });
    await ask('POST', `/alerts/${encodeURIComponent(alias)}/close/?identifierType=alias`);
    expect(api.events[1]?.event).toMatchObject({ action: 'resolve', dedupKey: alias });
  });

  it.each([
    ['P1', 'critical'],
    ['P2', 'error'],
    ['P3', 'warning'],
    ['P4', 'info'],
    ['P5', 'info'],
    [null, undefined],
  ])('takes the priority %s as severity %s', async (priority, severity) => {
    await ask('POST', '/alerts', { message: 'm', priority });
    expect(api.events[0]?.event.severity).toBe(severity);
    expect(api.events[0]?.event.priority).toBe(priority ?? undefined);
  });

  it.each([
    [{}, { message: 'a text that is not blank was expected' }],
    [{ message: '  ' }, { message: 'a text that is not blank was expected' }],
    [{ message: 'm', priority: 'P6' }, { priority: 'P1, P2, P3, P4 or P5 was expected' }],
    [
      { message: 'm', tags: [1], details: [] },
      { 'tags.0': 'a string was expected', details: 'a record was expected' },
    ],
    [[], { body: 'an object was expected' }],
  ])('refuses %j, and says what is wrong by member', async (body, errors) => {
    const answer = await ask('POST', '/alerts', body);
    expect(answer.statusCode).toBe(422);
    expect(failed.strict().parse(answer.json())).toMatchObject({
      message: 'Request body is not processable. Please check the errors.',
      errors,
    });
    expect(api.events).toEqual([]);
  });

  it('refuses a key that is not known, or of another source, in Opsgenie’s shape', async () => {
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'GenieKey nobodys-key-000' }]) {
      const answer = await api.app.inject({ method: 'POST', url: '/opsgenie/v2/alerts', headers, payload: EXAMPLE });
      expect(answer.statusCode).toBe(401);
      expect(failed.strict().parse(answer.json()).message).toContain('Could not authenticate');
    }
    const other = await ask('POST', '/alerts', EXAMPLE, EVENTS_KEY);
    expect(other.statusCode).toBe(403);
    expect(other.json()).toMatchObject({ code: 40301, message: expect.stringContaining('events-v2') });
    expect(api.events).toEqual([]);
  });

  it('answers everything in JSON of Opsgenie’s shape', async () => {
    const malformed = await ask('POST', '/alerts', '{"message":');
    const missing = await ask('GET', '/nothing');
    const wrongMethod = await ask('PUT', '/alerts', {});
    const tooLarge = await ask('POST', '/alerts', { message: 'x'.repeat(513 * 1024) });
    const text = await api.app.inject({
      method: 'POST',
      url: '/opsgenie/v2/alerts',
      headers: { authorization: `GenieKey ${KEY}`, 'content-type': 'text/plain' },
      payload: 'x',
    });
    api.behaviour.intakeError = new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal did not answer');
    const away = await ask('POST', '/alerts', EXAMPLE);
    const answers = [malformed, missing, wrongMethod, tooLarge, text, away];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 404, 405, 413, 415, 503]);
    for (const answer of answers) {
      expect(answer.headers['content-type']).toContain('application/json');
      expect(answer.headers['x-request-id']).toBe(failed.strict().parse(answer.json()).requestId);
    }
    expect(wrongMethod.headers['allow']).toContain('POST');
    expect(away.headers['retry-after']).toBe('5');
  });

  it('lets the source acknowledge and close where no user is named, without a look at the incident', async () => {
    api.behaviour.readError = new TocsinError('NO_WORKER', 'no worker answered');
    const acknowledged = await ask('POST', `${BY_ALIAS}/acknowledge?identifierType=alias`);
    const closed = await ask('POST', `${BY_ALIAS}/close/?identifierType=alias`, { source: 'Alertmanager' });
    expect([acknowledged.statusCode, closed.statusCode]).toEqual([202, 202]);
    expect(api.events.map(({ event: { action, dedupKey } }) => [action, dedupKey])).toEqual([
      ['acknowledge', 'db1/disk'],
      ['resolve', 'db1/disk'],
    ]);
    expect(api.commands).toEqual([]);
  });

  it.each(['ana', 'ANA@example.com'])('lets %s act as themselves', async (user) => {
    const said = { user, note: 'on it' };
    for (const act of ['acknowledge', 'unacknowledge', 'close']) {
      expect((await ask('POST', `/alerts/${INCIDENT_ID}/${act}`, said)).statusCode).toBe(202);
    }
    expect(api.commands.map(({ id }) => id)).toEqual([INCIDENT_ID, INCIDENT_ID, INCIDENT_ID]);
    expect(api.commands.map(({ command }) => command)).toMatchObject([
      { type: 'acknowledge', actor: { kind: 'user', id: 'ana', name: 'Ana', via: 'opsgenie api' }, note: 'on it' },
      { type: 'unacknowledge' },
      { type: 'resolve' },
    ]);
    expect(api.events).toEqual([]);
  });

  it('keeps the note and the name of one who is no user, beside what the source does', async () => {
    await ask('POST', `/alerts/${INCIDENT_ID}/close`, { user: 'a bot', note: 'fixed' });
    expect(api.commands[0]?.command).toMatchObject({
      type: 'notes',
      actor: { kind: 'source' },
      text: 'a bot: fixed',
    });
    expect(api.events[0]?.event).toMatchObject({ action: 'resolve', dedupKey: 'db1/disk' });
  });

  it('keeps the note of what the source does by alias after that is safe, once, and does without it', async () => {
    const closing = `${BY_ALIAS}/close?identifierType=alias`;
    api.behaviour.readError = new TocsinError('NO_WORKER', 'no worker answered');
    const before = api.log.length;
    for (let times = 0; times < 2; times++) await ask('POST', closing, { user: 'a bot', note: 'fixed' });
    await ask('POST', closing, { user: 'a bot', note: 'another' });
    expect(api.events.map(({ event }) => event.action)).toEqual(['resolve', 'resolve', 'resolve']);
    const [first, again, other] = api.commands;
    expect(first).toMatchObject({ id: INCIDENT_ID, command: { type: 'notes', text: 'a bot: fixed' } });
    expect(again?.command.id).toBe(first?.command.id);
    expect(other?.command.id).not.toBe(first?.command.id);

    api.behaviour.commandError = new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal did not answer');
    const answer = await ask('POST', closing, { note: 'lost' });
    expect(answer.statusCode).toBe(202);
    expect(api.log.slice(before).join('')).toContain('could not be left');
    expect(api.events).toHaveLength(4);
  });

  it('leaves nothing where the event is not safe', async () => {
    api.behaviour.intakeError = new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal did not answer');
    expect((await ask('POST', `${BY_ALIAS}/close?identifierType=alias`, { note: 'fixed' })).statusCode).toBe(503);
    expect((await ask('POST', '/alerts', { ...EXAMPLE, note: 'new' })).statusCode).toBe(503);
    expect(api.commands).toEqual([]);
  });

  it('leaves the note of a new alert in its log, and nothing for a user alone', async () => {
    await ask('POST', '/alerts', { ...EXAMPLE, user: 'a bot', note: 'seen by me' });
    await ask('POST', '/alerts', { ...EXAMPLE, user: 'a bot' });
    expect(api.commands).toMatchObject([{ id: INCIDENT_ID, command: { type: 'notes', text: 'a bot: seen by me' } }]);
    api.behaviour.commandError = new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal did not answer');
    expect((await ask('POST', '/alerts', { ...EXAMPLE, note: 'lost' })).statusCode).toBe(202);
    expect(api.events).toHaveLength(3);
  });

  it('says of an alert that is not there, or came by another integration, that it does not exist', async () => {
    for (const [path, key] of [
      [`/alerts/nothing/acknowledge?identifierType=alias`, OTHER_KEY],
      [`/alerts/${INCIDENT_ID}/close`, OTHER_KEY],
      ['/alerts/x/unacknowledge', KEY],
      ['/alerts/7/close?identifierType=tiny', KEY],
    ] as const) {
      const answer = await ask('POST', path, { user: 'ana' }, key);
      expect(answer.statusCode).toBe(202);
      expect(await cameOf(answer, key)).toMatchObject({
        isSuccess: false,
        status: 'Alert does not exist',
        alertId: '',
      });
    }
    expect(api.commands).toEqual([]);
  });

  it('says why a command came too late', async () => {
    api.behaviour.result = {
      kind: 'done',
      outcome: { refused: { code: 'ALREADY_RESOLVED', sentence: 's' }, repeated: false },
      found: FOUND,
    };
    const answer = await ask('POST', `/alerts/${INCIDENT_ID}/acknowledge`, { user: 'ana' });
    expect(await cameOf(answer)).toMatchObject({
      isSuccess: false,
      status: 'The incident is already resolved',
      alertId: INCIDENT_ID,
    });
  });

  it('closes the one alert that an alias names where others keep its incident open', async () => {
    const grouped = found({ alerts: [ALERT, { ...ALERT, dedupKey: 'db2/disk' }] });
    api.behaviour.openOf = () => grouped;
    await ask('POST', `${BY_ALIAS}/close?identifierType=alias`, { user: 'ana', note: 'done' });
    expect(api.events.map(({ event }) => [event.action, event.dedupKey, event.by?.id])).toEqual([
      ['resolve', 'db1/disk', 'ana'],
    ]);
    expect(api.commands.map(({ command }) => command.type)).toEqual(['notes']);
    api.behaviour.found = grouped;
    await ask('POST', `/alerts/${INCIDENT_ID}/close`, {});
    expect(api.events.slice(1).map(({ event }) => event.dedupKey)).toEqual(['db1/disk', 'db2/disk']);
  });

  const FOREIGN = { ...ALERT, integration: 'other-opsgenie', dedupKey: 'db9/secret', summary: 'a secret of db9' };

  it.each(['id', 'tiny', 'alias'] as const)(
    'closes its own alerts alone, named by %s, where others’ fire too',
    async (type) => {
      const shared = found({ alerts: [ALERT, FOREIGN] });
      api.behaviour.found = shared;
      api.behaviour.openOf = () => shared;
      const named = { id: INCIDENT_ID, tiny: '12', alias: encodeURIComponent('db1/disk') }[type];
      const answer = await ask('POST', `/alerts/${named}/close?identifierType=${type}`, { user: 'ana' });
      expect(
        api.events.map(({ event, integration: { id } }) => [id, event.action, event.dedupKey, event.by?.id]),
      ).toEqual([['payments-opsgenie', 'resolve', 'db1/disk', 'ana']]);
      expect(api.commands).toEqual([]);
      expect(await cameOf(answer)).toMatchObject({ isSuccess: true });
    },
  );

  it('closes nothing where only others’ alerts fire still', async () => {
    api.behaviour.found = found({ alerts: [{ ...ALERT, status: 'resolved' }, FOREIGN] });
    for (const said of [{ user: 'ana' }, {}]) {
      const answer = await ask('POST', `/alerts/${INCIDENT_ID}/close`, said);
      expect(await cameOf(answer)).toMatchObject({ isSuccess: false, status: 'The incident is already resolved' });
    }
    expect([api.events, api.commands]).toEqual([[], []]);
  });

  it('shows nothing of what others’ alerts say', async () => {
    api.behaviour.found = found({
      alerts: [ALERT, FOREIGN],
      summary: FOREIGN.summary,
      details: {
        description: 'secret',
        tags: ['secret'],
        host: 'secret',
        opsgenie: { entity: 'secret', source: 'secret' },
      },
    });
    const one = await ask('GET', `/alerts/${INCIDENT_ID}`);
    expect(one.json().data).toMatchObject({ alias: 'db1/disk', message: ALERT.summary, details: {}, tags: [] });
    const listed = await ask('GET', '/alerts?query=status:open');
    expect(listed.json().data).toHaveLength(1);
    expect(one.body + listed.body).not.toContain('secret');
  });

  it('says why the source may not let go what is suspended', async () => {
    api.behaviour.result = {
      kind: 'done',
      outcome: { refused: { code: 'PERSON_NEEDED', sentence: 's' }, repeated: false },
      found: FOUND,
    };
    const answer = await ask('POST', `/alerts/${INCIDENT_ID}/assign`, { owner: { id: 'bob' } });
    expect(await cameOf(answer)).toMatchObject({
      isSuccess: false,
      status: 'Only a person may let a suspended incident go',
    });
  });

  it('is at the root too, where the Go SDK looks for it', async () => {
    const headers = { authorization: `GenieKey ${KEY}` };
    const taken = await api.app.inject({ method: 'POST', url: '/v2/alerts', headers, payload: EXAMPLE });
    const missing = await api.app.inject({ url: '/v2/nothing', headers });
    const untyped = { method: 'DELETE', url: `/v2/alerts/${INCIDENT_ID}/tags?tags=a` } as const;
    const untagged = await api.app.inject({ ...untyped, headers: { ...headers, 'content-type': '' } });
    expect([taken, missing, untagged].map(({ statusCode }) => statusCode)).toEqual([202, 404, 202]);
    expect(failed.strict().parse(missing.json()).requestId).toBe(missing.headers['x-request-id']);
    expect(api.events).toHaveLength(1);
  });

  it('takes an incident’s number as the tiny id', async () => {
    await ask('POST', '/alerts/12/close?identifierType=tiny', { user: 'ana' });
    expect(api.commands.map(({ id }) => id)).toEqual([INCIDENT_ID]);
  });

  it('closes an alert that is deleted', async () => {
    expect((await ask('DELETE', `/alerts/${INCIDENT_ID}?user=ana&source=cli`)).statusCode).toBe(202);
    expect(api.commands[0]?.command).toMatchObject({ type: 'resolve', actor: { id: 'ana' } });
  });

  it('refuses an identifierType that is none', async () => {
    const answer = await ask('POST', `${BY_ALIAS}/close?identifierType=name`, {});
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual({ identifierType: 'id, alias or tiny was expected' });
  });

  it.each([
    ['POST', '/notes', { user: 'ana', note: 'n' }, { type: 'notes', text: 'n' }],
    ['POST', '/actions/Restart', { user: 'a bot', note: 'n' }, { type: 'notes', text: 'action Restart: a bot: n' }],
    ['PUT', '/priority', { priority: 'P2' }, { type: 'priority', priority: 'P2', actor: { kind: 'source' } }],
    ['PUT', '/message', { message: 'new' }, { type: 'amend', summary: 'new', actor: { kind: 'source', id: 'source' } }],
    ['PUT', '/description', { description: 'd' }, { type: 'amend', details: { description: 'd' } }],
    ['POST', '/tags', { tags: ['a', ' b '] }, { type: 'amend', tags: { add: ['a', 'b'], remove: [] } }],
    ['DELETE', '/tags?tags=a,%20b,', undefined, { type: 'amend', tags: { add: [], remove: ['a', 'b'] } }],
    ['POST', '/details', { details: { host: 'db1' } }, { type: 'amend', details: { host: 'db1' } }],
    ['DELETE', '/details?keys=host', undefined, { type: 'amend', details: { host: null } }],
    ['POST', '/assign', { owner: { username: 'bob@example.com' } }, { type: 'reassign', users: ['bob'] }],
    ['POST', '/responders', { responder: { type: 'user', id: 'ana' } }, { type: 'responders', users: ['ana'] }],
    [
      'POST',
      '/responders',
      { responder: { type: 'escalation', name: 'Policy' } },
      { type: 'responders', users: ['ana'] },
    ],
    [
      'POST',
      '/escalate',
      { escalation: { id: 'policy' } },
      { type: 'escalate', fromLevel: 0, fromPass: 1, fromEpisode: 1 },
    ],
  ] as const)('gives %s …%s with %j as the command that it is', async (method, path, body, command) => {
    const answer = await ask(method, `/alerts/${INCIDENT_ID}${path}`, body);
    expect(answer.statusCode).toBe(202);
    expect(api.commands.map((given) => given.command)).toMatchObject([{ actor: { via: 'opsgenie api' }, ...command }]);
    expect(await cameOf(answer)).toMatchObject({ isSuccess: true, alertId: INCIDENT_ID });
  });

  it('snoozes until an instant, within 7 days', async () => {
    const until = (ms: number) => ({ endTime: new Date(Date.now() + ms).toISOString() });
    const HOUR = 3_600_000;
    const statuses: unknown[] = [];
    for (const said of [until(HOUR), until(-HOUR), until(8 * 24 * HOUR)]) {
      statuses.push((await cameOf(await ask('POST', `/alerts/${INCIDENT_ID}/snooze`, said))).status);
    }
    expect(statuses).toEqual([
      'Snoozed alert',
      'The end of the snooze is not in the future',
      'A snooze ends within 7 days',
    ]);
    expect(api.commands).toHaveLength(1);
    const { command } = api.commands[0] ?? {};
    expect(command?.type === 'snooze' && Math.abs(command.duration - HOUR) < 60_000).toBe(true);
    expect((await ask('POST', `/alerts/${INCIDENT_ID}/snooze`, { endTime: 'soon' })).statusCode).toBe(422);
  });

  it('says of people, teams and policies that are not configured that they are not there', async () => {
    const told: unknown[] = [];
    for (const [path, body] of [
      ['/assign', { owner: { username: 'nobody' } }],
      ['/escalate', { escalation: { name: 'nothing' } }],
      ['/teams', { team: { name: 'nobody' } }],
    ] as const) {
      told.push((await cameOf(await ask('POST', `/alerts/${INCIDENT_ID}${path}`, body))).status);
    }
    expect(told).toEqual([
      'There is no such user',
      'There is no such escalation policy',
      'There is no such responder, or nobody is on call there',
    ]);
    expect(api.commands).toEqual([]);
  });

  it('says nothing anew that is so already, as Alertmanager asks after every repeat', async () => {
    await ask('PUT', `/alerts/${INCIDENT_ID}/message`, { message: FOUND.incident.summary });
    api.behaviour.found = found({ details: { description: 'd' } });
    await ask('PUT', `/alerts/${INCIDENT_ID}/description`, { description: 'd' });
    expect(api.commands).toEqual([]);
  });

  const DETAILS = {
    host: 'db1',
    load: 0.5,
    description: 'd',
    tags: ['critical'],
    opsgenie: { entity: 'e', actions: ['A'] },
  };

  it('answers an alert with all that is known of it, by id, alias and tiny id', async () => {
    api.behaviour.found = found({
      number: 12,
      details: DETAILS,
      status: 'acknowledged',
      acknowledgements: [{ user: 'ana', at: '2026-03-02T00:01:00.000Z' }],
      acknowledgedAt: '2026-03-02T00:01:00.000Z',
      snoozedUntil: '2026-03-02T01:00:00.000Z',
    });
    const { found: present } = api.behaviour;
    api.behaviour.openOf = () => present;
    const answer = await ask('GET', `/alerts/${INCIDENT_ID}`);
    expect(aFoundAlert.parse(answer.json()).data).toEqual({
      id: INCIDENT_ID,
      tinyId: '12',
      alias: 'db1/disk',
      message: 'disk of db1 is full',
      status: 'open',
      acknowledged: true,
      isSeen: true,
      seen: true,
      tags: ['critical'],
      snoozed: true,
      snoozedUntil: '2026-03-02T01:00:00.000Z',
      count: 2,
      lastOccurredAt: '2026-03-02T00:05:00.000Z',
      createdAt: '2026-03-02T00:00:00.000Z',
      updatedAt: '2026-03-02T00:05:00.000Z',
      source: 'opsgenie',
      owner: 'ana',
      priority: 'P3',
      responders: [{ type: 'user', id: 'ana' }],
      integration: { id: 'payments-opsgenie', name: 'payments-opsgenie', type: 'API' },
      report: { ackTime: 60_000, acknowledgedBy: 'ana' },
      actions: ['A'],
      entity: 'e',
      description: 'd',
      details: { host: 'db1', load: '0.5' },
    });
    for (const path of [`${BY_ALIAS}?identifierType=alias`, '/alerts/12/?identifierType=tiny']) {
      expect((await ask('GET', path)).json().data).toEqual(answer.json().data);
    }
    for (const [path, key] of [
      [`/alerts/${INCIDENT_ID}`, OTHER_KEY],
      ['/alerts/nothing', KEY],
    ] as const) {
      const missing = await ask('GET', path, undefined, key);
      expect(missing.statusCode).toBe(404);
      expect(failed.strict().parse(missing.json()).message).toContain('Alert does not exist');
    }
  });

  it('lists and counts by a query, with the pages before and after', async () => {
    api.behaviour.found = found({ details: DETAILS });
    const list = async (query: string) => (await ask('GET', `/alerts?${query}`)).json();
    const all = foundAlerts.parse(await list(new URLSearchParams({ query: 'tag:critical', limit: '1' }).toString()));
    expect(all.data.map(({ id }) => id)).toEqual([INCIDENT_ID]);
    expect(all.data[0]).not.toHaveProperty('details');
    expect(all.paging).toEqual({
      first: expect.stringContaining('offset=0'),
      last: expect.stringContaining('offset=0'),
    });
    expect(all.paging.first).toContain('http://127.0.0.1:8080/opsgenie/v2/alerts?query=tag%3Acritical');
    expect((await list('query=NOT%20tag:critical')).data).toEqual([]);
    expect((await list('offset=1')).paging.prev).toContain('offset=0');
    expect(aCount.parse((await ask('GET', '/alerts/count?query=host')).json()).data).toEqual({ count: 0 });
    expect((await ask('GET', '/alerts/count')).json().data).toEqual({ count: 1 });
    expect((await ask('GET', '/alerts', undefined, OTHER_KEY)).json().data).toEqual([]);
    expect(api.filters.at(-1)).toMatchObject({ integration: 'other-opsgenie' });
  });

  it.each([
    ['status: open', 'open'],
    ['tag: critical AND Status=OPEN', 'open'],
    ['disk status:closed', 'resolved'],
    ['NOT status: open', undefined],
    ['status: open OR tag: critical', undefined],
    ['status: (open OR closed)', undefined],
    ['message: status', undefined],
    ['"status: open"', undefined],
  ])('asks Temporal for no more than %s needs', async (query, status) => {
    const own = await apiOnStandIns({ configuration: () => WITH_KEYS });
    const counted = () =>
      own.app.inject({
        url: `/opsgenie/v2/alerts/count?${new URLSearchParams({ query }).toString()}`,
        headers: { authorization: `GenieKey ${KEY}` },
      });
    const answers = await Promise.all([counted(), counted(), counted()]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(own.filters.map((filter) => filter.status)).toEqual([status]);
    await own.app.close();
  });

  it('keeps no list that failed', async () => {
    const own = await apiOnStandIns({ configuration: () => WITH_KEYS });
    const counted = async () =>
      (await own.app.inject({ url: '/opsgenie/v2/alerts/count', headers: { authorization: `GenieKey ${KEY}` } }))
        .statusCode;
    own.behaviour.listError = new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal did not answer');
    expect(await counted()).toBe(503);
    delete own.behaviour.listError;
    expect(await counted()).toBe(200);
    await own.app.close();
  });

  it('finds alerts by their users’ ids and addresses, and tells nobody an address by parts of it', async () => {
    api.behaviour.found = found({ acknowledgements: [{ user: 'ana', at: '2026-03-02T00:01:00.000Z' }] });
    const own = await apiOnStandIns({ configuration: () => WITH_KEYS });
    Object.assign(own.behaviour, { found: api.behaviour.found });
    const counts: unknown[] = [];
    for (const query of [
      'owner: ana',
      'owner: ANA@example.com',
      'acknowledgedBy: ana@example.com',
      'owner: *@example.com',
    ]) {
      const headers = { authorization: `GenieKey ${KEY}` };
      const url = `/opsgenie/v2/alerts/count?${new URLSearchParams({ query }).toString()}`;
      counts.push((await own.app.inject({ url, headers })).json().data.count);
    }
    expect(counts).toEqual([1, 1, 1, 0]);
    await own.app.close();
  });

  it.each([
    ['query=tag:(', 'query', 'it ends where a term was expected'],
    ['query=%22open', 'query', 'a quotation mark is not closed'],
    ['query=colour:red', 'query', expect.stringContaining("there is no field 'colour'; there are: alertid")],
    ['query=status:acked', 'query', 'status is one of open, closed'],
    ['query=open)', 'query', 'a `)` stands there that nothing opens'],
    ['query=createdAt>yesterday', 'query', expect.stringContaining('createdAt is an instant')],
    ['limit=101', 'limit', 'at most 100 expected'],
    ['sort=colour', 'sort', expect.stringContaining('createdAt, updatedAt')],
  ])('refuses a list by %s, and says why', async (query, member, says) => {
    const answer = await ask('GET', `/alerts?${query}`);
    expect(answer.statusCode).toBe(422);
    expect(failed.strict().parse(answer.json()).errors).toEqual({ [member]: says });
  });

  it('lists logs, notes and recipients in their order, a page at a time', async () => {
    const entry = (number: number, type: string, text: string) => ({
      id: `e${number}`,
      at: '2026-03-02T00:00:00.000Z',
      type,
      actor: { kind: 'user', id: 'ana', name: 'Ana' } as const,
      reason: null,
      text,
    });
    api.behaviour.entries = [
      entry(1, 'triggered', 'Triggered'),
      entry(2, 'noted', 'Ana, by opsgenie api, noted: first'),
      entry(3, 'noted', 'Ana noted: noted: second'),
    ];
    const logs = async (query: string) =>
      foundLogs.parse((await ask('GET', `/alerts/${INCIDENT_ID}/logs?${query}`)).json());
    const texts = async (query: string) => (await logs(query)).data.map(({ offset }) => offset);
    expect(await texts('')).toEqual(['e3', 'e2', 'e1']);
    expect(await texts('order=asc&limit=2')).toEqual(['e1', 'e2']);
    expect((await logs('order=asc&limit=2')).paging.next).toContain('order=asc&limit=2&offset=e2');
    expect(await texts('order=asc&limit=2&offset=e2')).toEqual(['e3']);
    expect(await texts('offset=e1&direction=prev&limit=1')).toEqual(['e2']);
    const notes = foundNotes.parse((await ask('GET', `/alerts/${INCIDENT_ID}/notes?order=asc`)).json());
    expect(notes.data.map(({ note, owner }) => [note, owner])).toEqual([
      ['first', 'Ana'],
      ['noted: second', 'Ana'],
    ]);
    const recipients = await ask('GET', `/alerts/${INCIDENT_ID}/recipients`);
    expect(foundRecipients.parse(recipients.json()).data).toEqual([]);
    expect((await ask('GET', `/alerts/${INCIDENT_ID}/logs`, undefined, OTHER_KEY)).statusCode).toBe(404);
  });
});
