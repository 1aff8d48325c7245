/** An operator's templates in place of Tocsin's words: used where they hold, done without where they fail, and harmless whatever an alert has in it. */
import { createActivities } from '../../activities/index.ts';
import type { NotifyReceipt, NotifyRequest } from '../../activities/contract.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { Language } from '../../domain/language.ts';
import type { Templates } from '../../domain/templates.ts';
import type { ReceivedMail, SmtpServer } from '../support/smtpServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import type { WecomRobot } from '../support/wecomRobot.ts';
import { startWecomRobot } from '../support/wecomRobot.ts';
import { ACTS, HOSTILE } from './hostileTexts.ts';
import { NO_STORE } from '../support/noStore.ts';
import { configured, incidentView, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let server: SmtpServer;
let robot: WecomRobot;
const lines: string[] = [];
beforeAll(async () => {
  [server, robot] = await Promise.all([startSmtpServer(), startWecomRobot()]);
});
afterAll(() => Promise.all([server.stop(), robot.stop()]));

function channelsWith(templates: Templates, language: Language = 'en') {
  const known = configured({
    email: { smtp: server.url, from: 'Tocsin <alerts@example.com>' },
    wecom: { ops: { url: robot.url } },
  });
  const users = new Map([...known.users].map(([id, user]) => [id, { ...user, language }]));
  const configuration: Configuration = { ...known, users, templates };
  return createActivities({
    configuration: () => configuration,
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    print: (line) => lines.push(line),
  }).channels;
}

async function printed(page: string, request: Partial<NotifyRequest> = {}, language: Language = 'en') {
  lines.length = 0;
  const channels = channelsWith({ console: { page: { any: page } } }, language);
  const receipt = await channels.console.notify({ ...requestWith(), contact: 'term', ...request });
  return { text: lines.slice(1).map((line) => line.slice(3)), receipt };
}

const OURS = '[89abcdef] disk of db1 is full';
const detailOf = ({ detail }: NotifyReceipt): string => detail ?? '';

test('an e-mail is what its templates say, and the phone page can be reached from it', async () => {
  await channelsWith({
    email: {
      subject: { any: '{{ service.name }} {{ incident.severity | upcase }}: {{ summary }}' },
      text: { any: '{{ summary }} on {{ incident.details.host }}\n{{ ackUrl }}\n' },
      html: {
        any: '<p>{{ summary }}</p><a href="{{ ackUrl }}">go</a>{% for link in links %}<a href="{{ link.href }}">{{ link.text }}</a>{% endfor %}',
      },
    },
  }).email.notify(requestWith());
  const { subject, text, html } = server.mails.at(-1)!;
  // The number is in every subject, whatever a template leaves out.
  expect(subject).toBe('[89abcdef] Payments CRITICAL: disk of db1 is full');
  expect(text).toMatch(/^disk of db1 is full on db1\nhttps:\/\/tocsin\.example\.com\/ack\/v1\.\S+\n?$/);
  expect(html).toMatch(/^<p>disk of db1 is full<\/p><a href="https:\/\/tocsin\.example\.com\/ack\/v1[^"]*">go<\/a>/);
  expect(html).toContain('<a href="https://grafana.example.com/d/1?a=1&amp;b=2">Dashboard</a>');
});

test('a notice has templates of its own, and a page’s are not used for it', async () => {
  const channels = channelsWith({
    email: { subject: { any: 'page' }, noticeSubject: { any: '{{ incident.number }} {{ change }}, now {{ status }}' } },
    wecom: { page: { any: 'page' }, notice: { any: '**{{ change }}** {{ user.name }}' } },
  });
  await channels.email.tell(noticeTo('email', 'mail'));
  expect(server.mails.at(-1)!.subject).toBe('#12 Bob acknowledged, now acknowledged by Ana Wei');
  robot.newMinute();
  await channels.wecom.tell(noticeTo('wecom', null));
  // A group is no user.
  expect(robot.messages.at(-1)).toBe('**Bob acknowledged**');
});

test('of several languages the reader’s is used, then the one for any, and then Tocsin’s own words', async () => {
  const page = { de: 'Alarm: {{ summary }}', ko: '{{ labels.severity }} {{ severity }}' };
  const say = async (template: Partial<Record<Language | 'any', string>>, language: Language) => {
    lines.length = 0;
    await channelsWith({ console: { page: template } }, language).console.notify({ ...requestWith(), contact: 'term' });
    return lines[1]!.slice(3);
  };
  expect(await say(page, 'de')).toBe('Alarm: disk of db1 is full');
  expect(await say(page, 'ko')).toBe('심각도 치명적');
  expect(await say({ ...page, any: 'any' }, 'de')).toBe('Alarm: disk of db1 is full');
  expect(await say({ ...page, any: 'any' }, 'ja')).toBe('any');
  expect(await say(page, 'ja')).toBe(OURS);
});

test.each([
  [
    'a filter that is given what it cannot take',
    '{{ summary | date: "%Y", nope | times: 2 }}{{ "x" | sample: -1 | nope }}',
    'undefined filter: nope',
  ],
  [
    'an endless loop',
    '{% for a in (1..9000) %}{% for b in (1..9000) %}{% for c in (1..9000) %}{% endfor %}{% endfor %}{% endfor %}',
    'limit exceeded',
  ],
  [
    'a text that doubles itself',
    '{% assign x = "0123456789" %}{% for i in (1..60) %}{% assign x = x | append: x %}{% endfor %}{{ x }}',
    'memory alloc limit exceeded',
  ],
  ['nothing', '{% if false %}x{% endif %}  ', 'it comes to nothing'],
])('a template that fails (%s) is done without, and the ledger says so', async (_name, template, why) => {
  const { text, receipt } = await printed(template);
  expect(text[0]).toBe(OURS);
  expect(detailOf(receipt)).toContain('templates.console.page failed, and ours was sent: ');
  expect(detailOf(receipt)).toContain(why);
  expect(receipt.failedTemplates).toEqual(['templates.console.page']);
});

test('one part that fails leaves the others, and the provider’s answer', async () => {
  const receipt = await channelsWith({
    email: { subject: { any: 'S {{ summary }}' }, text: { any: ' ' }, html: { any: `<p>${'x'.repeat(100_001)}</p>` } },
  }).email.notify(requestWith());
  const { subject, text, html } = server.mails.at(-1)!;
  expect(subject).toBe('[89abcdef] S disk of db1 is full');
  expect(text).toContain('Acknowledge or resolve:');
  expect(html).toContain('Acknowledge…</a>');
  expect(detailOf(receipt)).toMatch(/^250 .*; templates\.email\.text failed.*; templates\.email\.html failed/);
  expect(receipt.failedTemplates).toEqual(['templates.email.text', 'templates.email.html']);
});

test('a template that holds is not reported', async () => {
  const { receipt } = await printed('{{ summary }}');
  expect(receipt).toEqual({});
});

test('what there is not is nothing, and stops no template', async () => {
  const { text } = await printed(
    '[{{ incident.details.no.such.thing }}{{ change }}{{ incident.details.constructor }}{{ present }}]',
  );
  expect(text).toEqual(['[]']);
});

test('an alert that a filter cannot take costs the template, and no page', async () => {
  const { incident } = requestWith();
  const { text, receipt } = await printed('{{ summary | url_decode }}', {
    incident: { ...incident, summary: '100 %' },
  });
  expect(text[0]).toBe('[89abcdef] 100 %');
  expect(detailOf(receipt)).toContain('URI malformed');
});

test('a text is cut at its limit', async () => {
  const { text } = await printed('{% for i in (1..900) %}0123456789{% endfor %}');
  expect(text).toEqual([expect.stringMatching(/^[0-9]{3999}…$/)]);
});

test.each(['en', 'de', 'zh-CN'] as const)(
  'a drill is marked in %s, whatever its templates leave out',
  async (language) => {
    const { incident } = requestWith();
    const drill = { incident: { ...incident, drill: true } };
    expect((await printed('{{ service.name }}', drill, language)).text[0]).toMatch(/DRILL.*Payments$/);
    // Where the summary stands it is said already, and once.
    expect((await printed('{{ summary }}', drill, language)).text[0]!.match(/DRILL/g)).toHaveLength(1);
    for (const html of ['<p>{{ service.name }}</p>', '<html><body class="x"><p>{{ service.name }}</p></body></html>']) {
      await channelsWith({ email: { html: { any: html } } }, language).email.notify({ ...requestWith(), ...drill });
      expect(server.mails.at(-1)!.html).toMatch(
        /^(<html><body class="x">)?<p><strong>[^<]*DRILL[^<]*<\/strong><\/p><p>Payments/,
      );
    }
  },
);

/** Everything that others wrote, in each place that a template can put it. */
const ALL = [
  '{{ subject }} {{ summary }} {{ why }} {{ present }} {{ change }} {{ status }}',
  '{{ incident.summary }} {{ incident.dedupKey }} {{ incident.details | json }} {{ incident.details | inspect }}',
  '{{ service.name }} {{ service.description }} {{ user.name }} {{ details }}',
  '{% for pair in incident.details %}{{ pair[0] }}={{ pair[1] }} {% endfor %}',
  '{{ summary | escape }} {{ summary | strip_html | upcase }} {{ summary | newline_to_br }} {{ summary | split: "" | join: "" }}',
  '{% assign kept = summary | append: details %}{{ kept | slice: 0, 2000 }}',
  '{% for link in links %}{{ link.text }} {% endfor %}{% for fact in facts %}{{ fact.label }} {{ fact.value }}{% endfor %}',
].join('\n');
const LINKS_IN_HTML =
  '<a href="{{ service.runbook }}">{{ service.name }}</a>{% for link in links %}<a title="{{ link.text }}" href=\'{{ link.href }}\'>{{ link.text }}</a>{% endfor %}';

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
      service: { id: 'payments', name: text, description: text, runbook: text },
    },
    { why: text, present: text, userName: text },
  );

