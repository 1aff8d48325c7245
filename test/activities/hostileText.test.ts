/** Text of an alert stays text: in an e-mail's headers, text and HTML, in a terminal, in JSON, and in Slack's mrkdwn. */
import { NO_STORE } from '../support/noStore.ts';
import type { NotifyRequest } from '../../activities/contract.ts';
import { createActivities } from '../../activities/index.ts';
import { Webhook } from 'standardwebhooks';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import type { SlackStandIn } from '../support/providers/slack.ts';
import { startSlack } from '../support/providers/slack.ts';
import type { ReceivedMail, SmtpServer } from '../support/smtpServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import type { Opsgenie } from '../support/providers/opsgenie.ts';
import { GENIE_KEY, startOpsgenie } from '../support/providers/opsgenie.ts';
import type { PagerDuty } from '../support/providers/pagerduty.ts';
import { ROUTING_KEY, startPagerDuty } from '../support/providers/pagerduty.ts';
import { elementsOf, parseHtml } from '../support/providers/xml.ts';
import { ACTS, counting, HOSTILE } from './hostileTexts.ts';
import { PUBLIC_URL, SECRET, configured, incidentView, noticeTo, requestWith } from './requests.ts';

const changeSaying = (text: string, href: string) => ({
  id: 'c1',
  at: '2026-12-01T10:00:00.000Z',
  summary: text,
  source: text,
  links: [{ href, text }],
});

/** A text in every place that an alert or its service can fill. */
const everywhere = (text: string): NotifyRequest =>
  requestWith(
    {
      summary: text,
      dedupKey: text,
      details: { [text]: text, nested: { list: [text, { deep: text }] } },
      links: [
        { href: text, text },
        { href: `https://example.com/${text}`, text },
      ],
      changes: [changeSaying(text, text), changeSaying(text, `https://example.com/${text}`)],
      service: { id: 'payments', name: text, description: text, runbook: text },
    },
    { why: text, present: text },
  );

const CASES = HOSTILE.map((text) => [JSON.stringify(text).slice(0, 60), text] as const);
const count = counting('hostileText');

/** The elements of a mail's HTML: names, and attributes but for where links lead. */
const markupOf = (html: string): readonly string[] =>
  elementsOf(parseHtml(html)).map(({ name, attributes }) => {
    const { href, ...others } = attributes;
    return `${name} ${JSON.stringify(others)}${href === undefined ? '' : ' href'}`;
  });

