/** What a mapping makes of a body, and what it says where it cannot. */
import { TocsinError } from '../../domain/errors.ts';
import type { Mapping } from '../../domain/mapping.ts';
import { type Draft, mapped } from '../../mapping/mapped.ts';
import { READY } from '../../mapping/ready/index.ts';
import { mistakesIn } from '../../routing/check.ts';
import { vocabulary } from '../../mapping/expression.ts';

const NAMED: Mapping = { summary: 'body.title' };
const TITLE = { title: 'disk full' };

/** Gives a list that can be made within the steps, and not be given within them. */
const HUGE = 'body.list.map(a, body.list)';
const MANY = Array.from({ length: 850 }, () => 0);

const all = (mapping: Mapping, body: unknown, more: { headers?: object; query?: object } = {}) =>
  mapped(mapping, { body, headers: {}, query: {}, ...more } as Parameters<typeof mapped>[1]);
const one = (mapping: Partial<Mapping>, body: object = {}): Draft => {
  const [draft] = all({ ...NAMED, ...mapping }, { ...TITLE, ...body });
  if (draft === null || draft === undefined) throw new Error('no event');
  return draft;
};
/** What is answered to the sender. */
function refusal(mapping: Partial<Mapping>, body: unknown): string {
  try {
    all({ ...NAMED, ...mapping }, body);
  } catch (error) {
    if (error instanceof TocsinError && error.code === 'BAD_EVENT') return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a mapping', () => {
  it('needs a summary alone: then each body is a trigger, and its details are the body', () => {
    expect(all(NAMED, TITLE)).toEqual([
      { action: 'trigger', summary: 'disk full', details: TITLE, links: [], remarks: [] },
    ]);
  });

  it('gives every member by its expression', () => {
    const draft = one(
      {
        action: 'body.status',
        dedupKey: 'body.host + "/" + body.check',
        groupKey: 'body.host',
        source: 'body.host',
        severity: 'body.level',
        component: 'body.check',
        group: 'query.team',
        class: 'headers["x-kind"]',
        details: '{"value": body.value}',
        links: '[body.url, {"href": body.runbook, "text": "Runbook"}]',
        at: 'body.time',
      },
      {
        host: 'db1',
        check: 'disk',
        status: 'FIRING',
        level: 'High',
        value: 96.5,
        url: 'http://a',
        runbook: 'http://b',
        time: 1,
      },
    );
    expect(draft).toEqual({
      action: 'trigger',
      dedupKey: 'db1/disk',
      groupKey: 'db1',
      summary: 'disk full',
      source: 'db1',
      severity: 'error',
      component: 'disk',
      details: { value: 96.5 },
      links: [{ href: 'http://a' }, { href: 'http://b', text: 'Runbook' }],
      at: '1',
      remarks: [],
    });
    const request = { headers: { 'x-kind': 'storage' }, query: { team: 'ops' } };
    expect(all({ ...NAMED, class: 'headers["x-kind"]', group: 'query.team' }, TITLE, request)).toEqual([
      expect.objectContaining({ class: 'storage', group: 'ops' }),
    ]);
  });

  it('makes an event of each item, in their order, and none of those that `when` leaves out', () => {
    const mapping = { each: 'body.alerts', when: 'item.state != "pending"', summary: 'item.name', dedupKey: 'item.id' };
    const alerts = [
      { name: 'a', id: 1, state: 'firing' },
      { name: 'b', id: 2, state: 'pending' },
      { name: 'c', id: 3 },
    ];
    expect(all(mapping, { alerts }).map((draft) => draft && [draft.dedupKey, draft.details])).toEqual([
      ['1', alerts[0]],
      null,
      ['3', alerts[2]],
    ]);
    expect(all(mapping, { alerts: [] })).toEqual([]);
  });

  it('makes details and links of maps of expressions, without those that give nothing', () => {
    const draft = one(
      {
        details: {
          host: 'body.host',
          region: 'body.labels.region',
          tags: 'body.tags',
          owner: 'body.owner',
          ok: 'body.ok',
        },
        links: { Dashboard: 'body.dashboard', Runbook: 'body.runbook' },
      },
      { host: 'db1', tags: ['a', { b: [1] }], owner: ' ', ok: false, runbook: 'http://b' },
    );
    expect(draft.details).toEqual({ host: 'db1', tags: ['a', { b: [1] }], ok: false });
    expect(draft.links).toEqual([{ href: 'http://b', text: 'Runbook' }]);
  });

  it.each([
    ['firing', 'trigger'],
    ['Problem', 'trigger'],
    ['ACK', 'acknowledge'],
    ['ok', 'resolve'],
    ['Recovered', 'resolve'],
  ])('takes the word %s as %s', (status, action) => {
    expect(one({ action: 'body.status', dedupKey: '"a"' }, { status }).action).toBe(action);
  });

  it.each([
    ['CRITICAL', 'critical'],
    ['high', 'error'],
    ['Warn', 'warning'],
    ['none', 'info'],
    [null, undefined],
    ['', undefined],
  ])('takes the severity %s as %s', (level, severity) => {
    const draft = one({ severity: 'body.level' }, { level });
    expect(draft.severity).toBe(severity);
    expect(draft.remarks).toEqual([]);
  });

  it('remarks on a severity that no word is known for, and takes the alert', () => {
    expect(one({ severity: 'body.level' }, { level: 'P7' })).toMatchObject({
      summary: 'disk full',
      remarks: [expect.stringContaining("severity: 'P7' is none of critical, ")],
    });
  });
});

