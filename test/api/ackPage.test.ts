/** The phone page over HTTP, on an incident that follows the production rules. */
import { fastify } from 'fastify';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { RecentChange } from '../../domain/changeEvent.ts';
import type { Configuration } from '../../domain/configuration.ts';
import { wordingOf } from '../../wording/index.ts';
import { createHash } from 'node:crypto';
import type { IncidentGateway } from '../../api/ports.ts';
import { ackPage } from '../../api/routes/ackPage.ts';
import { days, minutes } from '../../domain/duration.ts';
import { LANGUAGES } from '../../domain/language.ts';
import type { Language } from '../../domain/language.ts';
import { signAckLink } from '../../links/ackLink.ts';
import { ACTS, HOSTILE } from '../activities/hostileTexts.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { BEGIN, Life, TRIGGER } from '../support/life.ts';
import { elementsOf, parseHtml } from '../support/providers/xml.ts';
import { OneIncident } from './oneIncident.ts';

const SECRET = 'a secret of the tests';
const users = [person('ana'), person('bob'), person('dee')];
const levels = [level('user:ana user:bob', '5m'), level('user:dee', '15m')];
const payments = { ...service({ ackTimeout: '30m' }), runbook: 'https://wiki.example.com/payments' };
const CONFIGURATION = configuration({ users, policy: policy(levels), service: payments });

/** Ana reads the one, the organization writes the other. */
const speaking = (ana: Language, organization: Language): Configuration => ({
  ...CONFIGURATION,
  users: new Map([...CONFIGURATION.users].map(([id, user]) => [id, id === 'ana' ? { ...user, language: ana } : user])),
  organization: { ...CONFIGURATION.organization, language: organization },
});

let present = CONFIGURATION;
let life: Life;
let incident: OneIncident;
let app: FastifyInstance;
let logged: string;

function begin(event = TRIGGER, changes: readonly RecentChange[] = []): void {
  life = new Life(CONFIGURATION, event, {}, null, { changes }).through('0:00');
  incident = new OneIncident(life);
  logged = '';
}
/** Whichever there is: one page serves all tests. */
const incidents = new Proxy({} as IncidentGateway, { get: (_none, name) => Reflect.get(incident, name) as unknown });
beforeAll(async () => {
  app = fastify({ logger: { level: 'trace', stream: { write: (line: string) => void (logged += line) } } });
  await app.register(async (scope) =>
    ackPage(scope, { secret: SECRET, incidents, configuration: () => present, now: () => life.now }),
  );
});
beforeEach(() => {
  present = CONFIGURATION;
  begin();
});
afterAll(() => app.close());

const linkOf = (user: string, more: { incident?: string; expiresAt?: number; notification?: string } = {}): string => {
  const notification = life.state.ledger.find((each) => each.user === user)?.id ?? 'n1';
  const link = { incident: life.state.id, notification, user, expiresAt: BEGIN + days(7), ...more };
  return `/ack/${signAckLink(SECRET, link)}`;
};
const get = (url: string): Promise<LightMyRequestResponse> => app.inject({ method: 'GET', url });
const press = (url: string, action: string): Promise<LightMyRequestResponse> =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `action=${action}`,
  });
const buttons = ({ body }: LightMyRequestResponse): string[] =>
  [...body.matchAll(/<form method="post">\s*<input type="hidden" name="action" value="(\w+)">/g)].map(
    ([, action]) => action ?? '',
  );

const both = async (url: string): Promise<number[]> => [
  (await get(url)).statusCode,
  (await press(url, 'acknowledge')).statusCode,
];

