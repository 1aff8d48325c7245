/** Which rule decides, and what it makes of an event: expressions that are hostile, and events that are. */
import type { Configuration, Integration, RoutingRule } from '../../domain/configuration.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { mistakesIn } from '../../routing/check.ts';
import { decidingRule, route } from '../../routing/route.ts';
import { configuration, level, person, policy } from '../support/configurations.ts';

const PROM: Integration = { id: 'prom', key: 'prometheus-key-000000001', source: 'events-v2', service: null };

const rule = (when: string | null, more: Partial<RoutingRule> = {}): RoutingRule => ({
  when,
  suppress: false,
  service: more.suppress === true ? null : 'payments',
  holdFor: null,
  severity: null,
  priority: null,
  urgency: null,
  ...more,
});
const REST = rule(null, { service: 'catch-all' });

const configured = (...routing: readonly RoutingRule[]): Configuration => ({
  ...configuration({ users: [person('ana')], policy: policy([level('user:ana', '5m')]) }),
  routing,
});
const event = (more: Partial<SourceEvent> = {}): SourceEvent => ({
  action: 'trigger',
  dedupKey: 'disk',
  summary: 'disk full',
  source: 'prometheus',
  ...more,
});
/** Whether one rule takes an event; its remark where it failed on it. */
function verdict(when: string, more: Partial<SourceEvent> = {}): boolean | string {
  const { rule: place, remarks } = route(configured(rule(when), REST), PROM, event(more));
  return remarks[0] ?? place === 1;
}

describe('rules', () => {
  test('the first that matches decides, with what it sets and why', () => {
    const rules = configured(
      rule('event.severity == "info"'),
      rule('event.severity == "critical"', { priority: 'P1', urgency: 'high', severity: 'error' }),
      rule('event.summary == "disk full"', { service: 'other' }),
      REST,
    );
    expect(route(rules, PROM, event({ severity: 'critical' }))).toEqual({
      service: 'payments',
      rule: 2,
      severity: 'error',
      priority: 'P1',
      urgency: 'high',
      holdFor: null,
      why: 'routing rule 2 matched: event.severity == "critical"',
      remarks: [],
    });
    expect(decidingRule(rules, PROM, event({ severity: 'critical' }))).toBe(2);
  });

  test('what matches nothing goes to the last one, and says so', () => {
    expect(route(configured(rule('event.severity == "info"'), REST), PROM, event())).toMatchObject({
      service: 'catch-all',
      rule: 2,
      why: 'no routing rule matched; rule 2 takes the rest',
    });
  });

  test('one that suppresses lets no incident come', () => {
    const rules = configured(rule('event.summary\n  == "disk full"', { suppress: true }), REST);
    expect(route(rules, PROM, event())).toEqual({
      suppressed: true,
      rule: 1,
      why: 'routing rule 1 matched: event.summary == "disk full"',
      remarks: [],
    });
  });

  test('one that fails on an event does not match it, and is remarked on; of many the first five', () => {
    const failing = Array.from({ length: 7 }, () => rule('event.details.region == "cn"'));
    expect(route(configured(...failing, REST), PROM, event()).remarks).toEqual([
      ...[1, 2, 3, 4, 5].map((place) => `routing rule ${place}: field not found: region`),
      'and 2 more rules failed',
    ]);
  });

  test('an integration of a service is not routed', () => {
    const rules = configured(rule(null, { suppress: true }));
    const own = { ...PROM, service: 'payments' };
    expect(route(rules, own, event())).toMatchObject({ service: 'payments', rule: null, remarks: [] });
    expect(decidingRule(rules, own, event())).toBeNull();
  });
});

