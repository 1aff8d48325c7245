/** What the format has and this version has not (interfaces §3): refused by name, unless it asks for what happens anyway. */
import { changed, errorsOf, load } from './written.ts';

const section = (line: string): string => changed('services:', `${line}\nservices:`);
const user = (line: string): string => changed('    contacts:', `    ${line}\n    contacts:`);
const level = (line: string): string => changed('escalateAfter: 5m', `escalateAfter: 5m\n        ${line}`);
const service = (line: string): string => changed('    integrations:', `    ${line}\n    integrations:`);
const layer = (line: string): string =>
  section(`schedules:\n  - id: s\n    layers:\n      - start: 2026-01-05T09:00\n        users: [ana]\n        ${line}`);

const S = 'is not built yet; leave it out';
const refused: [what: string, text: string, expected: string][] = [
  ['limits', section('limits: { sms: [] }'), `9:9 limits: limits ${S} or set it to {}`],
];

test.each(refused)('%s is refused by name', (_what, text, expected) => {
  expect(errorsOf(text)).toEqual([expected]);
});

test.each([
  ['of the organization', section('organization: { language: en }')],
  [
    'of a user',
    user('statusUpdates: false\n    away: []\n    notificationRules: { low: [{ after: 0s, contact: term }] }'),
  ],
  ['of a layer', layer('rotate: { every: 1, unit: week }\n        restrictions: []')],
  [
    'of a level',
    level('assign: all\n        massNotification: false\n        onEscalate: replace\n        ifEmpty: skip'),
  ],
  [
    'of a service',
    service(
      'autoResolve: off\n    urgency: high\n    holdFor: 0s\n    reopenWindow: off\n    grouping: off\n    threshold: off\n    flapping: off\n    subscribers: []',
    ),
  ],
  ['of a service, with the off of YAML 1.1', service('autoResolve: false\n    grouping: false\n    ackTimeout: false')],
  ['of a routing rule', section('routing: [{ set: { service: shop, holdFor: 0s }, suppress: false }]')],
  ['of sections', section('teams: []\nintegrations: []\nrouting: []\nmonitors: []\nlimits: {}\nchannels: {}\ntokens:')],
])('settings %s that ask for what happens anyway are taken', (_what, text) => {
  expect(load(text).configuration.services.has('shop')).toBe(true);
});
