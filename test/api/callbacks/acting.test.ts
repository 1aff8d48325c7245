/** What people do on channels, on an incident that follows the production rules. */
import { type Asked, act, turnAway } from '../../../api/callbacks/acting.ts';
import type { Configuration, User } from '../../../domain/configuration.ts';
import { minutes } from '../../../domain/duration.ts';
import { LANGUAGES } from '../../../domain/language.ts';
import { ACTING } from '../../../wording/acting.ts';
import { configuration, level, person, policy, service } from '../../support/configurations.ts';
import { Life } from '../../support/life.ts';
import { OneIncident } from '../oneIncident.ts';

const users: readonly User[] = [
  person('ana'),
  person('bob'),
  { ...person('wei'), language: 'zh-CN' },
  { ...person('eve'), role: 'observer', language: 'de' },
];
const levels = [level('user:ana user:bob', '5m'), level('user:wei', '15m')];
const CONFIGURATION: Configuration = configuration({
  users,
  policy: policy(levels),
  service: service({ ackTimeout: '30m' }),
});

let life: Life;
let incident: OneIncident;
beforeEach(() => {
  life = new Life(CONFIGURATION).through('0:00');
  incident = new OneIncident(life);
});

const SHOWN = { level: 1, pass: 1, episode: 1 };
const doors = () => ({ incidents: incident, configuration: () => CONFIGURATION });
let acts = 0;
const doing = (more: Partial<Asked> = {}) =>
  act(doors(), {
    incident: life.state.id,
    user: 'ana',
    action: 'acknowledge',
    via: 'voice cell',
    commandId: `twilio.CA${++acts}.4`,
    ...more,
  });

test('an act is a command of that user, by that door', async () => {
  expect(await doing({ commandId: 'twilio.CA1.4' })).toMatchObject({ kind: 'done', sentence: 'acknowledged' });
  expect(incident.asked).toEqual([
    {
      id: 'twilio.CA1.4',
      type: 'acknowledge',
      actor: { kind: 'user', id: 'ana', name: 'Ana', via: 'voice cell' },
    },
  ]);
  expect(life.state.acknowledgements.map(({ user }) => user)).toEqual(['ana']);
});

test.each([
  ['resolve', {}, 'resolved'],
  ['escalate', { shownAt: SHOWN }, 'escalated'],
  ['snooze', { snooze: minutes(20) }, 'snoozed'],
  ['notes', { text: 'it is the disk' }, 'noted in the timeline'],
  ['priority', { priority: 'P2' }, 'priority set'],
] as const)('%s is done, and said so', async (action, more, sentence) => {
  expect(await doing({ action, ...more })).toMatchObject({ kind: 'done', sentence });
});

test('unacknowledge takes an acknowledgement back, and only one’s own', async () => {
  await doing();
  expect(await doing({ user: 'bob', action: 'unacknowledge' })).toMatchObject({
    kind: 'tooLate',
    sentence: 'The incident is not acknowledged by this user; acknowledged by Ana at 00:00:00 UTC',
  });
  expect(await doing({ action: 'unacknowledge' })).toMatchObject({
    kind: 'done',
    sentence: 'acknowledgement taken back',
  });
});

test('a snooze without a length is one of an hour', async () => {
  await doing({ action: 'snooze' });
  expect(life.state.snoozedUntil).toBe(life.now + minutes(60));
});

