import { type StandIns, apiOnStandIns, authorized, FOUND, INCIDENT_ID } from './support/standIns.ts';
import { NO_STORE } from '../support/noStore.ts';

const SOURCE = `nodes-events.${'b'.repeat(32)}.${'c'.repeat(32)}`;

describe('POST /v1/incidents/{id}/merge', () => {
  let api: StandIns;
  const NUMBERS: Readonly<Record<number, string>> = { 12: INCIDENT_ID, 13: SOURCE };
  beforeEach(async () => {
    api = await apiOnStandIns({ store: { ...NO_STORE, incidentOfNumber: async (number) => NUMBERS[number] } });
  });
  afterEach(() => api.app.close());

  const merge = (payload: object, id: string = INCIDENT_ID, token = 'anas') =>
    api.app.inject({ method: 'POST', url: `/v1/incidents/${id}/merge`, headers: authorized(token), payload });

  it('[L7] asks each source, named by id or by number, to go into the one that the address names', async () => {
    await merge({ sources: [13], note: 'same disk' }, '12');
    expect(api.commands).toMatchObject([
      {
        id: SOURCE,
        command: {
          type: 'merge',
          into: { incident: INCIDENT_ID, workflowId: FOUND.workflowId },
          actor: { id: 'ana', via: 'token anas' },
          note: 'same disk',
        },
      },
    ]);
  });

  it('[L7] names what was refused, and why, beside the incident as it is', async () => {
    const answer = await merge({ sources: [SOURCE, '99'] });
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      code: 'MERGE_REFUSED',
      incident: { id: INCIDENT_ID },
      results: [
        { id: SOURCE, status: 404, problem: { code: 'NOT_FOUND' } },
        { id: '99', status: 404, problem: { code: 'NOT_FOUND' } },
      ],
    });
    expect(answer.json().detail).toContain(`${SOURCE}: there is no incident`);
  });

  it.each([
    [{ sources: [INCIDENT_ID] }, 'is the incident itself'],
    [{ sources: [13, 12] }, "'12' is the incident itself"],
    [{ sources: [] }, 'body.sources'],
    [{}, 'body.sources'],
    [{ sources: [13], into: SOURCE }, 'into'],
  ])('[F 50] refuses %j', async (body, text) => {
    const answer = await merge(body);
    expect([answer.statusCode, answer.json().detail]).toEqual([400, expect.stringContaining(text)]);
    expect(api.commands).toEqual([]);
  });

  it('[L3] says that it is noted where a source has no worker', async () => {
    api.behaviour.result = { kind: 'recorded' };
    const answer = await merge({ sources: [INCIDENT_ID] }, SOURCE);
    expect([answer.statusCode, answer.json()]).toEqual([202, { status: 'recorded' }]);
  });
});