describe('looking', () => {
  test('the page says what it is, its state, who is asked, what comes next and when, and offers both buttons', async () => {
    life.at('2:00');
    const page = await get(linkOf('ana'));
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const text of [
      'disk of db1 is full',
      'Payments',
      'Triggered; level 1, and nobody has acknowledged it.',
      'Nobody yet; asked: Ana, Bob',
      'In 3m (2026-03-02 00:05:00 UTC): escalates to level 2',
      '<a href="https://wiki.example.com/payments" rel="noreferrer">Runbook</a>',
      'Severity: critical',
    ]) {
      expect(page.body).toContain(text);
    }
    expect(buttons(page)).toEqual(['acknowledge', 'resolve']);
  });

  test('who holds it, and when the acknowledgement times out', async () => {
    life.at('1:00').ack('bob').at('2:00');
    const page = await get(linkOf('ana'));
    expect(page.body).toContain('Acknowledged by Bob at 00:01:00 UTC.');
    expect(page.body).toContain('Bob, since 2026-03-02 00:01:00 UTC');
    expect(page.body).toContain('In 29m (2026-03-02 00:31:00 UTC)');
  });

  test('what was changed of the service shortly before', async () => {
    expect((await get(linkOf('ana'))).body).not.toContain('Changes shortly before');
    const build = [{ href: 'https://ci.example.com/42' }];
    const change = { at: BEGIN - minutes(5), source: 'ci' };
    begin(TRIGGER, [
      { id: 'c2', ...change, summary: 'deploy 42', links: build },
      { id: 'c1', ...change, summary: 'flag on', links: [] },
    ]);
    const { body } = await get(linkOf('ana'));
    expect(body).toContain('<h2>Changes shortly before</h2>');
    expect(body).toMatch(
      /<a href="https:\/\/ci\.example\.com\/42" rel="noreferrer">2026-03-01 23:55:00 UTC: deploy 42 \(ci\)<\/a>/,
    );
    expect(body).toContain('2026-03-01 23:55:00 UTC: flag on (ci)');
  });

  test('until when it is snoozed', async () => {
    life.at('1:00').command('bob', { type: 'snooze', duration: minutes(30) });
    const page = await get(linkOf('ana'));
    expect(page.body).toContain('Acknowledged by Bob at 00:01:00 UTC; snoozed until 2026-03-02 00:31:00 UTC.');
    expect(page.body).toContain(
      'In 30m (2026-03-02 00:31:00 UTC): the snooze ends, and the incident is triggered again',
    );
    expect(buttons(page)).toEqual(['acknowledge', 'resolve']);
  });

  test('a resolved incident offers nothing to press', async () => {
    life.at('1:00').resolve('bob');
    const page = await get(linkOf('ana'));
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Already resolved by Bob at 00:01:00 UTC.');
    expect(buttons(page)).toEqual([]);
  });

  test('50 GETs, HEADs and prefetches, by mail scanners and browsers, change nothing', async () => {
    const before = JSON.stringify(life.state);
    const url = linkOf('ana');
    for (let time = 0; time < 50; time++) {
      const answers = await Promise.all([
        get(url),
        app.inject({ method: 'HEAD', url }),
        app.inject({ method: 'OPTIONS', url }),
        app.inject({ method: 'GET', url, headers: { purpose: 'prefetch', 'sec-purpose': 'prefetch;prerender' } }),
        get(`${url}?action=acknowledge`),
      ]);
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 404, 200, 200]);
    }
    expect(incident.asked).toEqual([]);
    expect(JSON.stringify(life.state)).toBe(before);
  });

  test('a GET with the body of a button changes nothing either', async () => {
    await app.inject({
      method: 'GET',
      url: linkOf('ana'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'action=acknowledge',
    });
    expect(incident.asked).toEqual([]);
  });

  test('nothing keeps the page, leaks its address, runs in it, or frames it', async () => {
    for (const page of [
      await get(linkOf('ana')),
      await get('/ack/nonsense'),
      await press(linkOf('ana'), 'acknowledge'),
    ]) {
      const style = /<style>([^]*)<\/style>/.exec(page.body)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      expect(page.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      });
      expect(page.body).not.toMatch(/<script|\sstyle=|\son\w+=/i);
    }
  });

  test('the address, which is a secret, is not logged', async () => {
    const url = linkOf('ana');
    await get(url);
    await press(url, 'acknowledge');
    await press(url, 'nonsense');
    expect(logged).not.toContain(url.slice(5, 60));
  });
});

