/** Templates as they are configured: what is taken, and where and how a mistake in one is told. */
import { changed, errorsOf, load, section } from './written.ts';

const templates = (text: string): [string, string] => section(`templates:\n${text}`);

test('a template stands by itself, for every language, or by language', () => {
  const text = changed(
    ...templates(`  console: { page: '{{ summary }}', notice: { de: '{{ change }}!', any: '{{ change }}' } }
  email:
    subject: '{{ service.name }}: {{ summary }}'
    html: |
      <p>{{ summary }}</p>
      <a href="{{ ackUrl }}">{{ labels.acknowledge }}</a>`),
  );
  expect(load(text).configuration.templates).toMatchObject({
    console: { page: { any: '{{ summary }}' }, notice: { de: '{{ change }}!', any: '{{ change }}' } },
    email: { subject: { any: '{{ service.name }}: {{ summary }}' }, html: { any: expect.stringContaining('<p>') } },
  });
});

test('none is needed', () => {
  expect(load(changed('services:', 'templates: {}\nservices:')).configuration.templates).toEqual({});
});

/** What is told of it. */
type Case = readonly [kind: string, change: [find: string, replace: string], expected: string | RegExp];

const CASES: readonly Case[] = [
  [
    'a channel that has none',
    templates('  webhook: { page: x }'),
    '10:3 templates.webhook: webhook is not known here; there are: email, sms, voice, slack, wecom, dingtalk, feishu, teams, ntfy, console, pagerduty, opsgenie',
  ],
  [
    'a part that there is not',
    templates('  email: { sbject: x }'),
    '10:12 templates.email.sbject: sbject is not known here; did you mean "subject"?',
  ],
  [
    'a language that there is not',
    templates('  console: { page: { fr: x } }'),
    '10:22 templates.console.page.fr: fr is not known here; there are: any, en, zh-CN, ja, ko, de',
  ],
  [
    'what is no text',
    templates('  console: { page: { de: 5 } }'),
    '10:26 templates.console.page.de: expected a template such as "{{ service.name }}: {{ summary }}", found 5',
  ],
  ...(
    [
      ['an output without an end', '{{ summary', 'output "{{ summary" not closed (line 1, column 1 of the template)'],
      ['a tag without an end', '{% if user %}x', 'tag {% if user %} not closed (line 1, column 1 of the template)'],
      [
        'a filter that there is not',
        'x {{ summary | shout }}',
        'undefined filter: shout (line 1, column 3 of the template)',
      ],
      ['what would not be escaped', '{{ summary | raw }}', 'undefined filter: raw (line 1, column 1 of the template)'],
      ['a tag that would not be', '{% echo summary %}', 'tag "echo" not found (line 1, column 1 of the template)'],
      ['a file', '{% include "x" %}', 'tag "include" not found (line 1, column 1 of the template)'],
      [
        'a variable that there is not',
        '{{ sumary }}',
        /^10:20 templates\.console\.page: not a template that can be used: there is no variable sumary; there are language, /,
      ],
      ['a member that there is not', '{{ service.nam }}', 'service has no nam; it has id, name, description, runbook'],
      ['a member of a text', '{{ summary.text }}', 'summary has no text; it is a text'],
    ] as const
  ).map(([name, template, why]): Case => [
    name,
    templates(`  console: { page: '${template}' }`),
    typeof why === 'string' ? `10:20 templates.console.page: not a template that can be used: ${why}` : why,
  ]),
  [
    'a mistake in one language, on another line',
    templates('  email:\n    text:\n      de: |\n        {{ summary }}\n        {{ nope }}'),
    /^12:11 templates\.email\.text\.de: not a template that can be used: there is no variable nope; /,
  ],
  [
    'an attribute that a text with a space would end',
    templates("  email: { html: '<a href={{ ackUrl }}>go</a>' }"),
    '10:18 templates.email.html: not a template that can be used: an attribute is not in quotes: write href="{{ … }}"',
  ],
  [
    'words for what Tencent Cloud alone words',
    section(
      "channels: { sms: { provider: tencent, secretId: i, secretKey: k, sdkAppId: '1', signName: s, templateId: '2', params: [] } }\ntemplates: { sms: { page: x } }",
    ),
    /^10:14 templates\.sms: Tencent Cloud sends an approved template of its own; word what is put into it in channels\.sms\.params$/,
  ],
  [
    'a script',
    templates("  email: { html: '<script>x</script>' }"),
    '10:18 templates.email.html: not a template that can be used: it has a script, and mail programs run none',
  ],
];

test.each(CASES)('%s', (_name, change, expected) => {
  const [line = ''] = errorsOf(changed(...change));
  if (expected instanceof RegExp) expect(line).toMatch(expected);
  else expect(line).toBe(expected);
});

test('a secret is not put into what is sent, and its value is not told', () => {
  const text = changed(...templates("  console: { page: '${MY_SECRET} {{ nope }}' }"));
  const [line = ''] = errorsOf(text, { MY_SECRET: 'hunter2' });
  expect(line).toContain('templates.console.page: not a template that can be used: a ${NAME} is not taken here');
  expect(line).not.toContain('hunter2');
});

test('variables of loops and of assignments are known where they are', () => {
  const page =
    '{% assign who = user.name | default: "all" %}{% for link in links %}{{ forloop.index }} {{ link.text }}{% endfor %}{{ who }}';
  expect(() => load(changed(...templates(`  console: { page: '${page}' }`)))).not.toThrow();
});