/** One mail for each, sent all at once: a real server takes its time to greet. */
const hostileMails = new Map<string, ReceivedMail>();
beforeAll(async () => {
  const html = `<div>${ALL}</div>${LINKS_IN_HTML}`;
  const { email } = channelsWith({ email: { subject: { any: ALL }, text: { any: ALL }, html: { any: html } } });
  await Promise.all(
    HOSTILE.map(async (text, index) => {
      const { providerId } = await email.notify({ ...everywhere(text), idempotencyKey: `key-${index}` });
      const mail = server.mails.find(({ messageId }) => messageId === providerId);
      if (mail !== undefined) hostileMails.set(text, mail);
    }),
  );
});

describe.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))('%s', (_name, text) => {
  test('stays text in the headers, the text and the HTML of an e-mail', () => {
    const mail = hostileMails.get(text)!;
    const names = [...mail.headers.keys()];
    expect(names.toSorted().join(' ')).toBe(
      'auto-submitted content-type date from in-reply-to message-id mime-version references subject to',
    );
    expect(mail.recipients).toEqual(['ana@example.com']);
    for (const part of [mail.subject, mail.text, mail.html]) expect(part).not.toMatch(ACTS);
    expect(mail.subject).not.toContain('\n');
    expect(Array.from(mail.subject).length).toBeLessThanOrEqual(215);
    const tags = new Set([...mail.html.matchAll(/<\/?([!a-z0-9]+)/gi)].map(([, tag]) => tag));
    expect([...tags].filter((tag) => !['div', 'a'].includes(tag ?? ''))).toEqual([]);
    // What is in quotes is an attribute's value, and no quote of the alert's is left.
    expect(mail.html.replaceAll(/("|')[^"']*\1/g, '')).not.toMatch(/<[^>]*\son\w+\s*=/i);
    for (const [, , href = ''] of mail.html.matchAll(/href=("|')(.*?)\1/g)) expect(href).toMatch(/^(https?:|$)/);
  });

  test("stays text in a robot's Markdown, and in a terminal", async () => {
    robot.newMinute();
    const channels = channelsWith({ wecom: { page: { any: ALL } }, console: { page: { any: ALL } } });
    await channels.wecom.notify({ ...everywhere(text), contact: 'group' });
    const content = robot.messages.at(-1)!;
    expect(content).not.toMatch(ACTS);
    // The cut says so in a quote of ours.
    expect(content.replace(/^> … \(the rest is cut\)$/m, '')).not.toMatch(/[<>*`[\]#&@\\]/);
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4_096);
    lines.length = 0;
    await channels.console.notify({ ...everywhere(text), contact: 'term' });
    for (const line of lines.slice(1)) expect(line).not.toMatch(ACTS);
  });
});

test('an address of an alert’s own details is no link, and then the whole part is Tocsin’s', async () => {
  const link = { email: { html: { any: '<a href="{{ incident.details.host }}">host</a>' } } };
  const sent = async (host: string) => {
    const receipt = await channelsWith(link).email.notify(requestWith({ details: { host } }));
    return { html: server.mails.at(-1)!.html, detail: detailOf(receipt) };
  };
  expect((await sent('https://db1.example.com')).html.trim()).toBe('<a href="https://db1.example.com">host</a>');
  for (const host of ['javascript:alert(1)', ' JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x']) {
    const { html, detail } = await sent(host);
    expect(html).toContain('Acknowledge…');
    expect(detail).toContain('it makes a link of what is no web address');
  }
});

test('links stay links in Markdown, with all that is in them', async () => {
  robot.newMinute();
  const page = '[go]({{ ackUrl }}) {% for link in links %}[{{ link.text }}]({{ link.href }}){% endfor %}';
  await channelsWith({ wecom: { page: { any: page } } }).wecom.notify({ ...requestWith(), contact: 'group' });
  expect(robot.messages.at(-1)).toMatch(
    /^\[go\]\(https:\/\/tocsin\.example\.com\/ack\/v1\.[\w.-]+\) \[Runbook\]\(https:\/\/wiki\.example\.com\/payments\)\[Dashboard\]\(https:\/\/grafana\.example\.com\/d\/1\?a=1&b=2\)$/,
  );
});

test('in a notice there is no link to acknowledge, and its change stays text', async () => {
  const notice = { ...noticeTo('email', 'mail'), text: '<b>x</b>', incident: incidentView() };
  await channelsWith({ email: { noticeHtml: { any: '<i>{{ change }}|{{ ackUrl }}</i>' } } }).email.tell(notice);
  expect(server.mails.at(-1)!.html.trim()).toBe('<i>&lt;b&gt;x&lt;/b&gt;|</i>');
});
