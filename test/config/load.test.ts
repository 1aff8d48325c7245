import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../config/load.ts';
import { shiftAt } from '../../domain/onCall.ts';
import { changed, errorsOf, load, refusal, VALID, withFiles } from './written.ts';

const SECRET = 'hunter2-hunter2-hunter2';
const ENV = { SMTP_URL: `smtp://tocsin:${SECRET}@127.0.0.1:2525`, PAYMENTS_KEY: '0123456789abcdef0123456789abcdef' };

describe('the configurations that come with Tocsin', () => {
  test('the default one loads as it is, with the console alone and no variable set', () => {
    const { configuration, warnings } = loadConfiguration('config/tocsin.yaml', {});
    expect(warnings).toEqual([]);
    expect(configuration.channels).toEqual({});
    expect([...configuration.users.values()].flatMap((user) => user.contacts.map(({ channel }) => channel))).toEqual(
      Array.from({ length: configuration.users.size }, () => 'console'),
    );
    expect([...configuration.integrations.keys()]).toEqual([
      'payments-guance',
      'payments-events-v2',
      'manual-payments',
    ]);
    expect(configuration.escalationPolicies.get('payments')).toMatchObject({
      levels: [{ escalateAfter: 300_000 }, { escalateAfter: 900_000 }],
      lastResort: [{ kind: 'user', id: 'cho' }],
    });
    const primary = configuration.schedules.get('primary')!;
    expect(shiftAt(primary, configuration.users, Date.parse('2026-07-06T07:00Z'))).toMatchObject({
      user: 'ana',
      start: Date.parse('2026-07-06T07:00Z'),
    });
  });

  test('what it shows commented out is as good as what it has', () => {
    const text = readFileSync('config/tocsin.yaml', 'utf8')
      .replaceAll(/^# ((?:channels|tokens):| {2}(?:email:|- ).*)/gm, '$1')
      .replace('# - { id: mail', '- { id: mail')
      .replace('<64 hex digits>', 'ab'.repeat(32));
    const { configuration } = load(text, ENV);
    expect(configuration.channels.email?.from).toBe('Tocsin <alerts@example.com>');
    expect(configuration.tokens).toEqual([
      { id: 'ana-laptop', user: 'ana', role: 'responder', sha256: 'ab'.repeat(32), mayActAs: false },
    ]);
    expect(configuration.users.get('ana')!.contacts[1]).toEqual({
      id: 'mail',
      channel: 'email',
      to: 'ana@example.com',
    });
  });

  test('the example with e-mail loads with its two variables', () => {
    const { configuration } = loadConfiguration('config/examples/email.yaml', ENV);
    expect(configuration.channels.email?.smtp).toBe(ENV.SMTP_URL);
    expect(configuration.integrations.get('payments-events-v2')).toEqual({
      id: 'payments-events-v2',
      key: ENV.PAYMENTS_KEY,
      source: 'events-v2',
      service: 'payments',
    });
    expect(configuration.schedules.get('primary')!.timezone).toBe('Asia/Shanghai');
  });
});

describe('what is left out', () => {
  test('has the defaults of interfaces §3', () => {
    const { configuration } = load(VALID);
    expect(configuration.organization).toEqual({ name: 'Tocsin', timezone: 'UTC', language: 'en' });
    expect(configuration.users.get('ana')).toEqual({
      id: 'ana',
      name: 'ana',
      timezone: 'UTC',
      language: 'en',
      role: 'responder',
      statusUpdates: false,
      away: [],
      contacts: [{ id: 'term', channel: 'console' }],
      notificationRules: { high: [], low: [] },
    });
    expect(configuration.escalationPolicies.get('main')).toEqual({
      id: 'main',
      name: 'main',
      repeat: 0,
      levels: [
        {
          targets: [{ kind: 'user', id: 'ana' }],
          escalateAfter: 300_000,
          ifEmpty: 'skip',
          onEscalate: 'replace',
          multiAck: false,
          massNotification: false,
          assign: 'all',
        },
      ],
      lastResort: [],
    });
    expect(configuration.services.get('shop')).toEqual({
      id: 'shop',
      name: 'shop',
      escalationPolicy: 'main',
      ackTimeout: { after: 1_800_000, resume: 'same-level' },
      urgency: 'high',
      minuteZeroMaxAge: 600_000,
      holdFor: 0,
      threshold: null,
      reopenWindow: null,
      autoResolve: null,
      flapping: null,
      grouping: null,
      subscribers: [],
    });
  });

  test('takes its zone from the organization', () => {
    const text = changed('users:', 'organization: { timezone: Asia/Tokyo }\nusers:');
    expect(load(text).configuration.users.get('ana')!.timezone).toBe('Asia/Tokyo');
  });
});

test('a level takes round robin', () => {
  const { configuration } = load(changed('escalateAfter: 5m', 'escalateAfter: 5m\n        assign: round-robin'));
  expect(configuration.escalationPolicies.get('main')!.levels[0]!.assign).toBe('round-robin');
});

describe('a service', () => {
  test.each([
    ['30s', { after: 30_000, resume: 'same-level' }],
    ['off', { after: null, resume: 'same-level' }],
    ['false', { after: null, resume: 'same-level' }],
    ['{ after: 1h30m, resume: first-level }', { after: 5_400_000, resume: 'first-level' }],
    ['{ resume: first-level }', { after: 1_800_000, resume: 'first-level' }],
    ['{ after: off }', { after: null, resume: 'same-level' }],
  ])('takes the ack timeout %s', (written, expected) => {
    const text = changed('    integrations:', `    ackTimeout: ${written}\n    integrations:`);
    expect(load(text).configuration.services.get('shop')!.ackTimeout).toEqual(expected);
  });

  test.each(['high', 'low', 'bySeverity'])('takes the urgency %s', (written) => {
    const text = changed('    integrations:', `    urgency: ${written}\n    integrations:`);
    expect(load(text).configuration.services.get('shop')!.urgency).toBe(written);
  });

  test('takes urgency by support hours; every day, in the zone of the organization and never raised, where it says no more', () => {
    const hours = 'from: "09:00", to: "24:00", inside: high, outside: low';
    const urgencyOf = (written: string) => {
      const text = changed('    integrations:', `    urgency: { supportHours: { ${written} } }\n    integrations:`);
      return load(`organization: { timezone: Asia/Tokyo }\n${text}`).configuration.services.get('shop')!.urgency;
    };
    const times = { from: '09:00', to: '24:00', inside: 'high', outside: 'low' };
    const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    expect(urgencyOf(hours)).toEqual({
      supportHours: { ...times, timezone: 'Asia/Tokyo', days: everyDay, raise: null },
    });
    expect(urgencyOf(`${hours}, timezone: Asia/Shanghai, days: [mon], raise: end`)).toEqual({
      supportHours: { ...times, timezone: 'Asia/Shanghai', days: ['mon'], raise: 'end' },
    });
  });

  test.each([
    ['off', null],
    ['false', null],
    ['{ after: 4h }', { after: 14_400_000, from: 'created', includeAcknowledged: false }],
    [
      '{ after: 1d, from: lastEvent, includeAcknowledged: true }',
      { after: 86_400_000, from: 'lastEvent', includeAcknowledged: true },
    ],
  ])('takes the auto-resolve %s', (written, expected) => {
    const text = changed('    integrations:', `    autoResolve: ${written}\n    integrations:`);
    expect(load(text).configuration.services.get('shop')!.autoResolve).toEqual(expected);
  });

  test('has what holds, reopens and damps its incidents', () => {
    const text = changed(
      '    integrations:',
      [
        '    holdFor: 3m',
        '    reopenWindow: 15m',
        '    threshold: { moreThan: 3, within: 5m }',
        '    flapping: { transitions: 5, within: 15m, quiet: 20m, digestEvery: 30m }',
        '    integrations:',
      ].join('\n'),
    );
    expect(load(text).configuration.services.get('shop')).toMatchObject({
      holdFor: 180_000,
      reopenWindow: 900_000,
      threshold: { moreThan: 3, within: 300_000 },
      flapping: { transitions: 5, within: 900_000, quiet: 1_200_000, digestEvery: 1_800_000 },
    });
    const off = changed('    integrations:', '    holdFor: off\n    reopenWindow: 0s\n    integrations:');
    expect(load(off).configuration.services.get('shop')).toMatchObject({ holdFor: 0, reopenWindow: null });
  });

  test('has an integration for incidents by hand, with a key that matches nothing', () => {
    const { integrations } = load(VALID).configuration;
    expect(integrations.get('manual-shop')).toEqual({ id: 'manual-shop', key: '', source: 'manual', service: 'shop' });
    expect(integrations.get('shop-guance')).toMatchObject({ source: 'guance', service: 'shop' });
  });

  test('with a routing key that could be guessed is warned of, without the key', () => {
    const { warnings } = load(changed('0123456789abcdef0123456789abcdef', 'guessable'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/c\.yaml:13:16 services\[0\]\.integrations\[0\]\.key: .*fewer than 20 characters/);
    expect(warnings[0]).not.toContain('guessable');
  });
});

const withKey = (key: string): string => changed('0123456789abcdef0123456789abcdef', JSON.stringify(key));
const keyOf = (text: string, env: Readonly<Record<string, string>>): string =>
  load(text, env).configuration.integrations.get('shop-guance')!.key;

describe('a variable', () => {
  test('stands for a whole value or for parts of one', () => {
    expect(keyOf(withKey('${KEY}'), { KEY: SECRET })).toBe(SECRET);
    expect(keyOf(withKey('${A}-and-${B}'), { A: 'first', B: 'second' })).toBe('first-and-second');
  });

  test('that is not set, or empty, has its default', () => {
    expect(keyOf(withKey('${KEY:-from-the-file}'), {})).toBe('from-the-file');
    expect(keyOf(withKey('${KEY:-from-the-file}'), { KEY: '' })).toBe('from-the-file');
    expect(keyOf(withKey('${KEY:-from-the-file}'), { KEY: SECRET })).toBe(SECRET);
  });

  test('may be in a file that NAME_FILE names, less its final newline', () => {
    withFiles({ secret: `${SECRET}\n` }, (folder) => {
      expect(keyOf(withKey('${KEY}'), { KEY_FILE: join(folder, 'secret') })).toBe(SECRET);
    });
  });

  test.each([
    ['not set', '${KEY}', {}, 'KEY is not set; set it, or KEY_FILE, or write ${KEY:-default} here'],
    ['empty', 'key-${KEY}', { KEY: '' }, 'KEY is not set; set it, or KEY_FILE, or write ${KEY:-default} here'],
    ['set twice', '${KEY}', { KEY: SECRET, KEY_FILE: '/x' }, 'KEY and KEY_FILE are both set; unset one of them'],
    [
      'in no file',
      '${KEY}',
      { KEY_FILE: '/nowhere/key' },
      'the file that KEY_FILE names, /nowhere/key, cannot be read (ENOENT)',
    ],
    ['no name', '${1KEY}', {}, 'a "${" here begins no ${NAME} or ${NAME:-default}; write $${ for a plain one'],
  ])('that is %s is an error, told once', (_what, key, env, expected) => {
    expect(errorsOf(withKey(key), env)).toEqual([`13:16 services[0].integrations[0].key: ${expected}`]);
  });

  test('that is not set is told once also where the value is more than text', () => {
    const text = changed('    integrations:', '    ackTimeout: "${TIMEOUT}"\n    integrations:');
    expect(errorsOf(text)).toEqual([
      '12:17 services[0].ackTimeout: TIMEOUT is not set; set it, or TIMEOUT_FILE, or write ${TIMEOUT:-default} here',
    ]);
  });

  test('is not looked for behind $$', () => {
    const text = changed('    integrations:', '    description: costs $${amount} a minute\n    integrations:');
    expect(load(text).configuration.services.get('shop')!.description).toBe('costs ${amount} a minute');
  });

  test('is never in an error, whatever is wrong with it', () => {
    const twin = '      - { key: 0123456789abcdef0123456789abcdef, source: guance }';
    const leaks = [
      changed("['user:ana']", "['user:${S}']"),
      changed("['user:ana']", "['${S}']"),
      changed('id: ana', 'id: "${S} ${S}"'),
      changed('id: ana', 'id: "${S}"'),
      changed('id: shop', 'id: "${S}"').replace('integrations:', `integrations:\n${twin}`),
      changed('escalateAfter: 5m', 'escalateAfter: "${S}"'),
      changed('channel: console', 'channel: "${S}"'),
      changed('source: guance', 'source: "${S}"'),
      changed('key: 0123456789abcdef0123456789abcdef', 'key: "!${S}"'),
      changed('users:', 'organization: { timezone: "${S}", language: "${S}" }\nusers:'),
      changed('users:', 'channels: { email: { smtp: "${S}", from: "${S}" } }\nusers:'),
      changed('users:', 'channels: { email: "${S}" }\nusers:'),
      changed('users:', 'tokens: [{ id: t, hash: "${S}" }]\nusers:'),
    ];
    for (const text of leaks) expect(errorsOf(text, { S: SECRET }).join('\n')).not.toContain(SECRET);
  });

  test('or a secret that stands in the file itself is not in an error either', () => {
    const leaks = [
      changed('key: 0123456789abcdef0123456789abcdef', `key: "!${SECRET}"`),
      changed('{ key: 0123456789abcdef0123456789abcdef, source: guance }', SECRET),
      changed('users:', `channels: { email: { smtp: "ftp://a:${SECRET}@b", from: a } }\nusers:`),
      changed('users:', `channels: { email: "smtp://a:${SECRET}@b" }\nusers:`),
      changed('users:', `tokens: [{ id: t, hash: "${SECRET}" }]\nusers:`),
      changed('users:', `channels: { email: { smtp: "${SECRET}" "${SECRET}" } }\nusers:`),
      changed('users:', `"${SECRET}" "${SECRET}"\nusers:`),
    ];
    for (const text of leaks) expect(errorsOf(text).join('\n')).not.toContain(SECRET);
  });
});

describe('a folder', () => {
  const people = VALID.slice(0, VALID.indexOf('services:'));
  const services = VALID.slice(VALID.indexOf('services:'));
  const more = `services:\n  - id: web\n    escalationPolicy: main\n`;

  test('is read as one, its lists one after the other', () => {
    const { configuration } = withFiles(
      { 'a.yaml': people, 'b.yaml': services, 'c.yml': more, 'notes.txt': '!' },
      (folder) => loadConfiguration(folder, {}),
    );
    expect([...configuration.services.keys()]).toEqual(['shop', 'web']);
  });

  test('has its errors told with the file, and the place in that file', () => {
    const files = {
      'a.yaml': people,
      'b.yaml': services,
      'c.yaml': more.replace('main', 'mian').replace('web', 'shop'),
    };
    expect(refusal((folder) => loadConfiguration(folder, {}), files)).toEqual([
      'c.yaml:2:9 services[0].id: "shop" is the id of another one before it; rename one of them',
      'c.yaml:3:23 services[0].escalationPolicy: "mian": there is no such policy; did you mean "main"?',
    ]);
  });

  test('may not have a section twice that is no list', () => {
    const organization = 'organization: { name: A }\n';
    const files = { 'a.yaml': organization + VALID, 'b.yaml': `# twice\n${organization}` };
    expect(refusal((folder) => loadConfiguration(folder, {}), files)).toEqual([
      expect.stringMatching(
        /^b\.yaml:2:1 organization: stands in .*a\.yaml too; a section that is no list stands in one file only$/,
      ),
    ]);
  });

  test('with no configuration in it is refused', () => {
    expect(refusal((folder) => loadConfiguration(folder, {}), { 'notes.txt': '' })[0]).toMatch(
      /: cannot be read \(the folder has no \*\.yaml\); set TOCSIN_CONFIG to a YAML file or a folder of \*\.yaml$/,
    );
  });
});

describe('a file', () => {
  test('that is not there is refused with what to do', () => {
    expect(refusal((folder) => loadConfiguration(join(folder, 'x.yaml'), {}), {})).toEqual([
      'x.yaml: cannot be read (ENOENT); set TOCSIN_CONFIG to a YAML file or a folder of *.yaml',
    ]);
  });

  test.each([
    ['a key twice in a map', 'users: []\nusers: []\n', '2:1: not valid YAML: Map keys must be unique'],
    ['an open bracket', 'users: [\n', /^2:1: not valid YAML: Flow sequence in block collection must be/],
    ['an alias of nothing', 'users: *nobody\n', /^1:\d+: not valid YAML: /],
    ['a tag that nobody knows', 'users: !secret x\n', '1:8: not valid YAML: Unresolved tag: !secret'],
    ['no sections', '- users\n', '1:1: expected sections such as users: and services:, found none'],
    ['nothing', '', '1:1: expected sections such as users: and services:, found none'],
  ])('with %s is refused where it is', (_what, text, expected) => {
    expect(errorsOf(text)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
  });
});

describe('the loaded configuration', () => {
  test('is named by what is written, the same in every process whatever its comments', () => {
    const { version } = load(VALID).configuration;
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    expect(load(`# a comment\n${VALID}\n\n`).configuration.version).toBe(version);
    expect(load(changed('5m', '6m')).configuration.version).not.toBe(version);
  });

  test('cannot be changed, at any depth', () => {
    const { configuration } = load(VALID);
    const levels = configuration.escalationPolicies.get('main')!.levels as unknown[];
    const users = configuration.users as Map<string, unknown>;
    expect(() => levels.push({})).toThrow(TypeError);
    expect(() => users.delete('ana')).toThrow('the configuration is read-only');
    expect(() => users.set('bob', {})).toThrow(TypeError);
    expect(() => Object.assign(configuration.users.get('ana')!, { name: 'Bob' })).toThrow(TypeError);
    expect(() => Object.assign(configuration, { users: new Map() })).toThrow(TypeError);
  });
});
