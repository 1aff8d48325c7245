/** What people read, in five languages: every phrase is there, is of its language, and has in it what it was given. */
import type { WhyTold } from '../../domain/effects.ts';
import type { Actor } from '../../domain/incident.ts';
import { LANGUAGES } from '../../domain/language.ts';
import type { Language } from '../../domain/language.ts';
import { NOTICE_TYPES } from '../../domain/notice.ts';
import { REASONS } from '../../domain/reasons.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { Truth } from '../../domain/truth.ts';
import type { IncidentView, NextView } from '../../domain/view.ts';
import { ACTING } from '../../wording/acting.ts';
import type { Change } from '../../wording/change.ts';
import { DRILL_SUMMARY } from '../../wording/drill.ts';
import { wordingOf } from '../../wording/index.ts';
import { SLACK } from '../../wording/slack.ts';
import { SMS } from '../../wording/sms.ts';
import { VOICE } from '../../wording/voice.ts';
import type { Wording } from '../../wording/wording.ts';
import { incidentView } from '../activities/requests.ts';

const OTHERS = LANGUAGES.filter((language) => language !== 'en');
const nameOf = (user: string): string => ({ ana: 'Ana Wei', bob: 'Bob' })[user] ?? user;
const reader = { nameOf, zone: 'Asia/Shanghai' };
const AT = Date.parse('2026-12-01T10:02:11Z');

const why = (cause: Reason, more: Partial<WhyTold> = {}): WhyTold => ({
  cause,
  level: 3,
  pass: 2,
  late: false,
  ...more,
});

function changeBy(
  actor: Actor,
  type: Change['type'],
  more: Partial<IncidentView> = {},
  line = 'x',
  text = 'x',
): Change {
  const entry = { id: 'e7', at: '2026-12-01T10:04:00.000Z', type: line, actor, reason: 'person' as Reason, text };
  return { type, text, entry, incident: incidentView(more) };
}
const ANA: Actor = { kind: 'user', id: 'ana' };
const TIMER: Actor = { kind: 'timer' };

/** Each with what must be in it in every language, and is not the language's own. */
const SAID: Readonly<Record<string, readonly [say: (wording: Wording) => string, ...has: readonly string[]]>> = {
  'a label and its value': [({ line }) => line('L1', 'V1'), 'L1', 'V1'],
  'a list': [({ list }) => list(['Ana Wei', 'Bob']), 'Ana Wei', 'Bob'],
  'a button with a name': [({ labels }) => labels.acknowledgeAs('Ana Wei'), 'Ana Wei'],
  'a moment': [
    ({ time }) => time('2026-12-01T18:02:11.000Z', 'Asia/Shanghai'),
    '02',
    '2026',
    '12',
    '02:02:11',
    '(18:02:11 UTC)',
    'Asia/Shanghai',
  ],
  'why: a level': [({ why: say }) => say(why('levelTimeout')), '3', '2'],
  'resolved by a person': [
    ({ truth }) => truth(resolved({ by: { kind: 'person', name: 'Ana Wei' } })),
    'Ana Wei',
    '10:02:11 UTC',
  ],
  'resolved by its source': [({ truth }) => truth(resolved({ by: { kind: 'source' } })), '10:02:11 UTC'],
  'resolved by itself': [({ truth }) => truth(resolved({ by: { kind: 'timer', name: null } })), '10:02:11 UTC'],
  merged: [({ truth }) => truth(resolved({ mergedInto: 'k.1.2' })), 'k.1.2', 'Bob', '10:02:11 UTC'],
  reopenable: [({ truth }) => truth(resolved({ reopenableUntil: AT + 3_600_000 })), '10:02:11 UTC', '11:02:11'],
  merging: [({ truth }) => truth({ state: 'merging', into: 'k.1.2' }), 'k.1.2'],
  acknowledged: [({ truth }) => truth(held({})), 'Ana Wei', 'Bob', '10:02:11 UTC', '10:03:11 UTC'],
  snoozed: [({ truth }) => truth(held({ snoozedUntil: AT + 7_200_000 })), 'Ana Wei', '12:02:11'],
  suspended: [({ truth }) => truth({ state: 'suspended', held: 'held until 11:00' }), 'held until 11:00'],
  'triggered at a level': [({ truth }) => truth(fired('level')), '3', '2'],
  exhausted: [({ truth }) => truth(fired('exhausted'))],
  'nobody on call': [({ truth }) => truth(fired('nobodyOnCall'))],
  direct: [({ truth }) => truth(fired('direct'))],
  asking: [({ truth }) => truth(fired('asking'))],
  flapping: [
    ({ truth }) => truth({ ...fired('level'), flapping: { since: AT, transitions: 17, fires: true } }),
    '17',
    '10:02:11',
  ],
  'the title of the page': [({ page }) => page.title('triggered', 'Payments'), 'Payments'],
  'who holds it': [({ page }) => page.holder('Ana Wei', 'S1'), 'Ana Wei', 'S1'],
  'who was asked': [({ page }) => page.nobody(false, 'Ana Wei'), 'Ana Wei'],
  'nobody holds it': [({ page }) => page.nobody(true, null)],
  'what comes': [({ page }) => page.comesIn('3m', 'A1', 'W1'), '3m', 'A1', 'W1'],
  'what comes now': [({ page }) => page.comesIn(null, 'A1', 'W1'), 'A1', 'W1'],
  'more of it': [({ page }) => page.more(17), '17'],
  'a status with acknowledgements': [
    ({ status }) =>
      status(
        {
          status: 'acknowledged',
          acknowledgements: [
            { user: 'ana', at: '' },
            { user: 'bob', at: '' },
          ],
          exhausted: false,
          nobodyOnCall: false,
        },
        nameOf,
      ),
    'Ana Wei',
    'Bob',
  ],
  'a status with its marks': [
    ({ status }) => status({ status: 'triggered', acknowledgements: [], exhausted: true, nobodyOnCall: true }, nameOf),
  ],
};