describe('a detail or a link that fails costs no alert: it is left out, and remarked on', () => {
  const NO_JSON = 'fails: json() is given a text that is not JSON';
  it.each([
    ['a detail', { details: { a: 'json(body.title)', b: 'body.title' } }, { b: 'disk full' }, `details.a`, NO_JSON],
    ['all details', { details: 'json(body.title)' }, {}, 'details', NO_JSON],
    ['details that are a list', { details: '[body.title]' }, {}, 'details', 'gives a list, and a map is needed'],
    ['a link', { links: { a: 'json(body.title)' } }, TITLE, 'links.a', NO_JSON],
    [
      'a link that is a list',
      { links: { a: '[1]' } },
      TITLE,
      'links.a',
      'gives a list, and text or a number is needed',
    ],
    ['all links', { links: 'json(body.title)' }, TITLE, 'links', NO_JSON],
  ] as [string, Partial<Mapping>, object, string, string][])('%s', (_what, mapping, details, member, why) => {
    expect(all({ ...NAMED, links: { b: '"http://b"' }, ...mapping }, TITLE)).toEqual([
      {
        action: 'trigger',
        summary: 'disk full',
        details,
        links: 'links' in mapping ? [] : [{ href: 'http://b', text: 'b' }],
        remarks: [`${member} is left out, for it ${why}`],
      },
    ]);
  });

  it('takes the steps for it from no other item', () => {
    const mapping = { each: 'body.items', summary: 'item.name', details: { all: HUGE, name: 'item.name' } };
    const drafts = all(mapping, { items: [{ name: 'one' }, { name: 'two' }], list: MANY });
    expect(drafts.map((draft) => draft?.summary)).toEqual(['one', 'two']);
    expect(drafts[1]?.remarks).toHaveLength(2);
    expect(drafts[0]?.remarks[0]).toContain('details.all is left out, for it fails: it takes more than 500000 steps');
  });
});

describe('a member that is missing', () => {
  it.each([
    ['body.labels.region.name', undefined],
    ['body["labels"]["region"]', undefined],
    ['body.tags[0]', 'a'],
    ['body.tags[7]', undefined],
    ['body.tags.region', undefined],
    ['body.host.name', undefined],
    ['first(body.labels.region, body.nothing, body.blank, body.host)', 'db1'],
    ['has(body.labels.region) ? "has" : "has not"', 'has not'],
    ['has(body.host) ? "has" : "has not"', 'has'],
    ['body.labels.region == "x" ? "yes" : "no"', 'no'],
    ['body.labels.region == null ? "unknown" : body.labels.region', 'unknown'],
    ['json(body.text).a[1].b', 'deep'],
    ['body.host.upperAscii()', 'DB1'],
    ['body.list.split(",").map(s, s.trim()).filter(s, s != "").join("+")', 'x+y'],
    ['string(body.number)', '1732.5'],
    ['body.number * 2.0', '3465'],
    ['size(body.tags)', '2'],
  ])('%s gives %s', (expression, given) => {
    const body = {
      host: 'db1',
      tags: ['a', 'b'],
      blank: ' ',
      text: '{"a":[0,{"b":"deep"}]}',
      list: 'x, y, ',
      number: 1732.5,
    };
    expect(one({ component: expression }, body).component).toBe(given);
  });

  it('is named, with what is there in its place, where it was needed', () => {
    expect(refusal({ summary: 'body.alert.titel' }, { alert: { title: 'x', id: 7 } })).toBe(
      'mapping.summary gives nothing, and a trigger has one; body.alert has no member titel; it has: title, id. It is: body.alert.titel',
    );
  });
});

