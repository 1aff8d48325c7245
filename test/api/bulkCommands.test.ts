import { bulkResults } from '../../api/schemas/answers.ts';
import { type StandIns, apiOnStandIns, authorized, FOUND, INCIDENT_ID } from './support/standIns.ts';

describe('POST /v1/incidents/{command} [L4 Limits]', () => {
  let api: StandIns;
  beforeEach(async () => {
    api = await apiOnStandIns();
  });
  afterEach(() => api.app.close());

  const post = (command: string, payload: object, headers: object = {}) =>
    api.app.inject({
      method: 'POST',
      url: `/v1/incidents/${command}`,
      headers: { ...authorized('anas'), ...headers },
      payload,
    });

  it('answers each incident on its own, in the order in which they were named', async () => {
    const answer = await post('acknowledge', { incidents: ['no-such.k.r', INCIDENT_ID], note: 'all mine' });
    expect(answer.statusCode).toBe(200);
    const { results } = bulkResults.strict().parse(answer.json());
    expect(results).toMatchObject([
      {
        id: 'no-such.k.r',
        status: 404,
        problem: { code: 'NOT_FOUND', instance: '/v1/incidents/no-such.k.r/acknowledge' },
      },
      { id: INCIDENT_ID, status: 200, incident: { id: INCIDENT_ID } },
    ]);
    expect(api.commands[1]).toMatchObject({
      id: INCIDENT_ID,
      command: { type: 'acknowledge', note: 'all mine', actor: { id: 'ana', via: 'token anas' } },
    });
  });

  it('answers 409 with the sentence and the incident where it came too late, and 202 where it is only noted', async () => {
    const refused = { code: 'ALREADY_RESOLVED', sentence: 'already resolved by Ana' } as const;
    api.behaviour.result = { kind: 'done', outcome: { refused, repeated: false }, found: FOUND };
    expect((await post('resolve', { incidents: [INCIDENT_ID] })).json().results).toMatchObject([
      {
        status: 409,
        problem: { code: 'ALREADY_RESOLVED', detail: 'already resolved by Ana', incident: { id: INCIDENT_ID } },
      },
    ]);
    api.behaviour.result = { kind: 'recorded' };
    const answer = await post('resolve', { incidents: [INCIDENT_ID] });
    expect([answer.statusCode, answer.json()]).toEqual([200, { results: [{ id: INCIDENT_ID, status: 202 }] }]);
  });

  it('asks an incident once that is named twice, and answers for each', async () => {
    const answer = await post('acknowledge', { incidents: [INCIDENT_ID, INCIDENT_ID] });
    expect(answer.json().results).toHaveLength(2);
    expect(api.commands).toHaveLength(1);
  });

  it('is the same command for each incident as alone, under one Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'press-1' };
    await post('acknowledge', { incidents: [INCIDENT_ID, 'other.k.r'] }, key);
    await post('acknowledge', { incidents: [INCIDENT_ID] }, key);
    await post(`${INCIDENT_ID}/acknowledge`, {}, key);
    const of = (incident: string) => api.commands.filter(({ id }) => id === incident).map(({ command }) => command.id);
    expect(of(INCIDENT_ID)).toHaveLength(3);
    expect(new Set(of(INCIDENT_ID)).size).toBe(1);
    expect(of('other.k.r')[0]).not.toBe(of(INCIDENT_ID)[0]);
    const other = await post('acknowledge', { incidents: [INCIDENT_ID], note: 'another' }, key);
    expect(other.json().results).toMatchObject([{ status: 422, problem: { code: 'IDEMPOTENCY_KEY_REUSED' } }]);
  });

  it('takes 250 incidents, and asks every one of them', async () => {
    const incidents = Array.from({ length: 250 }, (_, index) => `x${index}.k.r`);
    const answer = await post('acknowledge', { incidents });
    expect(answer.json().results.map(({ id }: { id: string }) => id)).toEqual(incidents);
    expect(new Set(api.commands.map(({ id }) => id))).toEqual(new Set(incidents));
  });

  it.each([
    [{ incidents: Array.from({ length: 251 }, (_, index) => `x${index}.k.r`) }, 'body.incidents'],
    [{ incidents: [] }, 'body.incidents'],
    [{}, 'body.incidents'],
    [{ incidents: INCIDENT_ID }, 'body.incidents'],
    [{ incidents: [0] }, 'body.incidents.0'],
    [{ incidents: [INCIDENT_ID], resolution: 'x' }, 'resolution'],
  ])('refuses as a whole what is malformed: %#', async (body, text) => {
    const answer = await post('acknowledge', body);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'BAD_REQUEST']);
    expect(answer.json().detail).toContain(text);
    expect(api.commands).toEqual([]);
  });

  it('says where a merge is asked, which has one incident that stays', async () => {
    const answer = await post('merge', { incidents: [INCIDENT_ID] });
    expect(answer.json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(answer.json().detail).toContain('POST /v1/incidents/{id}/merge');
  });

  it('is refused as a whole to one who may not give commands, or says not in whose name', async () => {
    const incidents = [INCIDENT_ID];
    expect((await post('acknowledge', { incidents }, authorized('watcher'))).statusCode).toBe(403);
    expect((await post('acknowledge', { incidents }, authorized('bot'))).json().code).toBe('AS_REQUIRED');
    expect(api.commands).toEqual([]);
  });

  it('asks for a number in the store, and says for that one incident that there is none', async () => {
    const { results } = (await post('acknowledge', { incidents: [12, INCIDENT_ID] })).json();
    expect(results).toMatchObject([
      { id: '12', status: 503, problem: { code: 'STORE_UNAVAILABLE' } },
      { id: INCIDENT_ID, status: 200 },
    ]);
  });
});