const resolved = (more: Partial<Extract<Truth, { state: 'resolved' }>>): Truth => ({
  state: 'resolved',
  by: { kind: 'person', name: 'Bob' },
  at: AT,
  mergedInto: null,
  reopenableUntil: null,
  ...more,
});
const held = (more: Partial<Extract<Truth, { state: 'acknowledged' }>>): Truth => ({
  state: 'acknowledged',
  by: [
    { name: 'Ana Wei', at: AT },
    { name: 'Bob', at: AT + 60_000 },
  ],
  snoozedUntil: null,
  flapping: null,
  ...more,
});
const fired = (how: Extract<Truth, { state: 'triggered' }>['how']): Extract<Truth, { state: 'triggered' }> => ({
  state: 'triggered',
  how,
  level: 3,
  pass: 2,
  flapping: null,
});

/** Words that a language has in common with English. */
const SHARED: Readonly<Partial<Record<Language, readonly string[]>>> = {
  de: ['labels.status', 'labels.runbook', 'labels.details', 'labels.link', 'labels.links'],
};

/** Every phrase that is given nothing, by its path: of the general members, and of those of the channels. */
function phrasesOf(value: unknown, path = ''): readonly (readonly [path: string, phrase: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => phrasesOf(each, path === '' ? name : `${path}.${name}`));
}