describe('what an expression sees', () => {
  test.each([
    ['event.severity == ""', {}, true],
    ['event.severity == "critical"', { severity: 'critical' }, true],
    ['event.component + event.group + event.class + event.at == ""', {}, true],
    [
      'event.class == "c" && event.group == "g" && event.component == "o"',
      { class: 'c', group: 'g', component: 'o' },
      true,
    ],
    ['event.action == "trigger" && event.dedupKey == "disk" && event.source == "prometheus"', {}, true],
    ['event.at == "2026-03-02T00:00:00.000Z"', { at: Date.UTC(2026, 2, 2) }, true],
    ['timestamp(event.at).getHours("Asia/Shanghai") == 8', { at: Date.UTC(2026, 2, 2) }, true],
    ['size(event.details) == 0 && size(event.links) == 0', {}, true],
    ['has(event.details.region)', {}, false],
    ['has(event.details.region) && event.details.region == "cn"', { details: { region: 'cn' } }, true],
    ['event.details.count > 4 && event.details.count == 5', { details: { count: 5 } }, true],
    ['event.details["a.b/c"] == "x"', { details: { 'a.b/c': 'x' } }, true],
    ['event.details.tags.exists(t, t == "db")', { details: { tags: ['web', 'db'] } }, true],
    ['"k" in event.details.labels', { details: { labels: { k: 1 } } }, true],
    ['event.links.exists(l, l.href.startsWith("https://wiki"))', { links: [{ href: 'https://wiki/x' }] }, true],
    ['event.summary.matches("^disk (full|slow)$")', {}, true],
    ['event.details.on', { details: { on: true } }, true],
    ['event.details.on', { details: { on: 'yes' } }, 'routing rule 1: it is neither true nor false'],
    ['event.details.on', {}, 'routing rule 1: field not found: on'],
  ] as const)('%s', (when, more, expected) => {
    expect(mistakesIn(when)).toEqual([]);
    expect(verdict(when, more)).toBe(expected);
  });
});

describe('hostile events', () => {
  const hostile = JSON.parse(
    '{"__proto__": {"admin": true}, "constructor": {"prototype": 1}, "toString": "x", "deep": null, "prototype": "p"}',
  ) as Record<string, unknown>;

  test.each([
    ['has(event.details.constructor)', {}, false],
    ['has(event.details.__proto__)', {}, false],
    ['has(event.details.hasOwnProperty)', {}, false],
    ['event.details.constructor.name == "Object"', {}, 'routing rule 1: field not found: constructor'],
    ['event.details.labels.constructor == ""', { labels: {} }, 'routing rule 1: field not found: constructor'],
    ['event.details.text.length > 0', { text: 'x' }, 'routing rule 1: field not found: length'],
    ['event.details.list.length > 0', { list: [1] }, 'routing rule 1: field not found: length'],
    ['event.details.__proto__.admin', hostile, true],
    ['event.details.constructor.prototype == 1', hostile, true],
    ['event.details.toString == "x"', hostile, true],
    ['has(event.details.admin)', hostile, false],
  ] as const)('nothing but what was sent is found: %s', (when, details, expected) => {
    expect(verdict(when, { details })).toBe(expected);
  });

  test('details as deep as a sender can make them are cut, and the event is routed', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as Record<string, unknown>;
    expect(verdict('has(event.details.a) && event.details.a.a.a != "x"', { details: deep })).toBe(true);
  });

  test('text that would act on a reader stands escaped in the remark', () => {
    const when = 'timestamp(event.details.at) < timestamp("2026-01-01T00:00:00Z")';
    expect(verdict(when, { details: { at: '\u001b[2J' } })).not.toContain('\u001b');
  });
});

describe('what an evaluation may cost', () => {
  const long = 'a'.repeat(30_000);
  const many = Array.from({ length: 16_000 }, (_, index) => index % 10);
  const TOO_MUCH = 'routing rule 1: it takes more than 50000 steps on this event';

  test('a loop over all that an event can hold is taken', () => {
    expect(verdict('event.details.many.exists(x, x == 10)', { details: { many } })).toBe(false);
  });

  test.each([
    ['a loop in a loop', 'event.details.many.all(x, event.details.many.all(y, true))'],
    ['a search in a loop', 'event.details.many.exists(x, x in event.details.many && false)'],
    ['a pattern in a loop', 'event.details.many.exists(x, event.details.long.matches("(a|a)*(a?){1000}b"))'],
    ['a list made of a list', 'event.details.many.map(x, x).size() == 1'],
  ])('%s ends, and the rule does not match', (_what, when) => {
    expect(mistakesIn(when)).toEqual([]);
    expect(verdict(when, { details: { many, long } })).toBe(TOO_MUCH);
  });

  test('one evaluation leaves the next as much as it had', () => {
    const spent = 'event.details.many.all(x, event.details.many.all(y, true))';
    const rules = configured(rule(spent), rule('event.details.many.exists(x, x == 9)'), REST);
    expect(route(rules, PROM, event({ details: { many } })).rule).toBe(2);
  });

  test('patterns that make other engines run for ever end', () => {
    expect(verdict('event.details.long.matches("^(a+)+$")', { details: { long: `${long}!` } })).toBe(false);
  });
});