describe('what is refused, and says which member, why, and on which item', () => {
  const many = (list: readonly object[]) => ({ alerts: list });
  it.each([
    [
      'no list',
      { each: 'body.alert' },
      { alerts: [1] },
      'mapping.each gives nothing, and a list is needed; body has no member alert; it has: alerts',
    ],
    ['a text for a list', { each: 'body.title' }, TITLE, 'mapping.each gives text, and a list is needed'],
    [
      'no true or false',
      { when: 'body.on' },
      TITLE,
      'mapping.when gives nothing, and true or false is needed; body has no member on; it has: title',
    ],
    [
      'a word that is no action',
      { action: 'item.status', each: 'body.alerts', summary: '"a"', dedupKey: '"a"' },
      many([{ status: 'ok' }, { status: 'odd' }]),
      "mapping.action of item 2 gives 'odd'; it is one of: trigger, ",
    ],
    [
      'no action where one is mapped',
      { action: 'body.status' },
      TITLE,
      'mapping.action gives nothing, and it says whether an alert is over; body has no member status',
    ],
    [
      'a key of which a part is missing',
      { dedupKey: 'body.host + "/" + body.check' },
      { ...TITLE, host: 'a' },
      "mapping.dedupKey fails: found no matching overload for '_+_' applied to '(string, null_type)'; body has no member check; it has: title, host",
    ],
    [
      'a blank key',
      { dedupKey: 'body.id' },
      { ...TITLE, id: ' ' },
      'mapping.dedupKey gives nothing, and it names the alert',
    ],
    [
      'a resolve of no alert',
      { action: '"resolve"' },
      TITLE,
      'mapping.action gives resolve, and there is no mapping.dedupKey',
    ],
    ['a number as text', { dedupKey: '"n" + body.n' }, { ...TITLE, n: 7 }, 'string(…) makes text of a number'],
    [
      'a whole number among doubles',
      { when: 'body.n * 2 > 3' },
      { ...TITLE, n: 7 },
      'numbers of JSON are doubles, write 1.0 for 1',
    ],
    ['a map for a text', { source: 'body' }, TITLE, 'mapping.source gives a map, and text or a number is needed'],
    [
      'text that is no JSON',
      { source: 'json(body.title)' },
      TITLE,
      'mapping.source fails: json() is given a text that is not JSON',
    ],
    [
      'too many items',
      { each: 'body.list' },
      { list: Array.from({ length: 1_001 }, () => 1) },
      'mapping.each gives 1001 items; send 1000 at most',
    ],
    [
      'endless work',
      { each: 'body.list.map(a, body.list.map(b, a + b))' },
      { list: Array.from({ length: 5_000 }, () => 'x') },
      'mapping.each fails: it takes more than 500000 steps',
    ],
  ] as [string, Partial<Mapping>, unknown, string][])('%s', (_what, mapping, body, says) => {
    expect(refusal(mapping, body)).toContain(says);
  });

  it('what is too large to be given, though not to be made', () => {
    expect(one({ component: `size(${HUGE})` }, { list: MANY }).component).toBe('850');
    expect(refusal({ component: HUGE }, { ...TITLE, list: MANY })).toContain(
      'mapping.component fails: it takes more than 500000 steps',
    );
  });

  it('tells of three members that are missing, and names twelve of a map', () => {
    const letters = Object.fromEntries(Array.from('abcdefghijklmnop').map((letter) => [letter, 1]));
    const text = refusal({ summary: 'first(body.q, body.r, body.s, body.t)' }, letters);
    expect(text.match(/has no member [qrst]; it has: a, b, c, d, e, f, g, h, i, j, k, l, and 4 more/g)).toHaveLength(3);
  });

  it('quotes no value of what is missing, and cuts what it quotes', () => {
    const text = refusal({ summary: 'body.titel' }, { password: 'hunter2', ['n'.repeat(500)]: 1, '\u001b[2J': 2 });
    expect(text).not.toContain('hunter2');
    expect(text.length).toBeLessThan(400);
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/\u001b/);
    expect(refusal({ action: 'body.a' }, { ...TITLE, a: 'x'.repeat(9_000) }).length).toBeLessThan(500);
  });
});

test.each(Object.entries(READY))('every expression of the ready mapping %s holds', (_name, mapping) => {
  const purposes: Record<string, 'choice' | 'items' | 'anything'> = { when: 'choice', each: 'items' };
  const expressions = Object.entries(mapping).flatMap(([member, written]) =>
    (typeof written === 'string' ? [written] : Object.values(written)).map((text) => [member, text as string] as const),
  );
  expect(expressions.length).toBeGreaterThan(8);
  for (const [member, text] of expressions) {
    expect([text, mistakesIn(text, purposes[member] ?? 'anything', vocabulary(member))]).toEqual([text, []]);
  }
});
