/**
 * PagerDuty publishes schemas of its Events APIs (github.com/PagerDuty/api-schema, reference/events-v2/openapiv3.json at
 * 8574381, reference/events-v1/openapiv3.json at e56b8b0). That repository names no licence, so what they demand of answers
 * is written here anew, and nothing of them is kept: members, their types, and which of them are required.
 */
import { z } from 'zod';
import { TocsinError } from '../../domain/errors.ts';
import { EVENTS_KEY, EVENTS_V1_KEY, type StandIns, apiOnStandIns } from './support/standIns.ts';

const success = (key: string) =>
  z.looseObject({ status: z.string(), message: z.string().optional(), [key]: z.string().optional() });
const failure = z.looseObject({
  status: z.string(),
  message: z.string(),
  errors: z.array(z.string()).optional(),
});

/** By API: where it is, what a good event is, and the answer that the schema gives to it. */
const APIS = {
  'Events v2': {
    path: '/v2/enqueue',
    accepted: 202,
    answer: success('dedup_key').required({ dedup_key: true }),
    good: {
      routing_key: EVENTS_KEY,
      event_action: 'trigger',
      dedup_key: 'db1/disk',
      payload: { summary: 'disk is full', source: 'db1', severity: 'critical' },
    },
    bad: [
      { routing_key: 'no-such-key-000' },
      { routing_key: undefined },
      { event_action: 'explode' },
      { event_action: 'resolve', dedup_key: undefined },
      { dedup_key: 'x'.repeat(256) },
      { payload: undefined },
      { payload: { summary: '', source: '', severity: 'ok' } },
    ],
  },
  'Events v1': {
    path: '/generic/2010-04-15/create_event.json',
    accepted: 200,
    answer: success('incident_key').required({ incident_key: true }),
    good: {
      service_key: EVENTS_V1_KEY,
      event_type: 'trigger',
      incident_key: 'db1/disk',
      description: 'disk is full',
    },
    bad: [
      { service_key: 'no-such-key-000' },
      { service_key: undefined },
      { event_type: 'explode' },
      { event_type: 'acknowledge', incident_key: undefined },
      { incident_key: 'x'.repeat(256) },
      { description: undefined },
    ],
  },
} as const;

describe.each(Object.entries(APIS))(
  'PagerDuty’s published schema of %s accepts',
  (_name, { path, accepted, answer, good, bad }) => {
    let api: StandIns;
    beforeEach(async () => {
      api = await apiOnStandIns();
    });
    afterEach(() => api.app.close());

    const post = (payload: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
      Promise.all(
        ['/pagerduty', '/pagerduty.com'].map((prefix) =>
          api.app.inject({
            method: 'POST',
            url: `${prefix}${path}`,
            headers,
            payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
          }),
        ),
      );

    it('what a good event is answered', async () => {
      for (const { statusCode, json } of await post(good)) {
        expect(statusCode).toBe(accepted);
        expect(answer.parse(json())).toMatchObject({ status: 'success' });
      }
    });

    it('what an event with any fault, and what is no event, is answered', async () => {
      const faulty = [...bad.map((fault) => ({ ...good, ...fault })), {}, [], 'null', '"text"', '{"half":', ''];
      for (const payload of faulty) {
        for (const { statusCode, headers, json } of await post(payload)) {
          expect([payload, statusCode]).toEqual([payload, 400]);
          expect(headers['content-type']).toContain('application/json');
          expect(failure.safeParse(json())).toMatchObject({ success: true });
        }
      }
    });

    it('what is too large, of another type, or cannot be kept now', async () => {
      const large = await post({ ...good, client: 'x'.repeat(513 * 1024) });
      const typed = await post(good, { 'content-type': 'application/xml' });
      api.behaviour.intakeError = new TocsinError('TEMPORAL_UNAVAILABLE', 'not now');
      const away = await post(good);
      expect([large, typed, away].map((answers) => answers.map(({ statusCode }) => statusCode))).toEqual([
        [413, 413],
        [415, 415],
        [503, 503],
      ]);
      for (const { json } of [...large, ...typed, ...away])
        expect(failure.safeParse(json())).toMatchObject({ success: true });
    });
  },
);
