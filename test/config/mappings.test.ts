/** What an integration of source `generic` is told: ready mappings, its own, and every error that they can have. */
import { READY } from '../../mapping/ready/index.ts';
import { changed, errorsOf, load } from './written.ts';
import type { Case } from './written.ts';

/** At line 13, behind `{ key: …, source: `. */
const generic = (mapping: string): [string, string] => ['source: guance', `source: generic, mapping: ${mapping}`];
const WHERE = 'services[0].integrations[0].mapping';
const mappingOf = (mapping: string) =>
  load(changed(...generic(mapping))).configuration.integrations.get('shop-generic')?.mapping;
const cannot = (col: number, member: string, says: string): string =>
  `13:${col} ${WHERE}.${member}: not an expression that can give ${member}, ${says}`;

test.each(Object.keys(READY))('the ready mapping %s is taken by its name', (name) => {
  expect(mappingOf(name)).toEqual(READY[name as keyof typeof READY]);
});

test('one begins with a ready mapping, and has members of its own in the place of that one', () => {
  const own = `{ from: zabbix, severity: '"critical"', details: { host: body.host } }`;
  expect(mappingOf(own)).toEqual({ ...READY.zabbix, severity: '"critical"', details: { host: 'body.host' } });
});

test('one of its own has what is written, and nothing else', () => {
  expect(mappingOf("{ each: body.alerts, summary: item.name, links: '[item.url]' }")).toEqual({
    each: 'body.alerts',
    summary: 'item.name',
    links: '[item.url]',
  });
});

const cases: Case[] = [
  [
    'a generic integration without a mapping',
    ['source: guance', 'source: generic'],
    '13:9 services[0].integrations[0]: source generic needs a mapping: the name of a ready one, such as zabbix, or { summary: body.title, … }',
  ],
  [
    'a mapping of another source',
    ['source: guance', 'source: guance, mapping: zabbix'],
    '13:66 services[0].integrations[0].mapping: mapping is a setting of source generic; this one is of source guance: leave it out',
  ],
  [
    'a ready mapping that is none',
    generic('zabix'),
    `13:76 ${WHERE}: expected zabbix, datadog, uptime-kuma, cloudevents, nagios or icinga, found "zabix"`,
  ],
  [
    'a mapping without a summary',
    generic('{ dedupKey: body.id }'),
    `13:76 ${WHERE}: says not what an event is called; add summary: body.title, or from: and the name of a ready mapping`,
  ],
  [
    'a member that is none',
    generic('{ summary: body.title, sumary: body.x }'),
    `13:99 ${WHERE}.sumary: sumary is not known here; did you mean "summary"?`,
  ],
  [
    'an expression that is none',
    generic("{ summary: 'body.title +' }"),
    cannot(87, 'summary', 'at character 12: found + but expecting end of input'),
  ],
  [
    'text without quotes of its own',
    generic('{ summary: body.title, severity: critical }'),
    cannot(109, 'severity', 'at character 1: critical is not known here; there are: body, headers, query, item'),
  ],
  [
    'an event, which is not there yet',
    generic('{ summary: event.summary }'),
    cannot(87, 'summary', 'at character 1: event is not known here; there are: body, headers, query, item'),
  ],
  [
    'an item before there is one',
    generic('{ summary: item.a, each: item.list }'),
    cannot(101, 'each', 'at character 1: item is not known here; there are: body, headers, query'),
  ],
  [
    'a misspelt function',
    generic("{ summary: 'frist(body.a, body.b)' }"),
    cannot(87, 'summary', 'at character 1: frist() is not known; did you mean "first"?'),
  ],
  [
    'too many values of which the first is taken',
    generic("{ summary: 'first(1, 2, 3, 4, 5, 6, 7)' }"),
    cannot(87, 'summary', 'at character 1: first() has 7 arguments here, and takes 1 or 2 or 3 or 4 or 5 or 6'),
  ],
  [
    'a text that is no condition',
    generic("{ summary: body.a, when: 'string(body.b)' }"),
    cannot(101, 'when', 'at character 1: this gives text, and true or false is needed: compare it with something'),
  ],
  [
    'a list for a summary',
    generic("{ summary: '[body.a]' }"),
    cannot(87, 'summary', 'at character 1: this gives a list, and text or a number is needed'),
  ],
  [
    'a text for items',
    generic('{ summary: body.a, each: \'"a"\' }'),
    cannot(101, 'each', 'at character 1: this gives text, and a list is needed'),
  ],
  [
    'a pattern that a sender chooses, deep in a map',
    generic("{ summary: body.a, details: { a: 'body.b.matches(body.c)' } }"),
    cannot(109, 'details.a', 'at character 20: the pattern of matches() must be text, as it is'),
  ],
  [
    'what is no expression at all',
    generic('{ summary: 7, details: [body.a] }'),
    `13:87 ${WHERE}.summary: expected a CEL expression such as body.title, found something else`,
    `13:99 ${WHERE}.details: expected an expression that gives a map, or a map of expressions such as { host: body.host }, found a list of 1`,
  ],
  [
    'an expression from outside',
    generic('{ summary: body.a, when: \'headers.x == "${HOME:-x}"\' }'),
    `13:101 ${WHERE}.when: a \${NAME} is not taken here: the expression is shown in answers to its sender; write the value itself`,
  ],
];

test.each(cases)('%s is refused', (_kind, [find, replace], ...expected) => {
  expect(errorsOf(changed(find, replace))).toEqual(expected);
});
