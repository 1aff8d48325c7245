/** What `next` says comes next is what then comes (lifecycle §12.4): read, time passes, and both are compared. */
import type { Level, Service, SupportHours } from '../../domain/configuration.ts';
import { next } from '../../domain/next.ts';
import type { Coming } from '../../domain/next.ts';
import type { IncidentState } from '../../domain/incident.ts';
import type { Reason } from '../../domain/reasons.ts';
import { configuration, dailySchedule, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER, written } from '../support/life.ts';

const USERS = [
  person('ana', '0s mail, 2m phone, 5m pager', '0s mail, 3m phone, 30m pager'),
  person('bob', '0s phone', '0s phone, 4m mail'),
  person('cho', '1m mail', '0s mail'),
  person('dee', '0s phone, 2m mail', '0s phone'),
];
/** Nobody until 30:00, Cho from then on. */
const LATER = {
  ...dailySchedule('later', []),
  layers: [{ ...dailySchedule('later', ['cho']).layers[0]!, start: '2026-03-02T00:30' }],
};
const HOURS: SupportHours = {
  timezone: 'UTC',
  days: ['mon'],
  from: '00:30',
  to: '18:00',
  inside: 'high',
  outside: 'low',
  raise: 'start',
};
const AT_30 = { supportHours: HOURS };
const TWO = [level('user:ana', '5m'), level('user:bob', '5m')];
interface World extends Partial<Pick<Service, 'urgency' | 'autoResolve' | 'holdFor' | 'threshold' | 'reopenWindow'>> {
  readonly levels?: readonly Level[];
  readonly repeat?: number;
  readonly lastResort?: string;
  readonly ackTimeout?: string;
  readonly resume?: 'same-level' | 'first-level';
}
function life({ levels = TWO, repeat = 0, lastResort = '', ...more }: World = {}): Life {
  const made = configuration({
    users: USERS,
    schedules: [LATER],
    policy: policy(levels, { repeat, lastResort }),
    service: service(more),
  });
  return new Life(made).through('0:00');
}
const autoResolve = (after: string, more: Partial<NonNullable<Service['autoResolve']>> = {}) =>
  ({ after: duration(after), from: 'created', includeAcknowledged: false, ...more }) as const;
const failing = (...contacts: string[]) =>
  (({ user, contact }: { user: string; contact: string }) =>
    contacts.includes(`${user} ${contact}`) ? 'retryable' : 'sent') satisfies Parameters<Life['providing']>[0];

const line = ({ at, kind, user, contact, level, pass }: Omit<Coming, 'reason'>): string =>
  [written(at), kind, user, contact, level === undefined ? undefined : `level ${level}`, pass && `pass ${pass}`]
    .filter((part) => part !== undefined)
    .join(' ');

/** What it says of the nearest instant. */
function said(state: IncidentState): string[] {
  const all = next(state);
  return all.filter(({ at }) => at === all[0]?.at).map(line);
}

/** Why a level begins that `next` foretells, and not only what makes it begin. */
const ESCALATES: ReadonlySet<Reason> = new Set<Reason>([
  'levelTimeout',
  'levelUnreachable',
  'nextPass',
  'handOff',
  'urgencyRaised',
]);

/** What came since `before`, but for what follows of it at the same instant: the first messages of a level that is entered. */
function came(before: IncidentState, { assignments, ledger, log }: IncidentState): string[] {
  const found: Omit<Coming, 'reason'>[] = [];
  const isNew = ({ seq }: { seq: number }) => seq > before.counters.assignment;
  for (const notification of ledger) {
    const { id, attempts, user, contact, level, pass, assignment } = notification;
    const known = before.ledger.find((each) => each.id === id)?.attempts.length ?? 0;
    if (isNew({ seq: assignment })) continue;
    for (const { at } of attempts.slice(known))
      found.push({ at, kind: 'notify', user, contact, pass, ...(level === null ? {} : { level }) });
  }
  for (const { at, kind, level, pass, reason } of assignments.filter(isNew)) {
    if (!ESCALATES.has(reason)) continue;
    if (kind === 'level' && level !== null) found.push({ at, kind: 'escalate', level, pass });
    else found.push({ at, kind: kind === 'lastResort' ? 'lastResort' : 'escalate' });
  }
  const kinds: Record<string, Coming['kind']> = {
    ackTimedOut: 'ackTimeout',
    snoozeEnded: 'snoozeEnd',
    resolved: 'autoResolve',
    exhausted: 'lastResort',
    released: 'release',
  };
  for (const { id, at, type } of log) {
    const kind = kinds[type];
    if (kind !== undefined && Number(id.slice(1)) > before.counters.entry) found.push({ at, kind });
  }
  return found.map(line);
}