describe('acting', () => {
  test('Acknowledge acts as the user the link was sent to', async () => {
    const page = await press(linkOf('ana'), 'acknowledge');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<p class="say" role="status">Acknowledged</p>');
    expect(page.body).toContain('Acknowledged by Ana at 00:00:00 UTC.');
    expect(buttons(page)).toEqual(['resolve']);
    expect(life.state.acknowledgements.map(({ user }) => user)).toEqual(['ana']);
    const { id: notification } = life.state.ledger.find(({ user }) => user === 'ana') ?? {};
    expect(incident.asked).toEqual([
      {
        id: expect.stringMatching(new RegExp(`^link\\.${notification}\\.acknowledge\\.[0-9a-f-]{36}$`)),
        type: 'acknowledge',
        link: notification,
        actor: { kind: 'user', id: 'ana', name: 'Ana', via: `link ${notification}` },
      },
    ]);
  });

  test('Resolve does, and then there is nothing left to press', async () => {
    const page = await press(linkOf('ana'), 'resolve');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Already resolved by Ana');
    expect(buttons(page)).toEqual([]);
    expect(life.state.status).toBe('resolved');
  });

  test('each action works once a link: a second Acknowledge is refused and re-arms nothing, and Resolve still works', async () => {
    const url = linkOf('ana');
    await press(url, 'acknowledge');
    const timeoutAt = life.state.ackTimeoutAt;
    life.at('1:00');
    const again = await press(url, 'acknowledge');
    expect(again.statusCode).toBe(409);
    expect(again.body).toContain('This link was already used for that');
    expect(again.body).toContain('Acknowledged by Ana at 00:00:00 UTC.');
    expect(life.state.ackTimeoutAt).toBe(timeoutAt);
    expect((await press(url, 'resolve')).statusCode).toBe(200);
  });

  test('two presses at once act once', async () => {
    const url = linkOf('ana');
    const pages = await Promise.all([press(url, 'acknowledge'), press(url, 'acknowledge')]);
    expect(pages.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(life.state.acknowledgements).toHaveLength(1);
  });

  test('after another resolved it, the page says who did, and when', async () => {
    const url = linkOf('ana');
    life.at('2:00').resolve('bob');
    const page = await press(url, 'acknowledge');
    expect(page.statusCode).toBe(409);
    expect(page.body).toContain('The incident is already resolved');
    expect(page.body).toContain('Already resolved by Bob at 00:02:00 UTC.');
    expect(buttons(page)).toEqual([]);
    const second = await press(url, 'acknowledge');
    expect(second.statusCode).toBe(409);
    expect(second.body).toContain('The incident is already resolved');
  });

  test('an incident whose execution is over is answered from its final state', async () => {
    const url = linkOf('ana');
    life.resolve('bob');
    incident.engine = 'closed';
    const page = await press(url, 'resolve');
    expect(page.statusCode).toBe(409);
    expect(page.body).toContain('The incident is closed');
    expect(page.body).toContain('Already resolved by Bob');
  });

  test.each(['', 'reassign', 'ACKNOWLEDGE', 'acknowledge&action=resolve', '__proto__'])(
    'no other action is taken: "%s"',
    async (action) => {
      const page = await press(linkOf('ana'), action);
      expect(page.statusCode).toBe(400);
      expect(incident.asked).toEqual([]);
    },
  );

  test.each([
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded2',
  ])('no other content type is taken: %s', async (type) => {
    const payload = type === 'application/json' ? '{"action":"acknowledge"}' : 'action=acknowledge';
    const page = await app.inject({ method: 'POST', url: linkOf('ana'), headers: { 'content-type': type }, payload });
    expect(page.statusCode).toBe(415);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(incident.asked).toEqual([]);
  });

  test('a body without an end is refused', async () => {
    const page = await press(linkOf('ana'), 'x'.repeat(5_000));
    expect(page.statusCode).toBe(413);
    expect(incident.asked).toEqual([]);
  });
});

describe('links that are not good', () => {
  test('tampered with, cut short, or made up: 403', async () => {
    const url = linkOf('ana');
    for (const bad of [
      `${url}x`,
      url.slice(0, -1),
      url.replace('/v1.', '/v2.'),
      '/ack/',
      '/ack/a/b',
      '/ack/%00',
      `/ack/${'a'.repeat(5_000)}`,
    ]) {
      expect(await both(bad)).toEqual([403, 403]);
    }
    expect(incident.asked).toEqual([]);
  });

  test('the payload of a link for another incident under this signature: 403', async () => {
    const [, payload] = linkOf('ana', { incident: 'other.k.r' }).split('.');
    const [version, , signature] = linkOf('ana').split('.');
    expect(await both([version, payload, signature].join('.'))).toEqual([403, 403]);
  });

  test('expired: 410, from the very instant on', async () => {
    const url = linkOf('ana', { expiresAt: life.now });
    expect(await both(url)).toEqual([410, 410]);
    expect(await both(linkOf('ana', { expiresAt: life.now + 1 }))).toEqual([200, 200]);
  });

  test('of an incident that there is not: 404', async () => {
    expect(await both(linkOf('ana', { incident: 'other.k.r' }))).toEqual([404, 404]);
  });

  test('of a user who is no longer in the configuration: 403', async () => {
    expect(await both(linkOf('zoe'))).toEqual([403, 403]);
    expect(incident.asked).toEqual([]);
  });
});

describe('while something is down', () => {
  test('no worker: the page still offers the buttons, and what is pressed is noted', async () => {
    const url = linkOf('ana');
    incident.engine = 'noWorker';
    const page = await get(url);
    expect(page.statusCode).toBe(503);
    expect(buttons(page)).toEqual(['acknowledge', 'resolve']);
    const noted = await press(url, 'acknowledge');
    expect(noted.statusCode).toBe(202);
    expect(noted.body).toContain('Noted, not yet confirmed');
  });

  test('Temporal away: 503, nothing is promised', async () => {
    const url = linkOf('ana');
    incident.engine = 'away';
    for (const page of [await get(url), await press(url, 'acknowledge')]) {
      expect(page.statusCode).toBe(503);
      expect(page.headers['retry-after']).toBe('5');
      expect(page.body).toContain('nothing could be promised');
      expect(page.body).not.toContain('Acknowledged');
    }
  });

  test('what comes next cannot be had: the page is there without it', async () => {
    incident.next = () => Promise.reject(new Error('no answer'));
    const page = await get(linkOf('ana'));
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Not known just now');
  });

  test('a defect of ours is a page too, and says nothing of the inside', async () => {
    incident.read = () => Promise.reject(new Error('password=hunter2'));
    const page = await get(linkOf('ana'));
    expect(page.statusCode).toBe(500);
    expect(page.body).not.toContain('hunter2');
    expect(logged).toContain('the phone page failed');
  });
});

describe.each(LANGUAGES.filter((language) => language !== 'en'))('in %s', (language) => {
  const { page: phrases, labels, refusal } = wordingOf(language);
  /** What the page itself says, beside what is data. */
  const words = ({ body }: LightMyRequestResponse): string =>
    body.replace(/<style>[^]*<\/style>/, '').replaceAll(/<[^>]*>/g, ' ');
  const ENGLISH = /Acknowledge|Resolve|Nobody|What comes|Severity|Since|Noted|worker/i;

  test('the page of a user is in their language, whatever the organization writes', async () => {
    present = speaking(language, 'en');
    const looked = await get(linkOf('ana'));
    expect(looked.body).toContain(`<html lang="${language}">`);
    for (const text of [
      labels.acknowledge,
      labels.resolve,
      phrases.whoHoldsIt,
      phrases.whatComesNext,
      '00:05:00 UTC',
    ]) {
      expect(looked.body).toContain(text);
    }
    expect(words(looked)).not.toMatch(ENGLISH);
    const pressed = await press(linkOf('ana'), 'acknowledge');
    expect(pressed.body).toContain(`<p class="say" role="status">${phrases.done.acknowledge}</p>`);
    const again = await press(linkOf('ana'), 'acknowledge');
    expect(again.statusCode).toBe(409);
    expect(again.body).toContain(refusal('LINK_USED'));
    const resolved = await press(linkOf('ana'), 'resolve');
    expect(resolved.body).toContain(phrases.nothingResolved);
    // Bob reads English.
    expect((await get(linkOf('bob'))).body).toContain('Already resolved by Ana at 00:00:00 UTC.');
  });

  test('without a user it is in the language of the organization', async () => {
    present = speaking('en', language);
    const expired = await get(linkOf('ana', { expiresAt: life.now }));
    expect(expired.statusCode).toBe(410);
    for (const text of [`<html lang="${language}">`, refusal('LINK_EXPIRED'), phrases.linkExpiredHelp]) {
      expect(expired.body).toContain(text);
    }
    const forged = await get(`${linkOf('ana')}x`);
    for (const text of [refusal('LINK_INVALID'), phrases.linkInvalidHelp]) expect(forged.body).toContain(text);
    expect((await get(linkOf('zoe'))).body).toContain(phrases.userGone);
  });

  test('what nobody can be told of just now, and what is only noted', async () => {
    present = speaking(language, 'en');
    incident.engine = 'noWorker';
    expect((await get(linkOf('ana'))).body).toContain(phrases.notShown);
    const noted = await press(linkOf('ana'), 'acknowledge');
    expect(noted.statusCode).toBe(202);
    expect(noted.body).toContain(phrases.recorded);
    expect((await press(linkOf('ana'), 'nonsense')).body).toContain(phrases.useTheButtons);
  });
});

test.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))(
  'text of an alert stays text: %s',
  async (_name, text) => {
    const links = [
      { href: text, text },
      { href: `https://example.com/${text}`, text },
    ];
    const changes = links.map((link) => ({ id: 'c1', at: BEGIN, summary: text, source: text, links: [link] }));
    begin({ ...TRIGGER, summary: text, links }, changes);
    const { body } = await get(linkOf('ana'));
    const own = 'html head meta title style body main h1 h2 p ul li a form input button'.split(' ');
    const attributes = 'charset class content dir href lang method name rel type value'.split(' ');
    for (const { name, attributes: given } of elementsOf(parseHtml(body))) {
      expect(own).toContain(name);
      for (const attribute of Object.keys(given)) expect(attributes).toContain(attribute);
      if (name === 'a') expect(given['href']).toMatch(/^https?:/);
    }
    expect(body).not.toMatch(ACTS);
  },
);