let server: SmtpServer;
let hook: HttpServer;
let slack: SlackStandIn;
let mails: ReadonlyMap<string, ReceivedMail>;
/** What the page's own markup consists of, with nothing hostile in it. */
let ownMarkup: ReadonlySet<string>;
const ENDPOINT_SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const lines: string[] = [];
const activities = () =>
  createActivities({
    configuration: () =>
      configured({
        email: { smtp: server.url, from: 'Tocsin <alerts@example.com>' },
        webhook: { bus: { url: hook.url, secret: ENDPOINT_SECRET, allowPrivate: true } },
        slack: slack.configured,
      }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    print: (line) => lines.push(line),
  });

beforeAll(async () => {
  [server, hook, slack] = await Promise.all([startSmtpServer(), startHttpServer(), startSlack()]);
  // All at once: a real server takes its time to greet.
  const { email } = activities().channels;
  const sent = async (request: NotifyRequest): Promise<ReceivedMail> => {
    const { providerId } = await email.notify(request);
    return server.mails.find(({ messageId }) => messageId === providerId)!;
  };
  const own = await sent(
    requestWith(
      {
        links: [
          { href: 'https://a.example', text: 'a' },
          { href: 'b', text: 'b' },
        ],
        changes: [changeSaying('deploy', 'https://ci.example.com/'), changeSaying('flag', 'none')],
      },
      { present: 'open' },
    ),
  );
  ownMarkup = new Set(markupOf(own.html));
  mails = new Map(
    await Promise.all(
      HOSTILE.map(async (text, index) => {
        count.tries('email', text);
        return [text, await sent({ ...everywhere(text), idempotencyKey: `key-${index}` })] as const;
      }),
    ),
  );
});
afterAll(() => Promise.all([server.stop(), hook.stop(), slack.stop()]));

describe.each(CASES)('%s', (_name, text) => {
  test('stays text in an e-mail', () => {
    const mail = mails.get(text)!;

    // The headers are ours alone, once each, and short enough for any server (RFC 5322 §2.1.1).
    const head = mail.raw.slice(0, mail.raw.indexOf('\r\n\r\n'));
    expect([...mail.headers.keys()].toSorted()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'in-reply-to',
      'message-id',
      'mime-version',
      'references',
      'subject',
      'to',
    ]);
    expect(head.match(/^[A-Za-z-]+:/gm)).toHaveLength(mail.headers.size);
    for (const line of mail.raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
    expect(mail.recipients).toEqual(['ana@example.com']);

    // The subject reads as the alert's text does, on one line.
    expect(mail.subject.startsWith('[89abcdef]')).toBe(true);
    expect(mail.subject).not.toMatch(ACTS);
    expect(mail.subject).not.toContain('\n');
    expect(Array.from(mail.subject).length).toBeLessThanOrEqual(200);
    if (text.includes('=?')) expect(mail.subject).toContain(text);

    // No element, attribute or link of the HTML is the alert's.
    for (const element of markupOf(mail.html)) expect(ownMarkup).toContain(element);
    for (const { name, attributes, children } of elementsOf(parseHtml(mail.html))) {
      if (name === 'a') expect(attributes['href']).toMatch(/^https?:\/\//);
      if (name === 'title') expect(children).toEqual([mail.subject]);
    }
    expect(mail.html).not.toMatch(ACTS);
    expect(mail.text).not.toMatch(ACTS);
    expect(mail.raw.length).toBeLessThan(150_000);
  });

  test('stays text in a terminal', async () => {
    lines.length = 0;
    count.tries('console', text);
    await activities().channels.console.notify({ ...everywhere(text), contact: 'term' });
    expect(lines.length).toBeLessThan(30);
    for (const line of lines) {
      expect(line).not.toMatch(ACTS);
      expect(line).not.toContain('\n');
    }
    expect(lines.at(-1)).toMatch(/^ {3}Acknowledge: https:\/\/tocsin\.example\.com\/ack\/v1\.[\w-]+\.[\w-]+$/);
  });
});

describe.each(CASES)('%s', (_name, text) => {
  test('stays text in the JSON of a webhook, and is what came', async () => {
    const view = incidentView({
      summary: text,
      dedupKey: text,
      details: { [text]: text },
      links: [{ href: text, text }],
    });
    const notice = { ...noticeTo('webhook', null), incident: view };
    count.tries('webhook', text);
    await activities().channels.webhook.tell(notice);
    const { body, headers } = hook.requests.at(-1)!;
    const read = new Webhook(ENDPOINT_SECRET).verify(body, headers as Record<string, string>) as {
      data: { incident: { summary: string }; cut?: true };
    };
    if (read.data.cut !== true) expect(read.data.incident).toEqual(view);
    else expect(text.startsWith(read.data.incident.summary.replace(/…$/u, ''))).toBe(true);
    expect(Buffer.byteLength(body)).toBeLessThan(20_000);
  });
});

describe('on systems that hold incidents too', () => {
  let pagerduty: PagerDuty;
  let opsgenie: Opsgenie;
  beforeAll(async () => {
    [pagerduty, opsgenie] = await Promise.all([startPagerDuty(), startOpsgenie()]);
  });
  afterAll(() => Promise.all([pagerduty.stop(), opsgenie.stop()]));

  const platforms = () => {
    const { url } = pagerduty;
    const service = { routingKey: ROUTING_KEY, url, apiUrl: url, webhookSecrets: [], users: {} };
    const channels = {
      pagerduty: { bus: service },
      opsgenie: { bus: { apiKey: GENIE_KEY, url: opsgenie.url } },
    };
    const deps = { secret: SECRET, store: NO_STORE, publicUrl: PUBLIC_URL };
    return createActivities({ ...deps, configuration: () => configured(channels) }).channels;
  };
  const strings = (value: unknown): readonly string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, one]) => [name, ...strings(one)]);
  };
  const notice = (channel: 'pagerduty' | 'opsgenie', text: string): NoticeRequest => ({
    ...noticeTo(channel, null, { summary: text, details: { [text]: text }, links: [{ href: text, text }] }),
    type: 'incident.triggered',
    text,
    service: { id: 'payments', name: text },
    origin: { source: text, component: text, group: text, class: text, priority: null },
  });
  const page = (contact: string, text: string): NotifyRequest => {
    const { origin } = notice('pagerduty', text);
    return { ...everywhere(text), contact, userName: text, ...(origin === undefined ? {} : { origin }) };
  };

  test.each(CASES)('PagerDuty takes it, as text: %s', async (_name, text) => {
    count.tries('pagerduty', text);
    await platforms().pagerduty.notify(page('pd', text));
    await platforms().pagerduty.tell(notice('pagerduty', text));
    for (const event of pagerduty.events.slice(-2)) {
      for (const one of strings(event)) expect(one).not.toMatch(ACTS);
      expect(event.payload?.['summary']).not.toContain('\n');
      for (const { href } of event.links ?? []) expect(href).toMatch(/^https?:\/\//);
      expect(event.client_url ?? 'https://').toMatch(/^https?:\/\//);
    }
  });

  test.each(CASES)('Opsgenie takes it, as text: %s', async (_name, text) => {
    count.tries('opsgenie', text);
    await platforms().opsgenie.notify(page('og', text));
    await platforms().opsgenie.tell({ ...notice('opsgenie', text), type: 'incident.noted' });
    const sent = opsgenie.server.requests.slice(-2).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    for (const one of strings(sent)) expect(one).not.toMatch(ACTS);
    expect(sent[0]!['message']).not.toContain('\n');
    expect(sent[0]!['description']).toContain('/ack/v1.');
  });
});

