/** Sentry's webhooks as events (wire-formats §1h), by the real server on a stand-in for the engine. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SourceEvent } from '../../domain/event.ts';
import { SENTRY_KEY, type StandIns, apiOnStandIns, withIntegrations } from './support/standIns.ts';

type Json = Record<string, unknown>;
const fixture = (name: string): Json & { data: Record<string, Json> } =>
  JSON.parse(readFileSync(new URL(`../fixtures/sentry-${name}.json`, import.meta.url), 'utf8')) as Json & {
    data: Record<string, Json>;
  };
const ALERT = fixture('event-alert');
const CREATED = fixture('issue-created');
const METRIC = fixture('metric-critical');
const SECRET = 'the-client-secret-of-the-integration';
const SIGNED_KEY = 'sentry-signed-0000000';
const QUIET_KEY = 'sentry-quiet-00000000';

/** A body with members of one of its objects changed. */
const within = (body: Json & { data: Record<string, Json> }, member: string, more: Json): Json => ({
  ...body,
  data: { ...body.data, [member]: { ...body.data[member], ...more } },
});

describe('POST /integrations/sentry/{routing key}', () => {
  let api: StandIns;
  beforeAll(async () => {
    const configuration = withIntegrations(
      { id: 'signed', key: SIGNED_KEY, source: 'sentry', secret: SECRET },
      { id: 'quiet', key: QUIET_KEY, source: 'sentry', newIssues: 'ignore' },
    );
    api = await apiOnStandIns({ configuration: () => configuration });
  });
  afterAll(() => api.app.close());
  beforeEach(() => api.events.splice(0));

  const post = (resource: string | undefined, body: unknown, key = SENTRY_KEY, signature?: string) =>
    api.app.inject({
      method: 'POST',
      url: `/integrations/sentry/${key}`,
      headers: {
        'content-type': 'application/json',
        ...(resource !== undefined && { 'sentry-hook-resource': resource }),
        ...(signature !== undefined && { 'sentry-hook-signature': signature }),
      },
      payload: JSON.stringify(body),
    });
  const one = async (resource: string, body: unknown, key?: string): Promise<SourceEvent | undefined> => {
    const answer = await post(resource, body, key);
    expect(answer.statusCode).toBe(202);
    return api.events.splice(0)[0]?.event;
  };

  it('opens an incident for an alert rule that fires, by the issue’s id', async () => {
    expect(await one('event_alert', ALERT)).toEqual({
      action: 'trigger',
      dedupKey: '1117540176',
      summary: 'ReferenceError: heck is not defined',
      source: 'front-end',
      severity: 'error',
      at: Date.parse('2019-08-19T21:06:17.677Z'),
      details: {
        triggered_rule: 'Very Important Alert Rule!',
        event_id: 'e4874d664c3540c1a32eab185f12c5ab',
        culprit: '?(<anonymous>)',
        level: 'error',
        platform: 'javascript',
        location: '<anonymous>',
        metadata: { filename: '<anonymous>', type: 'ReferenceError', value: 'heck is not defined' },
        tags: { browser: 'Chrome 75.0.3770', handled: 'no', level: 'error' },
      },
      links: [{ text: 'Sentry', href: expect.stringContaining('https://sentry.io/organizations/test-org/issues/') }],
    });
  });

  it('resolves with the issue what the alert rule opened, and takes a repeat as the same alert', async () => {
    const alerts = [await one('event_alert', ALERT), await one('event_alert', ALERT)];
    const resolved = await one('issue', fixture('issue-resolved'));
    expect(new Set([...alerts, resolved].map((event) => event?.dedupKey))).toEqual(new Set(['1117540176']));
    expect(resolved?.action).toBe('resolve');
    expect(resolved).not.toHaveProperty('severity');
  });

  it('knows the issue by its address where an event has no id of it', async () => {
    expect((await one('event_alert', within(ALERT, 'event', { issue_id: null })))?.dedupKey).toBe('1117540176');
  });

  it.each([
    ['created', 'trigger'],
    ['unresolved', 'trigger'],
    ['resolved', 'resolve'],
    ['archived', 'resolve'],
    ['ignored', 'resolve'],
    ['assigned', undefined],
  ])('takes an issue that is %s as %s', async (action, expected) => {
    expect((await one('issue', { ...CREATED, action }))?.action).toBe(expected);
  });

  it('says of a new issue what Sentry says', async () => {
    expect(await one('issue', CREATED)).toMatchObject({
      dedupKey: '1117540176',
      source: 'python',
      severity: 'critical',
      details: { shortId: 'PYTHON-Y', substatus: 'new', priority: 'high', count: '3' },
      links: [{ href: 'https://example-org.sentry.io/issues/1117540176/' }],
    });
  });

  it('lets issues end incidents and open none where newIssues is ignore', async () => {
    expect(await one('issue', CREATED, QUIET_KEY)).toBeUndefined();
    expect(await one('issue', { ...CREATED, action: 'unresolved' }, QUIET_KEY)).toBeUndefined();
    expect((await one('issue', fixture('issue-resolved'), QUIET_KEY))?.action).toBe('resolve');
    expect((await one('event_alert', ALERT, QUIET_KEY))?.action).toBe('trigger');
  });

  it('opens and resolves a metric alert by its own id, which is no issue’s', async () => {
    expect(await one('metric_alert', METRIC)).toMatchObject({
      action: 'trigger',
      dedupKey: 'metric-alert/4',
      summary: 'Critical: Too many errors',
      source: 'bar',
      severity: 'critical',
      details: { rule: { name: 'Too many errors', query: 'level:error', time_window: 10 } },
      links: [{ href: 'https://sentry.io/organizations/baz/alerts/1/' }],
    });
    expect((await one('metric_alert', { ...METRIC, action: 'warning' }))?.severity).toBe('warning');
    expect(await one('metric_alert', fixture('metric-resolved'))).toMatchObject({
      action: 'resolve',
      dedupKey: 'metric-alert/4',
    });
  });

  it.each([
    ['fatal', 'critical'],
    ['error', 'error'],
    ['Warning', 'warning'],
    ['info', 'info'],
    ['debug', 'info'],
    ['sample', undefined],
  ])('of the level %s makes the severity %s', async (level, severity) => {
    expect((await one('event_alert', within(ALERT, 'event', { level })))?.severity).toBe(severity);
  });

  it.each(['installation', 'error', 'comment', 'activity_alert', 'something_new'])(
    'takes the resource %s as no alert: 202, and no event',
    async (resource) => {
      const answer = await post(resource, { action: 'created', data: {} });
      expect(answer.statusCode).toBe(202);
      expect(answer.json()).toEqual({ status: 'accepted', events: [] });
      expect(api.events).toEqual([]);
    },
  );

  it('takes what is signed with the client secret, and refuses the rest', async () => {
    const signature = createHmac('sha256', SECRET).update(JSON.stringify(ALERT)).digest('hex');
    expect((await post('event_alert', ALERT, SIGNED_KEY, signature)).statusCode).toBe(202);
    const refused = [
      await post('event_alert', ALERT, SIGNED_KEY),
      await post('event_alert', CREATED, SIGNED_KEY, signature),
      await post('event_alert', ALERT, SIGNED_KEY, `sha256=${signature}`),
      await post('installation', {}, SIGNED_KEY, signature),
    ];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403]);
    expect(refused.map((answer) => answer.json<{ code: string }>().code)).toEqual(Array(4).fill('SOURCE_REFUSED'));
    expect(api.events).toHaveLength(1);
  });

  it.each([
    ['no resource', undefined, ALERT, 'the header Sentry-Hook-Resource is missing'],
    ['an alert without an event', 'event_alert', { action: 'triggered', data: {} }, 'missing: data.event'],
    [
      'an event without an issue',
      'event_alert',
      within(ALERT, 'event', { issue_id: '', issue_url: null }),
      'missing or blank: data.event.issue_id',
    ],
    ['an event without a title', 'event_alert', within(ALERT, 'event', { title: ' ' }), 'missing or blank: the title'],
    ['an action of an issue that is none', 'issue', { ...CREATED, action: 'exploded' }, "'action' is 'exploded'"],
    ['an issue without an id', 'issue', within(CREATED, 'issue', { id: null }), 'missing or blank: data.issue.id'],
    ['an action of a metric alert that is none', 'metric_alert', { ...METRIC, action: '' }, "'action' is ''"],
    ['a list', 'issue', [CREATED], 'the body is not a JSON object'],
  ])('refuses %s, and says what is missing', async (_what, resource, body, text) => {
    const answer = await post(resource, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BAD_EVENT' });
    expect(answer.json<{ detail: string }>().detail).toContain(text);
    expect(api.events).toEqual([]);
  });
});
