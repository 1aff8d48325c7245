/** Integrations of no service, and the rules that route their events: what is taken, and every error that they can have. */
import { changed, errorsOf, load, section } from './written.ts';
import type { Case } from './written.ts';

const PROM = 'integrations: [{ id: prom, key: prometheus-key-000000001, source: events-v2 }]';
const REST = '- set: { service: shop }';
/** Stands at line 9; the rules begin at line 11. */
const rules = (...lines: readonly string[]): [string, string] =>
  section(`${PROM}\nrouting:\n${lines.map((line) => `  ${line}`).join('\n')}`);
const when = (expression: string): [string, string] =>
  rules(`- { when: '${expression}', set: { service: shop } }`, REST);
const cannot = (at: number, text: string): string =>
  `11:13 routing[0].when: not an expression that can decide, at character ${at}: ${text}`;

const MEMBERS = 'action, dedupKey, summary, source, severity, priority, component, group, class, at, details, links';
const NEEDED =
  'an integration of no service needs a last rule without `when`, so that no event is left over; add - set: { service: … } at the end of routing:';

const expressions: Case[] = [
  ['an expression that is none', when('event.severity =='), cannot(16, 'found = but expecting end of input')],
  [
    'an unfinished expression',
    when('(('),
    cannot(
      3,
      "found end of input but expecting '!', '(', '-', '.', '[', '{', boolean literal, bytes literal, comment, float literal, identifier, integer literal, null literal, selector, string literal, unsigned integer literal, or whitespace",
    ),
  ],
  ['a misspelt variable', when('evnt.severity == "x"'), cannot(1, 'evnt is not known here; did you mean "event"?')],
  [
    'a misspelt member',
    when('event.sevrity == "x"'),
    cannot(6, 'event has no member sevrity; did you mean "severity"?'),
  ],
  ['a member by index', when('event["x"] == ""'), cannot(6, `event has no member x; there are: ${MEMBERS}`)],
  [
    'a misspelt function',
    when('event.summary.contians("x")'),
    cannot(14, 'contians() is not known; did you mean "contains"?'),
  ],
  [
    'a function called as another',
    when('contains(event.summary, "x")'),
    cannot(1, 'contains() is called as text.contains(…)'),
  ],
  [
    'too many arguments',
    when('event.summary.contains("x", "y")'),
    cannot(14, 'contains() has 2 arguments here, and takes 1'),
  ],
  [
    'a macro without its name',
    when('event.details.tags.exists("x")'),
    cannot(19, 'exists() takes a name and an expression: list.exists(x, x == "a")'),
  ],
  ['has() of no member', when('has(event)'), cannot(1, 'has() takes a member, such as event.details.region')],
  [
    'has() of what is always there',
    when('has(event.severity)'),
    cannot(1, 'has(event.severity) is always true: a member that the source did not send is empty'),
  ],
  [
    'a pattern that is none',
    when('event.summary.matches("(")'),
    cannot(23, 'error parsing regexp: missing closing ): `(`'),
  ],
  [
    'a pattern that a sender chooses',
    when('event.summary.matches(event.details.p)'),
    cannot(36, 'the pattern of matches() must be text, as it is'),
  ],
  [
    'text where true or false belongs',
    when('event.severity'),
    cannot(6, 'this gives text, and true or false is needed: compare it with something'),
  ],
  [
    'a number below &&',
    when('event.severity == "x" && 1'),
    cannot(26, 'this gives a number, and true or false is needed: compare it with something'),
  ],
  [
    'a list from a loop',
    when('event.details.tags.filter(t, true)'),
    cannot(19, 'this gives a list, and true or false is needed: compare it with something'),
  ],
  ['a message', when('Timestamp{seconds: 1} == 1'), cannot(1, 'messages such as Timestamp are not known')],
  [
    'loops in loops in loops',
    when('event.links.all(a, event.links.all(b, event.links.all(c, c == b)))'),
    cannot(50, 'loops are nested deeper than 2'),
  ],
  [
    'deep nesting',
    when(`${'[1] + '.repeat(60)}[1] == []`),
    cannot(64, 'it is nested deeper than 50; make it several rules'),
  ],
  [
    'a long expression',
    when(`event.summary == "${'x'.repeat(1_000)}"`),
    cannot(1, 'it has 1019 characters, and may have 1000; make it several rules'),
  ],
  [
    'an empty expression',
    when(' '),
    '11:13 routing[0].when: expected a CEL expression such as event.severity == "critical", found " "',
  ],
  [
    'an expression from outside',
    when('event.source == "${HOME:-x}"'),
    '11:13 routing[0].when: a ${NAME} is not taken here: the expression is shown in timelines; write the value itself',
  ],
];