describe.each(OTHERS)('%s', (language) => {
  const wording = wordingOf(language);

  test('no phrase is the English one', () => {
    const english = new Map(phrasesOf(wordingOf('en')));
    const phrases = phrasesOf(wording);
    expect(phrases.length).toBeGreaterThanOrEqual(english.size);
    const same = phrases.filter(([path, phrase]) => english.get(path) === phrase).map(([path]) => path);
    expect(same).toEqual(SHARED[language] ?? []);
  });

  test.each(Object.entries(SAID))('%s: has in it what it was given, in its own words', (name, [say, ...has]) => {
    const said = say(wording);
    for (const part of has) expect(said).toContain(part);
    expect(said).not.toMatch(/undefined|null|NaN|\[object/);
    if (!['a label and its value', 'a list', 'what comes'].includes(name)) expect(said).not.toBe(say(wordingOf('en')));
  });

  test('every reason, severity and error that people are told has words of its own', () => {
    const said = (Object.keys(REASONS) as Reason[]).map((reason) => wording.why(why(reason, { level: null })));
    expect(new Set(said).size).toBe(said.length);
    for (const reason of Object.values(REASONS)) expect(said).not.toContain(reason);
    for (const severity of ['critical', 'error', 'warning', 'info', null] as const) {
      expect(wording.severity(severity)).not.toBe(wordingOf('en').severity(severity));
    }
    for (const code of ['LINK_EXPIRED', 'ALREADY_RESOLVED', 'NOT_FOUND', 'MOVED_ON'] as const) {
      expect(wording.refusal(code)).not.toBe(wordingOf('en').refusal(code));
    }
    // What no person is told of has its English title.
    expect(wording.refusal('PORT_TAKEN')).toBe('The port is taken');
  });

  test.each(NOTICE_TYPES)('%s says who did it, or what came of itself', (type) => {
    const more = {
      snoozedUntil: '2026-12-01T11:30:00.000Z',
      priority: 'P1',
      mergedInto: 'k.1.2',
      responders: ['bob'],
      assignees: ['bob'],
    };
    const byAna = wording.change(changeBy(ANA, type, more), reader);
    const byItself = wording.change(changeBy(TIMER, type, more), reader);
    expect(`${byAna} ${byItself}`).not.toMatch(/undefined|null|NaN|\[object/);
    expect(byAna.length * byItself.length).toBeGreaterThan(0);
    const has: Readonly<Partial<Record<string, string>>> = {
      'incident.triggered': 'disk of db1 is full',
      'incident.escalated': 'Bob',
      'incident.snoozed': '19:30:00',
      'incident.priorityChanged': 'P1',
      'incident.respondersAdded': 'Bob',
      'incident.reassigned': 'Bob',
      'incident.merged': 'k.1.2',
    };
    expect(byAna).toContain(has[type] ?? '');
    if (!OF_ITSELF.has(type)) expect(byAna).toContain('Ana Wei');
  });

  test('what a person wrote is told as it was written', () => {
    const noted = changeBy(ANA, 'incident.noted', {}, 'noted', 'Ana Wei noted: the disk: /dev/sda');
    expect(wording.change(noted, reader)).toMatch(/Ana Wei.*the disk: \/dev\/sda$/);
    const updated = changeBy(
      ANA,
      'incident.statusUpdated',
      {},
      'statusUpdated',
      'Ana Wei, by token x, gave a status update: soon',
    );
    expect(wording.change(updated, reader)).toMatch(/Ana Wei.*soon$/);
    expect(wording.change(updated, reader)).not.toContain('gave a status update');
  });

  test.each(['ackTimedOut', 'snoozeEnded', 'ackerRemoved'] as const)(
    '%s is told in other words than that somebody took it back',
    (line) => {
      const said = wording.change(changeBy(TIMER, 'incident.unacknowledged', {}, line), reader);
      expect(said).not.toBe(wording.change(changeBy(TIMER, 'incident.unacknowledged', {}, 'unacknowledged'), reader));
    },
  );

  test.each(['notify', 'escalate', 'ackTimeout', 'snoozeEnd', 'autoResolve', 'release', 'lastResort'] as const)(
    'what comes next: %s',
    (kind) => {
      const next: NextView = { at: '', kind, reason: 'the English', user: 'ana', level: 4, pass: 1 };
      const said = wording.page.coming(next, nameOf);
      expect(said).not.toBe('the English');
      if (kind === 'notify') expect(said).toContain('Ana Wei');
      if (kind === 'escalate') expect(said).toContain('4');
    },
  );

  test('a drill is told from an incident by people of every language', () => {
    expect(wording.labels.drill).toContain('DRILL');
  });
});

const OF_ITSELF = new Set([
  'incident.triggered',
  'incident.escalated',
  'incident.exhausted',
  'incident.nobodyOnCall',
  'incident.flapping',
]);

test('a sentence that is one already stays as it is', () => {
  for (const language of LANGUAGES) {
    expect(wordingOf(language).truth('acknowledged by Bob')).toBe('acknowledged by Bob');
    expect(wordingOf(language).why('level 1: x')).toBe('level 1: x');
  }
});

test('a moment is in the order of the language, in the zone of whoever reads it, with UTC beside', () => {
  const moments = LANGUAGES.map((language) => wordingOf(language).time('2026-12-01T18:02:11.000Z', 'Asia/Shanghai'));
  expect(moments).toEqual([
    '2026-12-02 02:02:11 Asia/Shanghai (18:02:11 UTC)',
    '2026/12/02 02:02:11 Asia/Shanghai (18:02:11 UTC)',
    '2026/12/02 02:02:11 Asia/Shanghai (18:02:11 UTC)',
    '2026. 12. 02. 02:02:11 Asia/Shanghai (18:02:11 UTC)',
    '02.12.2026, 02:02:11 Asia/Shanghai (18:02:11 UTC)',
  ]);
  expect(wordingOf('de').time('2026-12-01T18:02:11.000Z', 'UTC')).toBe('01.12.2026, 18:02:11 UTC');
  expect(wordingOf('zh-CN').truth(resolved({}), 'Asia/Shanghai')).toBe('已由 Bob 于 18:02:11 (10:02:11 UTC) 解决');
});

test('an act, and a state, has one name in all that Chinese and German are told', () => {
  const phrases = (['zh-CN', 'de'] as const).flatMap((language) =>
    [wordingOf(language), ACTING[language], SLACK[language], SMS[language], VOICE[language]].flatMap((each) =>
      phrasesOf(each).map(([, phrase]) => phrase),
    ),
  );
  expect(phrases.length).toBeGreaterThan(100);
  // 认领 acknowledges, 暂停提醒 snoozes, 挂起 and zurückgehalten are suspended.
  expect(phrases.filter((phrase) => /已确认|撤回确认|确认请|暂缓|ausgesetzt/.test(phrase))).toEqual([]);
});

test('a drill that was given no summary has one of the language, with its service', () => {
  const summaries = LANGUAGES.map((language) => DRILL_SUMMARY[language]('支付 Pay'));
  expect(new Set(summaries).size).toBe(LANGUAGES.length);
  for (const summary of summaries) expect(summary).toContain('支付 Pay');
});
