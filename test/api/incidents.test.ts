import { incident, incidentPage } from '../../api/schemas/incident.ts';
import { problem } from '../../api/schemas/answers.ts';
import { PEOPLES_COMMANDS } from '../../domain/commands.ts';
import { TocsinError } from '../../domain/errors.ts';
import { CONFIGURATION, FOUND, INCIDENT_ID, type StandIns, apiOnStandIns, authorized } from './support/standIns.ts';

const TEMPORAL_URL = `http://127.0.0.1:8233/namespaces/default/workflows/incident%2Fpayments-events%2F${'a'.repeat(32)}/${FOUND.runId}/history`;

describe('/v1/incidents', () => {
  let api: StandIns;
  beforeEach(async () => {
    api = await apiOnStandIns();
  });
  afterEach(() => api.app.close());

  const get = (path: string) => api.app.inject({ url: `/v1/incidents${path}`, headers: authorized() });
  const post = (path: string, payload: object = {}, headers: object = {}) =>
    api.app.inject({
      method: 'POST',
      url: `/v1/incidents${path}`,
      headers: { ...authorized('anas'), ...headers },
      payload,
    });
  const acknowledge = (payload: object = {}, headers: object = {}) =>
    post(`/${INCIDENT_ID}/acknowledge`, payload, headers);

  it('answers one incident, with where it lives in Temporal', async () => {
    const answer = await get(`/${INCIDENT_ID}`);
    expect(answer.statusCode).toBe(200);
    const { workflowId, runId } = FOUND;
    expect(answer.json()).toEqual({ ...FOUND.incident, workflowId, runId, temporalUrl: TEMPORAL_URL });
    expect(incident.strict().parse(answer.json())).toBeDefined();
  });

  it('answers no address of a Temporal UI that it does not know', async () => {
    await api.app.close();
    api = await apiOnStandIns({}, { temporalUi: false });
    expect((await get(`/${INCIDENT_ID}`)).json().temporalUrl).toBeNull();
  });

  it('answers what belongs to an incident', async () => {
    expect((await get(`/${INCIDENT_ID}/timeline`)).json()).toEqual({ entries: [], nextCursor: null });
    expect((await get(`/${INCIDENT_ID}/notifications`)).json()).toEqual({ notifications: [], nextCursor: null });
    expect((await get(`/${INCIDENT_ID}/next`)).json()).toEqual({ next: [] });
  });

  it('opens by hand: never answers an incident that has just been resolved for the one that the event opens', async () => {
    api.behaviour.opened = false;
    const body = { service: 'payments', summary: 'disk', dedupKey: 'db1/disk' };
    expect((await post('', body)).statusCode).toBe(200);
    api.behaviour.found = { ...FOUND, incident: { ...FOUND.incident, status: 'resolved' } };
    const answer = await post('', body);
    expect([answer.statusCode, answer.json()]).toEqual([202, { status: 'recorded' }]);
  });

  it.each(['', '/timeline', '/notifications', '/next'])(
    'answers 404 for an incident that is not there: %s',
    async (what) => {
      const answer = await get(`/no-such-incident${what}`);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
      expect(answer.json().detail).toContain("'no-such-incident'");
    },
  );

  it('takes an id of 600 characters and refuses a longer one', async () => {
    expect((await get(`/${'x'.repeat(600)}`)).json().code).toBe('NOT_FOUND');
    const answer = await get(`/${'x'.repeat(601)}`);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('lists with all filters, and 100 at once where nothing is said', async () => {
    const answer = await get('');
    expect(incidentPage.parse(answer.json()).incidents).toHaveLength(1);
    const query =
      'status=open&service=payments&team=ops&assignee=ana&urgency=high&dedupKey=db1%2Fdisk&since=2026-03-02T00:00:00%2B08:00&limit=250&cursor=abc';
    expect((await get(`?${query}`)).statusCode).toBe(200);
    expect(api.filters).toEqual([
      { limit: 100 },
      {
        status: 'open',
        service: 'payments',
        team: 'ops',
        assignee: 'ana',
        urgency: 'high',
        dedupKey: 'db1/disk',
        since: '2026-03-02T00:00:00+08:00',
        limit: 250,
        cursor: 'abc',
      },
    ]);
  });

  it.each([
    ['limit=0', 'querystring.limit'],
    ['limit=251', 'querystring.limit'],
    ['limit=many', 'querystring.limit'],
    ['limit=', 'querystring.limit'],
    ['status=closed', 'querystring.status'],
    ['status=open&status=resolved', 'querystring.status'],
    ['urgency=medium', 'querystring.urgency'],
    ['since=yesterday', 'querystring.since'],
    ['number=0', 'querystring.number'],
    ['number=seven', 'querystring.number'],
    ['query=x', '`query` is not built yet'],
    ['severity=high', 'severity'],
  ])('refuses %s by name', async (query, text) => {
    const answer = await get(`?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain(text);
    expect(api.filters).toEqual([]);
  });

  describe('commands', () => {
    it('answers the incident as it is now', async () => {
      const answer = await acknowledge({ note: 'looking' });
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({ id: INCIDENT_ID, temporalUrl: TEMPORAL_URL });
      expect(api.commands[0]).toMatchObject({ id: INCIDENT_ID, command: { type: 'acknowledge', note: 'looking' } });
    });

    it('takes no body, and an empty one that says it is JSON', async () => {
      const url = `/v1/incidents/${INCIDENT_ID}/acknowledge`;
      const headers = authorized('anas');
      const json = { ...headers, 'content-type': 'application/json' };
      expect((await api.app.inject({ method: 'POST', url, headers: json, payload: '' })).statusCode).toBe(200);
      expect((await api.app.inject({ method: 'POST', url, headers })).statusCode).toBe(200);
    });

    it('hands on what each command has', async () => {
      await post(`/${INCIDENT_ID}/resolve`, { resolution: 'disk replaced' });
      await post(`/${INCIDENT_ID}/snooze`, { duration: '1h30m' });
      await post(`/${INCIDENT_ID}/escalate`, { fromLevel: 1, fromPass: 2, fromEpisode: 3 });
      await post(`/${INCIDENT_ID}/escalate`, { fromLevel: null });
      await post(`/${INCIDENT_ID}/reassign`, { users: ['bob', 'ana', 'bob'] });
      await post(`/${INCIDENT_ID}/start-work`, { note: 'at the desk' });
      await post(`/${INCIDENT_ID}/notes`, { text: ' looks like the disk ' });
      await post(`/${INCIDENT_ID}/status-updates`, { text: 'back within the hour' });
      await post(`/${INCIDENT_ID}/responders`, { users: ['bob', 'ana', 'bob'] });
      await post(`/${INCIDENT_ID}/priority`, { priority: 'P1' });
      await post(`/${INCIDENT_ID}/priority`, { priority: null });
      await post(`/${INCIDENT_ID}/urgency`, { urgency: 'low' });
      const tags = { add: ['eu'], remove: ['us'] };
      await post(`/${INCIDENT_ID}/amend`, { summary: ' db2 ', details: { host: 'db2', rack: null }, tags });
      await post(`/${INCIDENT_ID}/amend`, { details: { log: 'x'.repeat(40_000) }, tags: { add: ['eu'] } });
      expect(api.commands.map(({ command }) => command)).toMatchObject([
        { type: 'resolve', resolution: 'disk replaced' },
        { type: 'snooze', duration: 5_400_000 },
        { type: 'escalate', fromLevel: 1, fromPass: 2, fromEpisode: 3 },
        { type: 'escalate', fromLevel: 0 },
        { type: 'reassign', users: ['bob', 'ana'] },
        { type: 'start-work', note: 'at the desk' },
        { type: 'notes', text: 'looks like the disk' },
        { type: 'status-updates', text: 'back within the hour' },
        { type: 'responders', users: ['bob', 'ana'] },
        { type: 'priority', priority: 'P1' },
        { type: 'priority', priority: null },
        { type: 'urgency', urgency: 'low' },
        { type: 'amend', summary: 'db2', details: { host: 'db2', rack: null }, tags },
        { type: 'amend', details: { detailsTruncated: true }, tags: { add: ['eu'], remove: [] } },
      ]);
    });

    it.each([
      ['reassign', {}, 'either `users`, or `escalationPolicy` or `level` or both'],
      ['reassign', { users: ['bob'], level: 1 }, 'either `users`'],
      ['reassign', { users: [] }, 'body.users'],
      ['reassign', { level: 0 }, 'body.level'],
      ['escalate', {}, 'body.fromLevel'],
      ['escalate', { fromLevel: 1, fromPass: 0 }, 'body.fromPass'],
      ['adopt-policy', { level: 1 }, 'level'],
      ['responders', { users: [] }, 'body.users'],
      ['responders', { users: Array.from({ length: 501 }, (_, index) => `u${index}`) }, 'body.users'],
      ['priority', {}, 'body.priority'],
      ['priority', { priority: 'P6' }, 'body.priority'],
      ['urgency', {}, 'body.urgency'],
      ['urgency', { urgency: null }, 'body.urgency'],
      ['amend', {}, '`summary`, `details` with a member, or `tags` to `add` or to `remove`'],
      ['amend', { details: {}, tags: { add: [] } }, '`summary`, `details` with a member'],
      ['amend', { summary: 'x'.repeat(1025) }, 'body.summary'],
      ['amend', { tags: { set: ['a'] } }, 'set'],
      ['amend', { tags: { add: ['x'.repeat(256)] } }, 'body.tags.add'],
      ['notes', {}, 'body.text'],
      ['notes', { text: ' ' }, 'body.text'],
      ['status-updates', { text: 'x'.repeat(2001) }, 'body.text'],
      ['start-work', { text: 'x' }, 'text'],
      ['snooze', {}, 'body.duration'],
      ['snooze', { duration: '0s' }, 'a duration from 1s to 7d'],
      ['snooze', { duration: '7d1s' }, 'a duration from 1s to 7d'],
      ['snooze', { duration: '5 minutes' }, 'a duration from 1s to 7d, such as 90s, 5m or 1h30m'],
      ['acknowledge', { resolution: 'x' }, 'resolution'],
      ['acknowledge', { note: 7 }, 'body.note'],
      ['resolve', { resolution: 'x'.repeat(1025) }, 'body.resolution'],
      ['acknowledge', ['x'], 'body'],
    ])('refuses what is malformed: %s %j [F 45]', async (command, body, text) => {
      const answer = await post(`/${INCIDENT_ID}/${command}`, body);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().code).toBe('BAD_REQUEST');
      expect(answer.json().detail).toContain(text);
      expect(api.commands).toEqual([]);
    });

    it('looks up what the incident cannot: a policy in today’s version, or its own where only a level is named', async () => {
      const { version, escalationPolicies, services } = CONFIGURATION;
      const policy = escalationPolicies.get('policy');
      await post(`/${INCIDENT_ID}/reassign`, { escalationPolicy: 'policy' });
      await post(`/${INCIDENT_ID}/reassign`, { level: 1 });
      await post(`/${INCIDENT_ID}/adopt-policy`);
      const service = services.get('payments');
      expect(api.commands.map(({ command }) => command)).toMatchObject([
        { type: 'reassign', policy, configuration: version, level: 1 },
        { type: 'reassign', policy, configuration: version, level: 1 },
        { type: 'adopt-policy', service, policy, configuration: version, hours: null },
      ]);
    });

    it.each([
      [
        'UNKNOWN_POLICY',
        { escalationPolicy: 'none' },
        "there is no escalation policy 'none' in the configuration; there are: policy",
      ],
      ['UNKNOWN_LEVEL', { escalationPolicy: 'policy', level: 2 }, "'policy' has no level 2; it has level 1 alone"],
      ['UNKNOWN_LEVEL', { level: 20 }, "'policy' has no level 20; it has level 1 alone"],
    ])('refuses a level that is not there, with what there is: %s %j', async (code, body, text) => {
      const answer = await post(`/${INCIDENT_ID}/reassign`, body);
      expect(answer.json()).toMatchObject({ status: 400, code });
      expect(answer.json().detail).toContain(text);
      expect(api.commands).toEqual([]);
    });

    it('cannot adopt what is no longer configured, nor what belongs to no incident', async () => {
      api.behaviour.found = { ...FOUND, policy: { id: 'gone', ofService: false } };
      const answer = await post(`/${INCIDENT_ID}/adopt-policy`);
      expect(answer.json()).toMatchObject({ status: 409, code: 'SERVICE_GONE' });
      expect(answer.json().detail).toContain("escalation policy 'gone'");
      api.behaviour.found = { ...FOUND, incident: { ...FOUND.incident, service: 'lifts' } };
      expect((await post(`/${INCIDENT_ID}/adopt-policy`)).json().detail).toContain("service 'lifts'");
      expect((await post('/nothing/adopt-policy')).json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
      expect(api.commands).toEqual([]);
    });

    it.each(['reassign', 'responders'])('refuses users who are not there: %s', async (command) => {
      const answer = await post(`/${INCIDENT_ID}/${command}`, { users: ['bob', 'zoe'] });
      expect(answer.json()).toMatchObject({ status: 400, code: 'UNKNOWN_USER' });
      expect(answer.json().detail).toContain("'zoe'");
    });

    it('answers 409 with the sentence and the incident where the command came too late', async () => {
      const sentence = 'already resolved by Ana at 10:02:11 UTC';
      const refused = { code: 'ALREADY_RESOLVED', sentence } as const;
      api.behaviour.result = { kind: 'done', outcome: { refused, repeated: false }, found: FOUND };
      const answer = await acknowledge();
      expect(answer.statusCode).toBe(409);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({
        code: 'ALREADY_RESOLVED',
        detail: sentence,
        incident: { id: INCIDENT_ID },
      });
    });

    it('answers 409 from the final state of a closed incident', async () => {
      api.behaviour.result = {
        kind: 'closed',
        found: { ...FOUND, sentence: 'already resolved by Bob at 10:00:00 UTC' },
      };
      const answer = await acknowledge();
      expect(answer.json()).toMatchObject({
        status: 409,
        code: 'INCIDENT_CLOSED',
        detail: 'already resolved by Bob at 10:00:00 UTC',
        incident: { id: INCIDENT_ID, temporalUrl: TEMPORAL_URL },
      });
    });

    it('answers 202 where no worker took the command', async () => {
      api.behaviour.result = { kind: 'recorded' };
      const answer = await acknowledge();
      expect(answer.statusCode).toBe(202);
      expect(answer.json()).toEqual({ status: 'recorded' });
    });

    it('answers 404 for an incident that is not there', async () => {
      expect((await post('/nothing/acknowledge')).json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    });

    it('answers 404 for an unknown command and lists those there are', async () => {
      const answer = await post(`/${INCIDENT_ID}/explode`);
      expect(answer.json()).toMatchObject({
        status: 404,
        detail: `'explode' is no command; the commands are: ${PEOPLES_COMMANDS.join(', ')}`,
      });
    });

    it('has one id for one Idempotency-Key, and others without it', async () => {
      const key = { 'idempotency-key': 'press-1' };
      await acknowledge({}, key);
      await acknowledge({}, key);
      await post(`/${INCIDENT_ID}/unacknowledge`, {}, key);
      await acknowledge({ as: 'ana' }, { ...authorized('bot'), ...key });
      await acknowledge();
      await acknowledge();
      const ids = api.commands.map(({ command }) => command.id);
      expect(ids[0]).toBe(ids[1]);
      expect(new Set(ids).size).toBe(5);
    });

    it('answers 422 for the same key with another body', async () => {
      const key = { 'idempotency-key': 'press-1' };
      await acknowledge({ note: 'one' }, key);
      const answer = await acknowledge({ note: 'another' }, key);
      expect(answer.json()).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
      expect(api.commands).toHaveLength(1);
    });
  });

  describe('by hand', () => {
    const byHand = { service: 'payments', summary: 'the lift is stuck' };

    it('opens an incident under the reserved integration and answers 201 with it', async () => {
      const answer = await post('', { ...byHand, severity: 'warning', details: { floor: 3 }, dedupKey: ' lift ' });
      expect(answer.statusCode).toBe(201);
      expect(incident.parse(answer.json())).toMatchObject({ id: INCIDENT_ID });
      expect(api.events[0]?.integration.id).toBe('manual-payments');
      expect(api.events[0]?.event).toEqual({
        action: 'trigger',
        by: { id: 'ana', name: 'Ana', via: 'token anas' },
        dedupKey: 'lift',
        summary: 'the lift is stuck',
        source: 'Ana',
        severity: 'warning',
        details: { floor: 3 },
      });
    });

    it('makes a key of its own where none is given', async () => {
      await post('', byHand);
      await post('', byHand);
      expect(new Set(api.events.map(({ event }) => event.dedupKey)).size).toBe(2);
    });

    it('counts as a trigger for a key that is open: 200', async () => {
      api.behaviour.opened = false;
      expect((await post('', { ...byHand, dedupKey: 'lift' })).statusCode).toBe(200);
    });

    it.each(['NO_WORKER', 'TEMPORAL_UNAVAILABLE'] as const)(
      'answers 201 with what is known where the incident cannot be read: %s',
      async (code) => {
        api.behaviour.readError = new TocsinError(code, 'nobody answers');
        const answer = await post('', { ...byHand, details: { floor: 3 } });
        expect(answer.statusCode).toBe(201);
        expect(incident.parse(answer.json())).toMatchObject({
          id: INCIDENT_ID,
          workflowId: FOUND.workflowId,
          runId: FOUND.runId,
          status: 'triggered',
          summary: 'the lift is stuck',
          details: { floor: 3 },
        });
      },
    );

    it.each([
      [{ summary: 'x' }, 'body.service'],
      [{ service: 'payments' }, 'body.summary'],
      [{ ...byHand, service: 'lifts' }, "there is no service 'lifts'; there are: payments"],
      [{ ...byHand, severity: 'fatal' }, 'body.severity'],
      [{ ...byHand, details: [] }, 'body.details'],
      [{ ...byHand, dedupKey: 'k'.repeat(300) }, 'longer than 255'],
      [{ ...byHand, urgency: 'low' }, 'urgency'],
    ])('refuses %j', async (body, text) => {
      const answer = await post('', body);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().detail).toContain(text);
      expect(problem.strict().parse(answer.json())).toBeDefined();
      expect(api.events).toEqual([]);
    });
  });
});