test('the same act delivered again is done once, and answered with the present truth', async () => {
  await doing({ commandId: 'twilio.CA1.4' });
  const { ackTimeoutAt } = life.state;
  life.at('1:00').resolve('bob');
  expect(await doing({ commandId: 'twilio.CA1.4' })).toMatchObject({
    kind: 'done',
    sentence: 'already resolved by Bob at 00:01:00 UTC',
  });
  expect(ackTimeoutAt).not.toBeNull();
  expect(life.state.log.filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
});

test('what Temporal remembers of the first time is not told for the present', async () => {
  const first = await incident.command(life.state.id, {
    id: 'c1',
    type: 'acknowledge',
    actor: { kind: 'user', id: 'ana' },
  });
  life.at('1:00').resolve('bob');
  incident.command = async () => first;
  expect((await doing()).sentence).toBe('already resolved by Bob at 00:01:00 UTC');
});

test('too late: it changes nothing, and the sentence says who was first, and when', async () => {
  life.at('2:00').resolve('bob');
  expect(await doing()).toMatchObject({ kind: 'tooLate', sentence: 'already resolved by Bob at 00:02:00 UTC' });
  incident.engine = 'closed';
  expect(await doing()).toMatchObject({ kind: 'tooLate', sentence: 'already resolved by Bob at 00:02:00 UTC' });
});

test('escalate names where it was shown: a second press changes nothing, and without it there is nothing to go on from', async () => {
  await doing({ action: 'escalate', shownAt: SHOWN });
  expect(incident.asked).toMatchObject([{ type: 'escalate', fromLevel: 1, fromPass: 1, fromEpisode: 1 }]);
  life.through('0:00');
  expect(life.state.escalation.level).toBe(2);
  for (const shownAt of [SHOWN, undefined]) {
    expect(await doing({ user: 'bob', action: 'escalate', shownAt })).toMatchObject({
      kind: 'tooLate',
      sentence: 'The incident has moved on since it was shown; triggered; level 2, and nobody has acknowledged it',
    });
  }
  expect(life.state.escalation.level).toBe(2);
});

test('with no worker it is noted, and of an incident that is not there nothing is promised', async () => {
  incident.engine = 'noWorker';
  expect(await doing()).toEqual({ kind: 'recorded', sentence: 'noted, not yet confirmed' });
  incident.engine = 'up';
  expect(await doing({ incident: 'other.k.r' })).toMatchObject({ kind: 'notFound' });
  incident.engine = 'away';
  await expect(doing()).rejects.toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
});

test('one who may only read is turned away in their language, and it stands in the timeline', async () => {
  expect(await doing({ user: 'eve', commandId: 'twilio.CA9.4' })).toEqual({
    kind: 'turnedAway',
    sentence: 'das dürfen Sie nicht',
  });
  expect(incident.asked).toEqual([]);
  expect(incident.heard).toEqual([
    {
      kind: 'turnedAway',
      turnedAway: {
        id: 'twilio.CA9.4',
        command: 'acknowledge',
        code: 'FORBIDDEN',
        via: 'voice cell',
        at: expect.any(Number),
      },
    },
  ]);
});

test('nobody’s user is turned away, in the language of the organization', async () => {
  expect(await doing({ user: 'zoe' })).toEqual({
    kind: 'turnedAway',
    sentence: 'nothing was done: this account or number is no contact method of a user of Tocsin',
  });
  expect(incident.heard).toMatchObject([{ turnedAway: { code: 'UNKNOWN_USER' } }]);
  expect(incident.asked).toEqual([]);
});

test('a stranger at an incident that is not there learns just that', async () => {
  const stranger = { incident: 'other.k.r', action: 'resolve', via: 'slack U1', commandId: 'c1', code: 'FORBIDDEN' };
  expect(await turnAway(doors(), stranger as Parameters<typeof turnAway>[1])).toMatchObject({ kind: 'notFound' });
});

test('what is done is told in the language of who did it', async () => {
  expect((await doing({ user: 'wei' })).sentence).toBe('已认领');
});

test('what came too late is explained in the language of who did it, in their time zone', async () => {
  await doing({ user: 'wei', action: 'unacknowledge' });
  life.at('2:00').resolve('bob');
  expect((await doing({ user: 'wei' })).sentence).toMatch(/^已由 Bob 于 .*00:02:00.* 解决$/);
});

test('no phrase ends with a full stop, and none is another language’s', () => {
  const phrases = LANGUAGES.flatMap((language) =>
    Object.values(ACTING[language]).filter((phrase): phrase is string => typeof phrase === 'string'),
  );
  expect(phrases.filter((phrase) => /[.。]/.test(phrase))).toEqual([]);
  expect(new Set(phrases).size).toBe(phrases.length);
});