/** What of a text in Slack's mrkdwn is neither our label, date nor link: nothing in it may mention, link or format. */
const withoutMrkdwn = (text: string): string =>
  text
    .replaceAll(/^\*(?:Incident|Severity|Service|Since|Changes shortly before)\*$/gm, '')
    .replaceAll(/<!date\^\d+\^\{date_num\} \{time_secs\}\|[^<>|]*>/g, '')
    .replaceAll(/<https?:\/\/[^<>|\s]*\|([^<>|]*)>/g, '$1')
    .replaceAll(/&(?:amp|lt|gt);/g, '');

describe.each(CASES)('%s', (_name, text) => {
  test.each([
    ['page', () => activities().channels.slack.notify({ ...everywhere(text), userName: text, contact: 'slack' })],
    [
      'notice',
      () =>
        activities().channels.slack.tell({
          ...noticeTo('slack', 'slack', { summary: text, links: [{ href: text, text }] }),
          text,
          service: { id: 'payments', name: text },
        }),
    ],
    [
      'line of a thread',
      async () => {
        const { conversation = null } = await activities().channels.slack.tell(noticeTo('slack', 'room'));
        const note = { ...noticeTo('slack', 'room'), type: 'incident.noted' as const, text, conversation };
        await activities().channels.slack.tell(note);
      },
    ],
  ])("stays text in Slack's mrkdwn (%s)", async (_kind, send) => {
    count.tries('slack', text);
    await send();
    const { text: fallback, blocks } = slack.messages.at(-1)!;
    const texts = blocks.flatMap(({ text: one, fields = [] }) => [...(one === undefined ? [] : [one]), ...fields]);
    const marked = texts.filter(({ type }) => type === 'mrkdwn').map((each) => each.text);
    for (const shown of [fallback, ...marked]) {
      expect(shown).not.toMatch(ACTS);
      expect(withoutMrkdwn(shown)).not.toMatch(/[<>&]|(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])/u);
    }
    for (const { text: shown } of texts) expect(shown).not.toMatch(ACTS);
  });
});

test('on each of them sixty and more were tried', () => expect(count.short()).toEqual([]));

test('what would mention people, link or format in Slack is escaped, or shown by its full-width double', async () => {
  const summary = '<!channel> <@U1|ana> <https://evil.example|ok> *b* _i_ node_cpu `c` ~s~ & <#C1>';
  await activities().channels.slack.notify(requestWith({ summary }, { contact: 'slack' }));
  expect(slack.messages.at(-1)!.text.split('\n')[0]).toBe(
    '🚨 [89abcdef] &lt;!channel&gt; &lt;@U1|ana&gt; &lt;https://evil.example|ok&gt; ＊b＊ ＿i＿ node_cpu ｀c｀ ～s～ &amp; &lt;#C1&gt;',
  );
});

test('what is hidden in a text is shown, not dropped', async () => {
  lines.length = 0;
  const request = requestWith({ summary: 'invoice\u202Egnp.exe \u001b[31m' }, { contact: 'term' });
  await activities().channels.console.notify(request);
  expect(lines.join('\n')).toContain('invoice\\u{202e}gnp.exe \\u{1b}[31m');
});

test('the console says who is told what, why, and how to acknowledge', async () => {
  lines.length = 0;
  await activities().channels.console.notify(requestWith({}, { contact: 'term', present: 'acknowledged by Bob' }));
  const block = lines.join('\n');
  for (const text of [
    'Ana Wei',
    '[89abcdef] disk of db1 is full',
    'Payments',
    'critical',
    'level 1',
    'Now: acknowledged by Bob',
    '/ack/v1.',
  ]) {
    expect(block).toContain(text);
  }
});