type Situation = [what: string, expected: readonly string[], make: () => Life];
const situations: Situation[] = [
  ['a rule that is delayed', ['2:00 notify ana phone level 1 pass 1'], () => life()],
  ['the end of a level, where a rule of it would be due', ['5:00 escalate level 2 pass 1'], () => life().at('3:00')],
  [
    'the end of a level that accumulates, and a rule of it that runs on',
    ['5:00 notify ana pager level 1 pass 1', '5:00 escalate level 2 pass 1'],
    () => life({ levels: [level('user:ana', '5m', { onEscalate: 'accumulate' }), TWO[1]!] }).at('3:00'),
  ],
  [
    'a rule of a level that accumulated, in the level after it',
    ['2:00 notify ana phone level 1 pass 1'],
    () => life({ levels: [level('user:ana', '1m', { onEscalate: 'accumulate' }), TWO[1]!] }).through('1:00'),
  ],
  ['the next pass', ['10:00 escalate level 1 pass 2'], () => life({ repeat: 1 }).through('5:00')],
  [
    'a delayed rule in the next pass',
    ['12:00 notify ana phone level 1 pass 2'],
    () => life({ repeat: 1 }).through('10:00'),
  ],
  ['the last resort', ['10:00 lastResort'], () => life({ lastResort: 'user:dee' }).through('5:00')],
  ['the end of the policy with no last resort', ['10:00 lastResort'], () => life().through('5:00')],
  [
    'a delayed rule of the last resort',
    ['12:00 notify dee mail pass 1'],
    () => life({ lastResort: 'user:dee' }).through('10:00'),
  ],
  ['nothing, exhausted and with no last resort', [], () => life().through('10:00')],
  [
    'a level of round robin again, whose turn it is',
    ['5:00 escalate level 1 pass 2'],
    () => life({ levels: [level('user:bob user:dee', '5m', { assign: 'round-robin' })], repeat: 1 }),
  ],
  [
    'a rule of one who has not acknowledged, at a multiAck level',
    ['2:00 notify dee mail level 1 pass 1'],
    () =>
      life({ levels: [level('user:ana user:dee', '5m', { multiAck: true })], ackTimeout: '9m' })
        .at('1:00')
        .ack('ana'),
  ],
  ['nothing, acknowledged with no timeout', [], () => life().at('1:00').ack('ana')],
  ['the ack timeout', ['6:00 ackTimeout'], () => life({ ackTimeout: '5m' }).at('1:00').ack('ana')],
  [
    'the ack timeout that resumes at the first level',
    ['11:00 ackTimeout'],
    () => life({ ackTimeout: '5m', resume: 'first-level' }).at('6:00').ack('ana'),
  ],
  [
    'the ack timeout, where a rule of a multiAck level would be due',
    ['2:00 ackTimeout'],
    () =>
      life({ levels: [level('user:ana user:dee', '9m', { multiAck: true })], ackTimeout: '1m' })
        .at('1:00')
        .ack('ana'),
  ],
  [
    'after an ack timeout, the rules of the level again',
    ['8:00 notify ana phone level 1 pass 1'],
    () => life({ ackTimeout: '5m' }).at('1:00').ack('ana').through('6:00'),
  ],
  [
    'the hand-off at which who is on call is looked at again',
    ['30:00 escalate level 1 pass 1'],
    () => life({ levels: [level('schedule:later', '5m')] }),
  ],
  [
    'a rule of low urgency, and no escalation',
    ['3:00 notify ana phone level 1 pass 1'],
    () => life({ urgency: 'low' }),
  ],
  ['nothing, at low urgency', [], () => life({ urgency: 'low' }).through('30:00')],
  [
    'the low rules after the urgency is lowered',
    ['4:00 notify ana phone level 1 pass 1'],
    () => life({ urgency: 'bySeverity' }).at('1:00').arrive({ severity: 'warning' }).through('1:00'),
  ],
  [
    'a rule of somebody whom a person assigned, and no escalation',
    ['3:00 notify dee mail pass 1'],
    () => {
      const direct = life().at('1:00');
      direct.command('ana', { type: 'reassign', users: ['dee'] });
      return direct.through('1:00');
    },
  ],
  [
    'a failed message again',
    ['0:02 notify ana mail level 1 pass 1'],
    () => new Life(configuration({ users: USERS, policy: policy(TWO) })).providing(failing('ana mail')).through('0:00'),
  ],
  [
    'another rule sooner, where a contact method fails for so long',
    ['2:00 notify cho phone level 1 pass 1'],
    () => {
      const users = [person('cho', '0s mail, 4m phone')];
      const failed = new Life(configuration({ users, policy: policy([level('user:cho', '5m')]) }));
      return failed.providing(failing('cho mail')).through('1:30');
    },
  ],
  [
    'one rule sooner, where two contact methods fail for so long',
    ['2:00 notify cho pager level 1 pass 1'],
    () => {
      const users = [person('cho', '0s mail, 0s phone, 4m pager')];
      const failed = new Life(configuration({ users, policy: policy([level('user:cho', '5m')]) }));
      return failed.providing(failing('cho mail', 'cho phone')).through('1:30');
    },
  ],
  [
    'the end of a level of which nobody can be reached',
    ['2:00 escalate level 2 pass 1'],
    () => {
      const failed = new Life(configuration({ users: USERS, policy: policy([level('user:bob', '5m'), TWO[0]!]) }));
      return failed.providing(failing('bob phone')).through('1:30');
    },
  ],
  [
    'messages that are attempted for as long as nobody is reached',
    ['2:06 notify bob phone level 1 pass 1'],
    () => {
      const failed = new Life(configuration({ users: USERS, policy: policy([level('user:bob', '5m')]) }));
      return failed.providing(failing('bob phone')).through('2:00');
    },
  ],
  [
    'an owed message again, while acknowledged',
    ['1:02 notify bob phone level 1 pass 1'],
    () => {
      const users = [...USERS, person('eve', '0s phone')];
      const failed = new Life(configuration({ users, policy: policy([level('user:bob user:eve', '5m')]) }));
      return failed.providing(failing('bob phone')).at('1:00').ack('eve');
    },
  ],
  [
    'nothing, where an owed message would be attempted again when it is too old',
    [],
    () => {
      const more = { service: service({ minuteZeroMaxAge: '1m' }) };
      const failed = new Life(
        configuration({ users: USERS, policy: policy([level('user:bob user:dee', '5m')]), ...more }),
      );
      return failed.providing(failing('bob phone')).at('0:40').ack('dee');
    },
  ],
  [
    'support hours that begin: the level starts, and no low rule of it fires',
    ['30:00 escalate level 1 pass 1'],
    () => life({ urgency: AT_30 }).through('3:00'),
  ],
  [
    'support hours that begin, for those whom a person assigned',
    ['30:00 escalate'],
    () => {
      const direct = life({ urgency: AT_30 }).at('1:00');
      direct.command('ana', { type: 'reassign', users: ['dee'] });
      return direct.through('1:00');
    },
  ],
  [
    'support hours that begin, where nobody was on call',
    ['30:00 escalate level 1 pass 1'],
    () => life({ urgency: AT_30, levels: [level('schedule:later', '5m')], lastResort: 'user:dee' }),
  ],
  [
    'the ack timeout, after support hours that only raise what is acknowledged',
    ['40:00 ackTimeout'],
    () => life({ urgency: AT_30, ackTimeout: '20m' }).at('20:00').ack('ana'),
  ],
  [
    'auto-resolve, where a rule and the end of the level would be due',
    ['5:00 autoResolve'],
    () => life({ autoResolve: autoResolve('5m') }).at('3:00'),
  ],
  [
    'auto-resolve, and an owed message again at that instant',
    ['0:30 autoResolve', '0:30 notify bob phone level 1 pass 1'],
    () => {
      const more = { service: service({ autoResolve: autoResolve('30s') }) };
      const failed = new Life(configuration({ users: USERS, policy: policy([level('user:bob', '5m')]), ...more }));
      return failed.providing(failing('bob phone')).through('0:20');
    },
  ],
  [
    'auto-resolve while acknowledged, where the ack timeout would be due',
    ['6:00 autoResolve'],
    () =>
      life({ autoResolve: autoResolve('6m', { includeAcknowledged: true }), ackTimeout: '5m' })
        .at('1:00')
        .ack('ana'),
  ],
  [
    'the ack timeout, and auto-resolve one full level after it',
    ['6:00 ackTimeout'],
    () =>
      life({ autoResolve: autoResolve('7m', { includeAcknowledged: true }), ackTimeout: '5m' })
        .at('1:00')
        .ack('ana'),
  ],
  [
    'the end of a snooze',
    ['4:00 snoozeEnd'],
    () => {
      const snoozed = life({ ackTimeout: '1m' }).at('1:00');
      snoozed.command('ana', { type: 'snooze', duration: duration('3m') });
      return snoozed;
    },
  ],
  ['the end of a hold', ['3:00 release'], () => life({ holdFor: duration('3m') })],
  [
    'the end of a threshold that is not reached',
    ['5:00 autoResolve'],
    () => life({ threshold: { moreThan: 3, within: duration('5m') } }),
  ],
  [
    'the end of a threshold, where a hold ends before it and changes nothing',
    ['5:00 autoResolve'],
    () => life({ holdFor: duration('3m'), threshold: { moreThan: 3, within: duration('5m') } }),
  ],
  [
    'the end of a hold, where support hours that begin before it only raise it',
    ['40:00 release'],
    () => life({ holdFor: duration('40m'), urgency: AT_30 }),
  ],
  [
    'a rule after a release',
    ['5:00 notify ana phone level 1 pass 1'],
    () => life({ holdFor: duration('3m') }).through('3:00'),
  ],
  [
    'a rule after a reopening',
    ['4:00 notify ana phone level 1 pass 1'],
    () =>
      life({ reopenWindow: duration('1h') })
        .at('1:00')
        .resolve('bob')
        .at('2:00')
        .arrive({})
        .through('2:00'),
  ],
  [
    'nothing, resolved and to be reopened',
    [],
    () =>
      life({ reopenWindow: duration('1h') })
        .at('1:00')
        .resolve('ana'),
  ],
  [
    'a rule of a responder, which no end of a level takes away',
    ['5:00 escalate level 2 pass 1', '5:00 notify dee mail pass 1'],
    () => {
      const helped = life().at('3:00');
      helped.command('ana', { type: 'responders', users: ['dee'] });
      return helped.through('3:00');
    },
  ],
  [
    'a rule of a responder at the instant at which support hours raise it',
    ['30:00 escalate level 1 pass 1', '30:00 notify bob mail pass 1'],
    () => {
      const helped = life({ urgency: AT_30 }).at('26:00');
      helped.command('ana', { type: 'responders', users: ['bob'] });
      return helped.through('26:00');
    },
  ],
  ['nothing, resolved', [], () => life().at('1:00').resolve('ana')],
];

