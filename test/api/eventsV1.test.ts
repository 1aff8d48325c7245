/** PagerDuty Events v1 (wire-formats §1a″), by the real server on a stand-in for the engine. */
import { readFileSync } from 'node:fs';
import { TocsinError } from '../../domain/errors.ts';
import { EVENTS_KEY, EVENTS_V1_KEY, type StandIns, apiOnStandIns } from './support/standIns.ts';

const PATH = '/generic/2010-04-15/create_event.json';
const fixture = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../fixtures/events-v1-${name}.json`, import.meta.url), 'utf8')) as object;
const TRIGGER = fixture('trigger');

describe('PagerDuty Events v1', () => {
  let api: StandIns;
  beforeAll(async () => {
    api = await apiOnStandIns();
  });
  afterAll(() => api.app.close());
  beforeEach(() => {
    api.events.splice(0);
    delete api.behaviour.intakeError;
  });

  const create = (payload: unknown, url = `/pagerduty${PATH}`, type = 'application/json') =>
    api.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': type },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
  const errorsOf = async (payload: unknown): Promise<unknown> => {
    const answer = await create(payload);
    expect(answer.statusCode).toBe(400);
    const { errors, ...rest } = answer.json<{ errors: unknown }>();
    expect(rest).toEqual({ status: 'invalid event', message: 'Event object is invalid' });
    expect(api.events).toEqual([]);
    return errors;
  };

  it.each([`/pagerduty${PATH}`, `/pagerduty.com${PATH}`, `/pagerduty${PATH}/`])(
    'takes an event at %s and answers 200, as PagerDuty does',
    async (url) => {
      const answer = await create(TRIGGER, url);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toEqual({ status: 'success', message: 'Event processed', incident_key: 'srv01/HTTP' });
    },
  );

  it('keeps all that a trigger says', async () => {
    await create(TRIGGER);
    expect(api.events).toEqual([
      {
        integration: expect.objectContaining({ id: 'payments-events-v1' }),
        event: {
          action: 'trigger',
          dedupKey: 'srv01/HTTP',
          summary: 'FAILURE for production/HTTP on machine srv01.acme.com',
          source: 'Sample Monitoring Service',
          details: { 'ping time': '1500ms', 'load avg': 0.75 },
          links: [
            { href: 'https://monitoring.service.com', text: 'Sample Monitoring Service' },
            { href: 'http://acme.pagerduty.com', text: 'View in custom tool' },
            { href: 'http://acme.pagerduty.com', text: 'View the incident on PagerDuty' },
            { href: expect.stringContaining('https://chart.googleapis.com/chart?') },
          ],
        },
      },
    ]);
  });

  it("takes Alertmanager's body, whose members of Events v2 are empty", async () => {
    const answer = await create(fixture('alertmanager'));
    expect(answer.statusCode).toBe(200);
    expect(api.events[0]?.event).toMatchObject({
      action: 'trigger',
      dedupKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      source: 'Alertmanager',
      details: { num_firing: '1' },
    });
  });

  it('acknowledges and resolves by the incident key alone, and links nothing there', async () => {
    for (const event_type of ['acknowledge', 'resolve']) {
      const answer = await create({ ...TRIGGER, event_type, description: undefined });
      expect(answer.statusCode).toBe(200);
    }
    expect((await create(fixture('resolve'))).statusCode).toBe(200);
    expect(api.events.map(({ event }) => [event.action, event.dedupKey, event.links])).toEqual([
      ['acknowledge', 'srv01/HTTP', undefined],
      ['resolve', 'srv01/HTTP', undefined],
      ['resolve', 'srv01/HTTP', undefined],
    ]);
  });

  it('makes a key for a trigger without one, and returns it', async () => {
    for (const incident_key of [undefined, null, '', ' ']) {
      const answer = await create({ ...TRIGGER, incident_key });
      expect(answer.json<{ incident_key: string }>().incident_key).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(new Set(api.events.map(({ event }) => event.dedupKey)).size).toBe(4);
  });

  it.each([
    ['no type', { ...TRIGGER, event_type: '' }, 'event_type is invalid (must be one of: trigger acknowledge resolve)'],
    [
      "Events v2's action",
      { ...TRIGGER, event_type: undefined, event_action: 'trigger' },
      'event_type is invalid (must be one of: trigger acknowledge resolve)',
    ],
    ['a trigger without a description', { ...TRIGGER, description: ' ' }, 'Description is missing or blank'],
    [
      'a resolve without an incident key',
      { service_key: EVENTS_V1_KEY, event_type: 'resolve' },
      'Incident key is missing or blank',
    ],
    ['no service key', { ...TRIGGER, service_key: null }, 'Service key is missing or blank'],
    [
      'a wrong service key',
      { ...TRIGGER, service_key: 'no-such-key-0000' },
      'Service key is invalid (no integration of source events-v1 has it)',
    ],
    [
      'the key of an integration of Events v2',
      { ...TRIGGER, service_key: EVENTS_KEY },
      'Service key is invalid (no integration of source events-v1 has it)',
    ],
    [
      'an incident key of 256 characters',
      { ...TRIGGER, incident_key: 'k'.repeat(256) },
      "'incident_key' is longer than 255 characters",
    ],
  ])('refuses %s with 400, in PagerDuty’s words', async (_what, body, error) => {
    expect(await errorsOf(body)).toEqual([error]);
  });

  it('tells all that is wrong at once', async () => {
    expect(await errorsOf({ event_type: 'trigger' })).toEqual([
      'Service key is missing or blank',
      'Description is missing or blank',
    ]);
  });

  it('answers malformed JSON, what is no object, other types and a body over 512 KiB in the same members', async () => {
    const big = { ...TRIGGER, details: { log: 'x'.repeat(513 * 1024) } };
    const answers = await Promise.all([
      create('{"a": '),
      create([]),
      create(TRIGGER, undefined, 'text/plain'),
      create(big),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400, 415, 413]);
    for (const answer of answers) {
      expect(answer.json()).toEqual({
        status: expect.any(String),
        message: expect.any(String),
        errors: [expect.any(String)],
      });
    }
    expect(api.events).toEqual([]);
  });

  it('answers 503 with Retry-After where nothing is promised: 403 is for rate limits alone', async () => {
    api.behaviour.intakeError = new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal did not answer');
    const answer = await create(TRIGGER);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({ errors: ['Temporal did not answer'] });
  });
});
