/** Every kind of error that a configuration can have, and where it is said to be. */
import { A_SOURCE, changed, CONTACT, copies, errorsOf, KEY, policy, section, service, user } from './written.ts';
import type { Case } from './written.ts';

const RULE = '{ after: 0s, contact: term }';

const LEVEL_DELAY = 'expected a duration from 1s to 9000m, such as 90s, 5m or 1h30m';
const TARGETS = "expected a list of 1 to 10 targets (a page that goes to more is nobody's: add a level)";
const SERVICE_AGE = 'expected a duration from 1s to 30d, such as 90s, 5m or 1h30m';

const names: Case[] = [
  ['an unknown section', ['users:', 'user: []\nusers:'], '1:1 user: user is not known here; did you mean "users"?'],
  [
    'an unknown section with nothing in it',
    ['users:', 'tokns:\nusers:'],
    '1:1 tokns: tokns is not known here; did you mean "tokens"?',
  ],
  [
    'an unknown setting',
    service('runbok: https://wiki'),
    '12:5 services[0].runbok: runbok is not known here; did you mean "runbook"?',
  ],
  [
    'a setting unlike any other',
    user('notificationRules: { urgent: [] }'),
    '3:26 users[0].notificationRules.urgent: urgent is not known here; there are: high, low',
  ],
  [
    'a missing setting',
    ['    escalationPolicy: main\n', ''],
    '10:5 services[0].escalationPolicy: is missing; expected an id of 1 to 64 characters: letters, digits and _ . @ -',
  ],
  [
    'a missing setting in braces',
    [', source: guance', ''],
    `13:9 services[0].integrations[0].source: is missing; expected ${A_SOURCE}`,
  ],
  [
    'a setting without a value',
    ['source: guance', 'source: '],
    `13:59 services[0].integrations[0].source: is missing; expected ${A_SOURCE}`,
  ],
  [
    'a list without an entry',
    ["['user:ana']", '[]'],
    `7:18 escalationPolicies[0].levels[0].targets: ${TARGETS}, found a list of 0`,
  ],
  [
    'one thing where a list belongs',
    ["['user:ana']", 'user:ana'],
    `7:18 escalationPolicies[0].levels[0].targets: ${TARGETS}, found "user:ana"`,
  ],
];

const limits: Case[] = [
  [
    '11 targets in a level',
    ["['user:ana']", copies(11, "'user:ana'")],
    `7:18 escalationPolicies[0].levels[0].targets: ${TARGETS}, found a list of 11`,
  ],
  [
    '21 levels',
    [
      "      - targets: ['user:ana']\n        escalateAfter: 5m\n",
      "      - { targets: ['user:ana'], escalateAfter: 5m }\n".repeat(21),
    ],
    '7:7 escalationPolicies[0].levels: expected a list of 1 to 20 levels, found a list of 21',
  ],
  [
    'a level delay of nothing',
    ['escalateAfter: 5m', 'escalateAfter: 0s'],
    `8:24 escalationPolicies[0].levels[0].escalateAfter: ${LEVEL_DELAY}, found "0s"`,
  ],
  [
    'a level delay beyond 9000m',
    ['escalateAfter: 5m', 'escalateAfter: 9001m'],
    `8:24 escalationPolicies[0].levels[0].escalateAfter: ${LEVEL_DELAY}, found "9001m"`,
  ],
  [
    'a level delay without a unit',
    ['escalateAfter: 5m', 'escalateAfter: 5'],
    `8:24 escalationPolicies[0].levels[0].escalateAfter: ${LEVEL_DELAY}, found 5`,
  ],
  [
    '10 repeats',
    policy('repeat: 10'),
    '6:13 escalationPolicies[0].repeat: expected a whole number from 0 to 9, found 10',
  ],
  [
    'half a repeat',
    policy('repeat: 0.5'),
    '6:13 escalationPolicies[0].repeat: expected a whole number from 0 to 9, found 0.5',
  ],
  [
    '16 rules of an urgency',
    user(`notificationRules: { low: ${copies(16, RULE)} }`),
    '3:31 users[0].notificationRules.low: expected a list of at most 15 rules, found a list of 16',
  ],
  [
    'a rule delay beyond 9000m',
    user('notificationRules: { high: [{ after: 9001m, contact: term }] }'),
    '3:42 users[0].notificationRules.high[0].after: expected a duration from 0s to 9000m, such as 90s, 5m or 1h30m, found "9001m"',
  ],
  [
    '11 contact methods',
    [`[${CONTACT}]`, `[${Array.from({ length: 11 }, (_, index) => CONTACT.replace('term', `t${index}`)).join(', ')}]`],
    '3:15 users[0].contacts: expected a list of at most 10 contact methods, found a list of 11',
  ],
  [
    'an ack timeout beyond 30d',
    service('ackTimeout: 31d'),
    '12:17 services[0].ackTimeout: expected off, or a duration from 1s to 30d, such as 90s, 5m or 1h30m, found "31d"',
  ],
  [
    'an ack timeout of nothing, and one that resumes nowhere',
    service('ackTimeout: { after: 0s, resume: there }'),
    '12:26 services[0].ackTimeout.after: expected off, or a duration from 1s to 30d, such as 90s, 5m or 1h30m, found "0s"',
    '12:38 services[0].ackTimeout.resume: expected same-level or first-level, found "there"',
  ],
  [
    'a minute zero that is over at once',
    service('minuteZeroMaxAge: 0s'),
    `12:23 services[0].minuteZeroMaxAge: ${SERVICE_AGE}, found "0s"`,
  ],
];