test.each(situations)('[L12.4] next says %s, and that is what then comes', (_what, expected, make) => {
  const open = make();
  const before = open.state;
  const foretold = said(before);
  expect(foretold.toSorted()).toEqual([...expected].toSorted());
  open.through(foretold.length === 0 ? '1400:00' : written(next(before)[0]!.at));
  expect(came(before, open.state).toSorted()).toEqual(foretold.toSorted());
});

test('[L12.4] what comes after an ack timeout has the instant that the timeout leaves it', () => {
  const open = life({ autoResolve: autoResolve('7m', { includeAcknowledged: true }), ackTimeout: '5m' });
  open.at('1:00').ack('ana');
  expect(next(open.state).map(line)).toEqual(['6:00 ackTimeout', '11:00 autoResolve']);
  expect(open.through('11:00').state.resolvedAt).toBe(instant('11:00'));
});

test('[L12.4] a rule that comes sooner, because another fails, does not come again in its own time', () => {
  const users = [person('cho', '0s mail, 4m phone')];
  const failed = new Life(configuration({ users, policy: policy([level('user:cho', '9m')]) }), TRIGGER);
  failed.providing(failing('cho mail')).through('1:30');
  expect(next(failed.state).map(line)).toEqual([
    '2:00 notify cho phone level 1 pass 1',
    '2:06 notify cho mail level 1 pass 1',
    '9:00 lastResort',
  ]);
});
