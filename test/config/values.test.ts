/** Settings whose value is not what belongs there, and where that is said to be. */
import { A_SOURCE, changed, errorsOf, KEY, level, section, service, user } from './written.ts';
import type { Case } from './written.ts';

const EMAIL = 'channel email is not configured; add channels: { email: { smtp: …, from: … } }';
const ADDRESS = 'an e-mail address such as ana@example.com';
const LOCAL = 'expected a local date and time without offset, such as 2026-01-05T09:00';
const ROUTING_KEY = 'expected a routing key of 8 to 255 characters: letters, digits, _ and -, found something else';
const layer = (fields: string): [string, string] => section(`schedules: [{ id: s, layers: [{ ${fields} }] }]`);
const good = { start: 'start: 2026-01-05T09:00', rotate: 'rotate: { unit: day }', users: 'users: [ana]' };

const values: Case[] = [
  [
    'a reopen window of more than a day',
    service('reopenWindow: 25h'),
    '12:19 services[0].reopenWindow: expected a duration from 0s to 1d, such as 90s, 5m or 1h30m, found "25h"',
  ],
  [
    'flapping without a reopen window',
    service('flapping: { transitions: 5, within: 10m, quiet: 15m, digestEvery: 30m }'),
    '12:15 services[0].flapping: needs a reopenWindow of at least its `within`, 10m, and there is none; add reopenWindow: 10m',
  ],
  [
    'flapping with too short a reopen window',
    service('reopenWindow: 9m\n    flapping: { transitions: 5, within: 10m, quiet: 15m, digestEvery: 30m }'),
    '13:15 services[0].flapping: needs a reopenWindow of at least its `within`, 10m, and it is 9m; add reopenWindow: 10m',
  ],
  [
    'flapping without its settings',
    service('flapping: { transitions: 1, digestEvery: 10s }'),
    '12:15 services[0].flapping.within: is missing; expected a duration from 1s to 1d, such as 90s, 5m or 1h30m',
    '12:15 services[0].flapping.quiet: is missing; expected a duration from 1s to 1d, such as 90s, 5m or 1h30m',
    '12:30 services[0].flapping.transitions: expected a whole number from 2 to 100, found 1',
    '12:46 services[0].flapping.digestEvery: expected a duration from 1m to 7d, such as 90s, 5m or 1h30m, found "10s"',
  ],
  [
    'a hold of more than an hour',
    service('holdFor: 61m'),
    '12:14 services[0].holdFor: expected a duration from 0s to 1h, such as 90s, 5m or 1h30m, found "61m"',
  ],
  [
    'a hold of more than an hour, of a routing rule',
    section('routing: [{ set: { service: shop, holdFor: 2h } }]'),
    '9:44 routing[0].set.holdFor: expected a duration from 0s to 1h, such as 90s, 5m or 1h30m, found "2h"',
  ],
  [
    'a threshold that is no map',
    service('threshold: 3'),
    '12:16 services[0].threshold: expected off, or a threshold such as { moreThan: 3, within: 5m }, found 3',
  ],
  [
    'a threshold that any event is beyond',
    service('threshold: { moreThan: 0, within: 5m }'),
    '12:28 services[0].threshold.moreThan: expected a whole number from 1 to 1000, found 0',
  ],
  [
    'a threshold without a window',
    service('threshold: { moreThan: 3 }'),
    '12:16 services[0].threshold.within: is missing; expected a duration from 1s to 1d, such as 90s, 5m or 1h30m',
  ],
  [
    'an address that is none',
    user('name: Ana\n    email: ana'),
    `4:12 users[0].email: expected ${ADDRESS}, found "ana"`,
  ],
  [
    'an id with a dot, of a service',
    ['id: shop', 'id: shop.web'],
    '10:9 services[0].id: expected an id of 1 to 57 characters: letters, digits, _ and -, and not "tocsin", which is reserved, found "shop.web"',
  ],
  [
    'the service of Tocsin itself',
    ['id: shop', 'id: tocsin'],
    '10:9 services[0].id: expected an id of 1 to 57 characters: letters, digits, _ and -, and not "tocsin", which is reserved, found "tocsin"',
  ],
  [
    'a user called source',
    ['users:', 'users:\n  - id: source'],
    '2:9 users[0].id: expected another id: "source" stands for the monitoring source, found "source"',
  ],
  [
    'a name of nothing',
    user('name: ""'),
    '3:11 users[0].name: expected a name of 1 to 200 characters on one line, found ""',
  ],
  [
    'a zone that is none',
    user('timezone: Europe/Berln'),
    '3:15 users[0].timezone: not an IANA time zone such as Europe/Berlin; did you mean "Europe/Berlin"?',
  ],
  [
    'an offset as a zone',
    user('timezone: "+08:00"'),
    '3:15 users[0].timezone: not an IANA time zone such as Europe/Berlin',
  ],
  [
    'an unknown role',
    user('role: boss'),
    '3:11 users[0].role: expected admin, manager, responder or observer, found "boss"',
  ],
  [
    'a level that is empty and neither skipped nor waited out',
    level('ifEmpty: stop'),
    '9:18 escalationPolicies[0].levels[0].ifEmpty: expected skip or wait, found "stop"',
  ],
  [
    'a level that does neither on escalation',
    level('onEscalate: stop'),
    '9:21 escalationPolicies[0].levels[0].onEscalate: expected replace or accumulate, found "stop"',
  ],
  [
    'a way to assign that nobody knows',
    level('assign: round robin'),
    '9:17 escalationPolicies[0].levels[0].assign: expected all or round-robin, found "round robin"',
  ],
  [
    'a word that is neither true nor false',
    level('multiAck: maybe'),
    '9:19 escalationPolicies[0].levels[0].multiAck: expected true or false, found "maybe"',
  ],
  [
    'a target of no kind',
    ["['user:ana']", '[ana]'],
    '7:19 escalationPolicies[0].levels[0].targets[0]: expected a target: user:<id>, schedule:<id> or team:<id>, found "ana"',
  ],
  [
    'a channel that nobody knows',
    ['channel: console', 'channel: pigeon'],
    '3:37 users[0].contacts[0].channel: expected email, sms, voice, slack, wecom, dingtalk, feishu, teams, ntfy, webhook, pagerduty, opsgenie, reactio or console, found "pigeon"',
  ],
  [
    'e-mail to no address, and not configured',
    ['channel: console', 'channel: email'],
    `3:16 users[0].contacts[0].to: is missing; expected ${ADDRESS}`,
    `3:37 users[0].contacts[0].channel: ${EMAIL}`,
  ],
  [
    'e-mail to what is no address',
    ['channel: console', 'channel: email, to: ana'],
    `3:37 users[0].contacts[0].channel: ${EMAIL}`,
    `3:48 users[0].contacts[0].to: expected ${ADDRESS}, found "ana"`,
  ],
  [
    'e-mail to a mailbox that only SMTPUTF8 could name',
    ['channel: console', 'channel: email, to: josé@example.com'],
    `3:37 users[0].contacts[0].channel: ${EMAIL}`,
    '3:48 users[0].contacts[0].to: before the @ of an address only ASCII is taken: other letters need SMTPUTF8 of every server on the way',
  ],
  [
    'a sender of such a mailbox',
    section("channels: { email: { smtp: 'smtp://mail', from: 'Tocsin <señal@example.com>' } }"),
    '9:49 channels.email.from: before the @ of an address only ASCII is taken: other letters need SMTPUTF8 of every server on the way',
  ],
  [
    'a start on the 30th of February',
    layer(`start: 2026-02-30T09:00, ${good.rotate}, ${good.users}`),
    `9:40 schedules[0].layers[0].start: ${LOCAL}, found "2026-02-30T09:00"`,
  ],
  [
    'a start with an offset',
    layer(`start: 2026-01-05T09:00+01:00, ${good.rotate}, ${good.users}`),
    `9:40 schedules[0].layers[0].start: ${LOCAL}, found "2026-01-05T09:00+01:00"`,
  ],
  [
    'a rotation of nothing',
    layer(`${good.start}, rotate: { every: 0, unit: day }, ${good.users}`),
    '9:75 schedules[0].layers[0].rotate.every: expected a whole number from 1 to 1000, found 0',
  ],
  [
    'a rotation of an unknown unit',
    layer(`${good.start}, rotate: { unit: fortnight }, ${good.users}`),
    '9:74 schedules[0].layers[0].rotate.unit: expected hour, day, week or month, found "fortnight"',
  ],
  [
    'a layer of nobody',
    layer(`${good.start}, ${good.rotate}, users: []`),
    '9:88 schedules[0].layers[0].users: expected a list of at least one user, found a list of 0',
  ],
  [
    'a schedule without layers',
    section('schedules: [{ id: s, layers: [] }]'),
    '9:30 schedules[0].layers: expected a list of at least one layer, found a list of 0',
  ],
  [
    'a runbook that is a script',
    service('runbook: "javascript:alert(1)"'),
    '12:14 services[0].runbook: expected an address such as https://wiki.example.com/payments, found "javascript:alert(1)"',
  ],
  [
    'an urgency that nobody knows',
    service('urgency: medium'),
    '12:14 services[0].urgency: expected high, low, bySeverity or { supportHours: … }, found "medium"',
  ],
  [
    'support hours that say nothing',
    service('urgency: { supportHours: {} }'),
    '12:30 services[0].urgency.supportHours.from: is missing; expected a time such as "09:00", to 23:59',
    '12:30 services[0].urgency.supportHours.to: is missing; expected a time such as "09:00", to 24:00',
    '12:30 services[0].urgency.supportHours.inside: is missing; expected high or low',
    '12:30 services[0].urgency.supportHours.outside: is missing; expected high or low',
  ],
  [
    'support hours that no clock shows, on a day that is none, in a zone that is none',
    service(
      'urgency: { supportHours: { timezone: Mars, days: [monday], from: "24:00", to: "25:00", inside: high, outside: low, raise: noon } }',
    ),
    '12:42 services[0].urgency.supportHours.timezone: not an IANA time zone such as Europe/Berlin',
    '12:55 services[0].urgency.supportHours.days[0]: expected mon, tue, wed, thu, fri, sat or sun, found "monday"',
    '12:70 services[0].urgency.supportHours.from: expected a time such as "09:00", to 23:59, found "24:00"',
    '12:83 services[0].urgency.supportHours.to: expected a time such as "09:00", to 24:00, found "25:00"',
    '12:127 services[0].urgency.supportHours.raise: expected start or end, found "noon"',
  ],
  [
    'support hours that end when they begin [F 73]',
    service('urgency: { supportHours: { from: "09:00", to: "9:00", inside: high, outside: low } }'),
    '12:51 services[0].urgency.supportHours.to: from and to are the same; a whole day is from "00:00" to "24:00"',
  ],
  [
    'an auto-resolve that is none',
    service('autoResolve: 4h'),
    '12:18 services[0].autoResolve: expected off, or { after: 4h, from: created }, found "4h"',
  ],
  [
    'an auto-resolve after nothing, from nowhere',
    service('autoResolve: { from: ack, includeAcknowledged: maybe }'),
    '12:18 services[0].autoResolve.after: is missing; expected a duration from 1s to 365d, such as 90s, 5m or 1h30m',
    '12:26 services[0].autoResolve.from: expected created or lastEvent, found "ack"',
    '12:52 services[0].autoResolve.includeAcknowledged: expected true or false, found "maybe"',
  ],
  [
    'a source that nobody knows',
    ['source: guance', 'source: nagios'],
    `13:58 services[0].integrations[0].source: expected ${A_SOURCE}, found "nagios"`,
  ],
  ['a short routing key', [KEY, 'short'], `13:16 services[0].integrations[0].key: ${ROUTING_KEY}`],
  ['a routing key with a space', [KEY, '"with a space"'], `13:16 services[0].integrations[0].key: ${ROUTING_KEY}`],
  [
    'a routing key of 256 characters',
    [KEY, KEY.repeat(8) + 'x'],
    `13:16 services[0].integrations[0].key: ${ROUTING_KEY}`,
  ],
  [
    'an integration id that is reserved',
    ['{ key', '{ id: manual-shop, key'],
    '13:15 services[0].integrations[0].id: expected an id of 1 to 64 characters: letters, digits, _ and -, not beginning with "manual-", and not "tocsin", which are reserved, found "manual-shop"',
  ],
  [
    'the integration of Tocsin itself',
    ['{ key', '{ id: tocsin, key'],
    '13:15 services[0].integrations[0].id: expected an id of 1 to 64 characters: letters, digits, _ and -, not beginning with "manual-", and not "tocsin", which are reserved, found "tocsin"',
  ],
  [
    'an integration whose default id is too long',
    [
      '    escalationPolicy: main\n    integrations:\n      - { key',
      `    escalationPolicy: main\n  - id: ${'s'.repeat(57)}\n    escalationPolicy: main\n    integrations:\n      - { source: events-v2, key: ${KEY}1 }\n      - { key`,
    ],
    `15:9 services[1].integrations[0]: its id, <service>-<source>, would have more than 64 characters; give it a shorter one`,
  ],
  [
    'an SMTP address and a sender that are none',
    section('channels:\n  email: { smtp: "https://user:hunter2@mail", from: nobody }'),
    '10:18 channels.email.smtp: expected an address such as smtp://user:password@mail.example.com:587, or smtps://, found something else',
    '10:53 channels.email.from: expected a sender such as alerts@example.com or "Tocsin <alerts@example.com>", found "nobody"',
  ],
  [
    'a hash that is none',
    section('tokens: [{ id: t, hash: sha256:abc }]'),
    '9:25 tokens[0].hash: expected sha256: and the SHA-256 of the token in 64 hex digits, found something else',
  ],
];

test.each(values)('%s is refused where it stands', (_kind, change, ...expected) => {
  expect(errorsOf(changed(...change))).toEqual(expected);
});