const references: Case[] = [
  [
    'an unknown user in a policy',
    ["['user:ana']", "['user:anna']"],
    '7:19 escalationPolicies[0].levels[0].targets[0]: "user:anna": there is no such user; did you mean "ana"?',
  ],
  [
    'an unknown schedule in a policy',
    ["['user:ana']", "['schedule:primary']"],
    '7:19 escalationPolicies[0].levels[0].targets[0]: "schedule:primary": there is no such schedule; there are none',
  ],
  [
    'an unknown last resort',
    policy("lastResort: ['user:bob']"),
    '6:18 escalationPolicies[0].lastResort[0]: "user:bob": there is no such user; there are: ana',
  ],
  [
    'an unknown policy of a service',
    ['escalationPolicy: main', 'escalationPolicy: mian'],
    '11:23 services[0].escalationPolicy: "mian": there is no such policy; did you mean "main"?',
  ],
  [
    'an unknown user in a layer',
    section('schedules: [{ id: s, layers: [{ start: 2026-01-05T09:00, rotate: { unit: day }, users: [bob] }] }]'),
    '9:89 schedules[0].layers[0].users[0]: "bob": there is no such user; there are: ana',
  ],
  [
    'an unknown user of a token',
    section(`tokens: [{ id: t, user: bob, hash: sha256:${KEY}${KEY} }]`),
    '9:25 tokens[0].user: "bob": there is no such user; there are: ana',
  ],
  [
    'an unknown contact method in a rule',
    user('notificationRules: { high: [{ after: 1m, contact: tern }] }'),
    '3:55 users[0].notificationRules.high[0].contact: "tern": there is no such contact method of this user; did you mean "term"?',
  ],
  [
    'a user twice',
    [`[${CONTACT}]`, `[${CONTACT}]\n  - id: ana`],
    '4:9 users[1].id: "ana" is the id of another one before it; rename one of them',
  ],
  [
    'a contact method twice',
    [CONTACT, `${CONTACT}, ${CONTACT}`],
    '3:54 users[0].contacts[1].id: "term" is the id of another one before it; rename one of them',
  ],
  [
    'an integration twice',
    ['      - { key', `      - { key: fedcba${KEY}, source: guance }\n      - { key`],
    '14:9 services[0].integrations[1].id: an integration of service shop has the same id; give this one an id of its own',
  ],
  [
    'a routing key twice',
    ['      - { key', `      - { key: ${KEY}, source: events-v2 }\n      - { key`],
    '14:16 services[0].integrations[1].key: an integration of service shop has the same routing key; give each its own',
  ],
];

const isRefused = (...[, change, ...expected]: Case): void => {
  expect(errorsOf(changed(...change))).toEqual(expected);
};
test.each([...names, ...references])('%s is refused where it stands', isRefused);
test.each(limits)('[L4 Limits] [F 29] %s is refused where it stands', isRefused);

test('all errors are told at once, in the order of the file', () => {
  const text = changed("['user:ana']", '[ana]')
    .replace('channel: console', 'channel: pigeon')
    .replace('guance', 'nagios');
  expect(errorsOf(text).map((line) => line.split(' ')[0])).toEqual(['3:37', '7:19', '13:58']);
});

test('a configuration with no service is refused, because nothing could be told to anybody', () => {
  expect(errorsOf('users: []\n')).toEqual(['1:1 services: is missing; expected a list of at least one service']);
});