const outcomes: Case[] = [
  [
    'a service that is not there',
    rules('- set: { service: shpo }'),
    '11:21 routing[0].set.service: "shpo": there is no such service; did you mean "shop"?',
  ],
  [
    'a rule that goes nowhere',
    rules('- { when: \'event.class == "x"\', set: { priority: P1 } }', REST),
    '11:5 routing[0]: says not where its events go; add set: { service: … }, or suppress: true',
  ],
  [
    'a rule that sets and suppresses',
    rules('- { when: \'event.class == "x"\', set: { service: shop }, suppress: true }', REST),
    '11:35 routing[0].set: a rule that suppresses makes no incident, so it sets nothing; leave out set, or suppress',
  ],
  [
    'rules that are never asked',
    rules(REST, '- { suppress: true }', REST),
    '12:5 routing[1]: is never asked: rule 1 has no `when` and takes everything; put that one last',
    '13:5 routing[2]: is never asked: rule 1 has no `when` and takes everything; put that one last',
  ],
  [
    'a last rule with a condition',
    rules('- { when: \'event.class == "x"\', set: { service: shop } }'),
    `11:5 routing[0]: ${NEEDED}`,
  ],
  ['an integration of no service without rules', section(PROM), `9:16 integrations[0]: ${NEEDED}`],
  [
    'a priority unlike P1 to P5',
    rules('- set: { service: shop, priority: P6 }'),
    '11:37 routing[0].set.priority: expected P1, P2, P3, P4 or P5, found "P6"',
  ],
  [
    'a severity that is none',
    rules('- set: { service: shop, severity: bad }'),
    '11:37 routing[0].set.severity: expected critical, error, warning or info, found "bad"',
  ],
  [
    'an urgency that is none',
    rules('- set: { service: shop, urgency: bySeverity }'),
    '11:36 routing[0].set.urgency: expected high or low, found "bySeverity"',
  ],
];

const keys: Case[] = [
  [
    'an id that an integration of a service has',
    section(`${PROM.replace('prom', 'shop-guance')}\nrouting: [{ set: { service: shop } }]`),
    '9:22 integrations[0].id: an integration of service shop has the same id; give this one an id of its own',
  ],
  [
    'a routing key that an integration of a service has',
    section(
      `${PROM.replace('prometheus-key-000000001', '0123456789abcdef0123456789abcdef')}\nrouting: [{ set: { service: shop } }]`,
    ),
    '9:33 integrations[0].key: an integration of service shop has the same routing key; give each its own',
  ],
];

test.each([...expressions, ...outcomes, ...keys])('%s is refused', (_kind, [find, replace], ...expected) => {
  expect(errorsOf(changed(find, replace))).toEqual(expected);
});

test('rules keep their order and what they set; an integration of no service has its own id, or one by its source', () => {
  const { configuration } = load(
    changed(
      ...section(`integrations:
  - { id: prom, key: prometheus-key-000000001, source: events-v2 }
  - { key: prometheus-key-000000002, source: guance }
routing:
  - when: event.severity == "critical" && event.details.region == "cn-north"
    set: { service: shop, priority: P1, urgency: high, severity: critical }
  - { when: 'event.summary.contains("smoke test")', suppress: true }
  - set: { service: shop }`),
    ),
  );
  expect(configuration.integrations.get('prom')).toMatchObject({ service: null, source: 'events-v2' });
  expect(configuration.integrations.get('routed-guance')).toMatchObject({ service: null, source: 'guance' });
  const nothing = {
    when: null,
    suppress: false,
    service: null,
    severity: null,
    priority: null,
    urgency: null,
    holdFor: null,
  };
  expect(configuration.routing).toEqual([
    {
      when: 'event.severity == "critical" && event.details.region == "cn-north"',
      suppress: false,
      service: 'shop',
      severity: 'critical',
      priority: 'P1',
      urgency: 'high',
      holdFor: null,
    },
    { ...nothing, when: 'event.summary.contains("smoke test")', suppress: true },
    { ...nothing, service: 'shop' },
  ]);
});

test('rules without an integration of no service need no last one, and a service may have no integration', () => {
  const text = changed('    integrations:\n      - { key: 0123456789abcdef0123456789abcdef, source: guance }\n', '');
  const { configuration } = load(
    text.replace('services:', 'routing: [{ when: \'event.group == "a"\', set: { service: shop } }]\nservices:'),
  );
  expect([...configuration.integrations.keys()]).toEqual(['manual-shop']);
  expect(configuration.routing).toHaveLength(1);
});
