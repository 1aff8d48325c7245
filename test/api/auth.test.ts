import { person } from '../support/configurations.ts';
import { CONFIGURATION, INCIDENT_ID, type StandIns, apiOnStandIns, authorized } from './support/standIns.ts';

const READS = [
  '/v1/incidents',
  `/v1/incidents/${INCIDENT_ID}`,
  `/v1/incidents/${INCIDENT_ID}/timeline`,
  `/v1/incidents/${INCIDENT_ID}/notifications`,
  `/v1/incidents/${INCIDENT_ID}/next`,
];
const COMMANDS = [
  'acknowledge',
  'unacknowledge',
  'start-work',
  'resolve',
  'reassign',
  'notes',
  'status-updates',
] as const;
const BODIES: Readonly<Record<string, object>> = {
  reassign: { users: ['bob'] },
  notes: { text: 'a word' },
  'status-updates': { text: 'a word' },
};
const bodyOf = (command: string): object => BODIES[command] ?? {};

describe('who may do what', () => {
  let api: StandIns;
  beforeEach(async () => {
    api = await apiOnStandIns();
  });
  afterEach(() => api.app.close());

  const get = (url: string, headers = {}) => api.app.inject({ url, headers });
  const give = (command: string, headers: object, body: object = {}) =>
    api.app.inject({
      method: 'POST',
      url: `/v1/incidents/${INCIDENT_ID}/${command}`,
      headers: { ...headers },
      payload: { ...bodyOf(command), ...body },
    });
  const open = (headers: object, body: object = {}) =>
    api.app.inject({
      method: 'POST',
      url: '/v1/incidents',
      headers: { ...headers },
      payload: { service: 'payments', summary: 's', ...body },
    });

  it.each([
    {},
    { authorization: '' },
    { authorization: 'Bearer ' },
    { authorization: 'Bearer wrong' },
    { authorization: 'Basic YTpi' },
    { authorization: 'Token token=a-token-for-everything' },
    { authorization: 'a-token-for-everything' },
  ])('nothing under /v1 without a valid token: %j', async (headers) => {
    const answers = await Promise.all(READS.map((url) => get(url, headers)));
    for (const command of COMMANDS) answers.push(await give(command, headers));
    answers.push(await open(headers));
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="tocsin"');
      expect(answer.json()).toMatchObject({ code: 'UNAUTHORIZED', status: 401 });
    }
    expect(api.commands).toEqual([]);
    expect(api.events).toEqual([]);
  });

  it('asks for a token before it looks at the body', async () => {
    const answer = await api.app.inject({
      method: 'POST',
      url: `/v1/incidents/${INCIDENT_ID}/acknowledge`,
      headers: { 'content-type': 'application/json' },
      payload: '{"broken',
    });
    expect(answer.statusCode).toBe(401);
  });

  it.each(['watcher', 'anas', 'bot', 'robot', 'boss', undefined])('every token reads: %s', async (token) => {
    for (const url of READS) expect((await get(url, authorized(token))).statusCode).toBe(200);
  });

  it('an observer commands nothing', async () => {
    for (const command of COMMANDS) {
      const answer = await give(command, authorized('watcher'), { as: 'ana' });
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({
        code: 'FORBIDDEN',
        detail: 'token watcher is an observer, and may only read',
      });
    }
    expect((await open(authorized('watcher'))).statusCode).toBe(403);
    expect(api.commands).toEqual([]);
  });

  it.each(COMMANDS)('a token of a user acts as that user: %s', async (command) => {
    expect((await give(command, authorized('anas'))).statusCode).toBe(200);
    expect(api.commands[0]?.command).toMatchObject({
      type: command,
      actor: { kind: 'user', id: 'ana', name: 'Ana', via: 'token anas' },
    });
  });

  it.each([
    ['bot', 'ana', 200, undefined],
    ['boss', 'ana', 200, undefined],
    [undefined, 'ana', 200, undefined],
    ['anas', 'ana', 200, undefined],
    ['anas', 'bob', 403, 'FORBIDDEN'],
    ['robot', 'ana', 403, 'FORBIDDEN'],
    ['bot', 'nobody', 400, 'UNKNOWN_USER'],
    [undefined, 'constructor', 400, 'UNKNOWN_USER'],
  ])('token %s acting as %s is answered %d %s', async (token, as, status, code) => {
    const answer = await give('acknowledge', authorized(token), { as });
    expect(answer.statusCode).toBe(status);
    if (code === undefined) expect(api.commands[0]?.command.actor).toMatchObject({ id: as });
    else {
      expect(answer.json().code).toBe(code);
      expect(api.commands).toEqual([]);
    }
  });

  it.each(['bot', 'robot', undefined])('a token without a user has to say who acts: %s', async (token) => {
    const answer = await give('resolve', authorized(token));
    expect(answer.statusCode).toBe(400);
    expect(answer.json().code).toBe('AS_REQUIRED');
    expect(api.commands).toEqual([]);
  });

  it('an incident by hand may be opened by a token without a user, and not as another without the right', async () => {
    expect((await open(authorized('robot'))).statusCode).toBe(201);
    expect((await open(authorized('robot'), { as: 'ana' })).statusCode).toBe(403);
    expect((await open(authorized('bot'), { as: 'ana' })).statusCode).toBe(201);
    expect(api.events.map(({ event }) => event.source)).toEqual(['token robot', 'Ana']);
  });

  it('a user who is an observer acts by no token, not even by one that may do all', async () => {
    await api.app.close();
    const ana = { ...person('ana'), role: 'observer' as const };
    const users = new Map([...CONFIGURATION.users, ['ana', ana]]);
    api = await apiOnStandIns({ configuration: () => ({ ...CONFIGURATION, users }) });
    for (const [token, body] of [
      ['anas', {}],
      ['bot', { as: 'ana' }],
      [undefined, { as: 'ana' }],
    ] as const) {
      const answer = await give('acknowledge', authorized(token), body);
      expect(answer.statusCode).toBe(403);
      expect(answer.json().detail).toBe("user 'ana' is an observer, and may only read");
    }
    expect((await get('/v1/incidents', authorized('anas'))).statusCode).toBe(200);
    expect(api.commands).toEqual([]);
  });

  it('sees a revoked token as unknown at the next request', async () => {
    await api.app.close();
    let tokens = CONFIGURATION.tokens;
    api = await apiOnStandIns({ configuration: () => ({ ...CONFIGURATION, tokens }) });
    expect((await get('/v1/incidents', authorized('anas'))).statusCode).toBe(200);
    tokens = tokens.filter(({ id }) => id !== 'anas');
    expect((await get('/v1/incidents', authorized('anas'))).statusCode).toBe(401);
  });

  it('an empty TOCSIN_API_TOKEN opens nothing', async () => {
    await api.app.close();
    api = await apiOnStandIns({ apiToken: '' });
    expect((await get('/v1/incidents', { authorization: 'Bearer ' })).statusCode).toBe(401);
  });
});
