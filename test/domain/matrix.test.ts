/**
 * Every action against every pending thing, in every state: the table of lifecycle §7, read as data. A row says what is
 * pending once the action is done, at the instant of the action; times are how much is left.
 *
 * To add an action: its deed in ACTIONS, and its table in MATRIX. To add a state: its life in STATES, and a row in each table.
 */
import type { Level, Service } from '../../domain/configuration.ts';
import { autoResolveAt } from '../../domain/autoResolving.ts';
import { formatDuration } from '../../domain/duration.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { Life, written } from '../support/life.ts';

const RULES = '0s mail, 30m phone';
const people = ['ana', 'bob', 'cho', 'dee', 'eve', 'fay', 'gil'].map((id) => person(id, RULES, RULES));
const OTHER = { ...policy([level('user:ana', '60m'), level('user:fay', '60m')]), id: 'other', name: 'Other' };
const FIRST = 'user:ana user:bob user:eve';

/** Level 1 is Ana, Bob and Eve, level 2 Cho, the last resort Dee. All but Ana are still owed their first page. */
function begun({ first = FIRST, delay = '60m', more = {}, settings = {} }: Partial<World> = {}): Life {
  const levels = [level(first, delay, more), ...(delay === '60m' && first === FIRST ? [level('user:cho', '60m')] : [])];
  const pinned = { ...service({ ackTimeout: '20m', minuteZeroMaxAge: '24h' }), ...settings };
  const whole = configuration({ users: people, policy: policy(levels, { lastResort: 'user:dee' }), service: pinned });
  return new Life(whole).providing(({ user }) => (user === 'ana' ? 'sent' : 'hold')).through('0:00');
}

interface World {
  readonly first: string;
  readonly delay: string;
  readonly more: Partial<Level>;
  readonly settings: Partial<Service>;
}

const direct = (): Life => {
  const life = begun().at('3:00');
  life.command('gil', { type: 'reassign', users: ['fay'] });
  return life.through('3:00');
};
const exhausted = (): Life => begun({ delay: '4m' }).through('4:00');
const nobody = (): Life => begun({ first: 'schedule:gone' });
const snoozed = (life: Life): Life => {
  life.command('ana', { type: 'snooze', duration: duration('30m') });
  return life;
};
const held = (life: Life): Life => life.through('5:00').ack('ana');
const LOW = { settings: { urgency: 'low' } } as const;
const SUSPENDED = { settings: { holdFor: duration('60m') } };
const REOPENABLE = { settings: { reopenWindow: duration('60m') } };

/** Ten minutes after the trigger. */
const STATES: Readonly<Record<string, () => Life>> = {
  suspended: () => begun(SUSPENDED),
  triggered: () => begun(),
  'triggered at a multiAck level': () => begun({ more: { multiAck: true } }),
  'triggered at a level that accumulates': () => begun({ more: { onEscalate: 'accumulate' } }),
  'acknowledged by A': () => held(begun()),
  'acknowledged by A at a multiAck level': () => held(begun({ more: { multiAck: true } })),
  'acknowledged by two': () => held(begun()).at('6:00').ack('bob'),
  snoozed: () => snoozed(begun().through('5:00')),
  exhausted,
  'exhausted, acknowledged by A': () => held(exhausted()),
  'nobody on call': nobody,
  'nobody on call, acknowledged by A': () => held(nobody()),
  'assigned directly': direct,
  'assigned directly, acknowledged by A': () => held(direct()),
  'low urgency': () => begun(LOW),
  'low urgency, acknowledged by A': () => held(begun(LOW)),
  'resolved, inside its reopen window': () => begun(REOPENABLE).through('5:00').resolve('gil'),
  resolved: () => begun().through('5:00').resolve('gil'),
};

/** What comes of it in STATES: the code where it is refused. */
const ACTIONS: Readonly<Record<string, (life: Life) => string | undefined>> = {
  trigger: (life) => life.command('gil', { type: 'trigger' }).refused?.code,
  'ack by A': (life) => life.command('ana', { type: 'acknowledge' }).refused?.code,
  'ack by B': (life) => life.command('bob', { type: 'acknowledge' }).refused?.code,
  'start-work by A': (life) => life.command('ana', { type: 'start-work' }).refused?.code,
  'unack by A': (life) => life.command('ana', { type: 'unacknowledge' }).refused?.code,
  'ack timeout': (life) => waited(life, life.state.ackTimeoutAt),
  resolve: (life) => life.command('gil', { type: 'resolve' }).refused?.code,
  reopen: (life) => life.command('gil', { type: 'reopen' }).refused?.code,
  'auto-resolve': (life) => {
    const autoResolve = { after: duration('10m'), from: 'created', includeAcknowledged: true } as const;
    life.state = { ...life.state, service: { ...life.state.service, autoResolve } };
    return waited(life, autoResolveAt(life.state));
  },
  snooze: (life) => life.command('gil', { type: 'snooze', duration: duration('10m') }).refused?.code,
  'end of snooze': (life) => waited(life, life.state.snoozedUntil),
  'reassign to users': (life) => life.command('gil', { type: 'reassign', users: ['fay', 'bob'] }).refused?.code,
  'reassign to a level': (life) =>
    life.command('gil', { type: 'reassign', policy: OTHER, configuration: 'v2', level: 2 }).refused?.code,
  'responders added': (life) => life.command('gil', { type: 'responders', users: ['cho'] }).refused?.code,
  'escalate now': (life) =>
    life.command('gil', { type: 'escalate', fromLevel: life.state.escalation.level }).refused?.code,
};

/** Of a deadline that the state does not have. */
const NOTHING = 'nothing of it is pending';

function waited(life: Life, until: number | null): undefined {
  if (until === null) throw new Error(NOTHING);
  life.through(written(until));
}

/** One line, as the tables have them. */
function pending(life: Life): string {
  const { state, now } = life;
  const left = (at: number): string => formatDuration(at - now);
  const { levelEndsAt, level: present, pass } = state.escalation;
  const timer = levelEndsAt === null ? '–' : `${present}/${pass} ${left(levelEndsAt)}`;
  const ack = state.ackTimeoutAt === null ? '–' : left(state.ackTimeoutAt);
  const snooze = state.snoozedUntil === null ? '' : `, snoozed ${left(state.snoozedUntil)}`;
  const open = state.ledger.filter(({ phase, reason }) => phase !== 'done' && reason === null);
  const users = (list: typeof open): string => [...new Set(list.map(({ user }) => user))].toSorted().join(' ') || '–';
  const times = [...new Set(open.filter(({ owed }) => !owed).map(({ nextAt }) => nextAt))].toSorted((a, b) => a - b);
  const rules = times.map((at) => `${left(at)} ${users(open.filter(({ owed, nextAt }) => !owed && nextAt === at))}`);
  const owed = users(open.filter((each) => each.owed));
  return [timer, ack, rules.join(', ') || '–', owed, `${state.status}${snooze}`].join(' | ');
}

/** state | level/pass and what is left of its timer | ack timer | delayed rules | owed at minute zero | state after. Or the code. */
const MATRIX: Readonly<Record<string, string>> = {
  // suspended: level 1 at once; of any other there is nothing to trigger
  trigger: `
    suspended                             | 1/1 1h | – | 30m ana bob eve | bob eve | triggered
    triggered                             | NOT_SUSPENDED
    triggered at a multiAck level         | NOT_SUSPENDED
    triggered at a level that accumulates | NOT_SUSPENDED
    acknowledged by A                     | NOT_SUSPENDED
    acknowledged by A at a multiAck level | NOT_SUSPENDED
    acknowledged by two                   | NOT_SUSPENDED
    snoozed                               | NOT_SUSPENDED
    exhausted                             | NOT_SUSPENDED
    exhausted, acknowledged by A          | NOT_SUSPENDED
    nobody on call                        | NOT_SUSPENDED
    nobody on call, acknowledged by A     | NOT_SUSPENDED
    assigned directly                     | NOT_SUSPENDED
    assigned directly, acknowledged by A  | NOT_SUSPENDED
    low urgency                           | NOT_SUSPENDED
    low urgency, acknowledged by A        | NOT_SUSPENDED
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // first ack by A; ack while snoozed: no timer begins again, the ack timer is armed, delayed rules end (of a multiAck level only A’s)
  'ack by A': `
    suspended                             | – | 20m | –           | –           | acknowledged
    triggered                             | – | 20m | –           | bob eve     | acknowledged
    triggered at a multiAck level         | – | 20m | 20m bob eve | bob eve     | acknowledged
    triggered at a level that accumulates | – | 20m | –           | bob eve     | acknowledged
    acknowledged by A                     | – | 20m | –           | bob eve     | acknowledged
    acknowledged by A at a multiAck level | – | 20m | 20m bob eve | bob eve     | acknowledged
    acknowledged by two                   | – | 20m | –           | eve         | acknowledged
    snoozed                               | – | 20m | –           | bob eve     | acknowledged
    exhausted                             | – | 20m | –           | bob dee eve | acknowledged
    exhausted, acknowledged by A          | – | 20m | –           | bob dee eve | acknowledged
    nobody on call                        | – | 20m | –           | dee         | acknowledged
    nobody on call, acknowledged by A     | – | 20m | –           | dee         | acknowledged
    assigned directly                     | – | 20m | –           | bob eve fay | acknowledged
    assigned directly, acknowledged by A  | – | 20m | –           | bob eve fay | acknowledged
    low urgency                           | – | 20m | –           | bob eve     | acknowledged
    low urgency, acknowledged by A        | – | 20m | –           | bob eve     | acknowledged
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // ack by B: the ack timer is re-armed, and nothing is owed to B any more
  'ack by B': `
    suspended                             | – | 20m | –           | –       | acknowledged
    triggered                             | – | 20m | –           | eve     | acknowledged
    triggered at a multiAck level         | – | 20m | 20m ana eve | eve     | acknowledged
    triggered at a level that accumulates | – | 20m | –           | eve     | acknowledged
    acknowledged by A                     | – | 20m | –           | eve     | acknowledged
    acknowledged by A at a multiAck level | – | 20m | 20m eve     | eve     | acknowledged
    acknowledged by two                   | – | 20m | –           | eve     | acknowledged
    snoozed                               | – | 20m | –           | eve     | acknowledged
    exhausted                             | – | 20m | –           | dee eve | acknowledged
    exhausted, acknowledged by A          | – | 20m | –           | dee eve | acknowledged
    nobody on call                        | – | 20m | –           | dee     | acknowledged
    nobody on call, acknowledged by A     | – | 20m | –           | dee     | acknowledged
    assigned directly                     | – | 20m | –           | eve fay | acknowledged
    assigned directly, acknowledged by A  | – | 20m | –           | eve fay | acknowledged
    low urgency                           | – | 20m | –           | eve     | acknowledged
    low urgency, acknowledged by A        | – | 20m | –           | eve     | acknowledged
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // as ack by A
  'start-work by A': `
    suspended                             | – | 20m | –           | –           | acknowledged
    triggered                             | – | 20m | –           | bob eve     | acknowledged
    triggered at a multiAck level         | – | 20m | 20m bob eve | bob eve     | acknowledged
    triggered at a level that accumulates | – | 20m | –           | bob eve     | acknowledged
    acknowledged by A                     | – | 20m | –           | bob eve     | acknowledged
    acknowledged by A at a multiAck level | – | 20m | 20m bob eve | bob eve     | acknowledged
    acknowledged by two                   | – | 20m | –           | eve         | acknowledged
    snoozed                               | – | 20m | –           | bob eve     | acknowledged
    exhausted                             | – | 20m | –           | bob dee eve | acknowledged
    exhausted, acknowledged by A          | – | 20m | –           | bob dee eve | acknowledged
    nobody on call                        | – | 20m | –           | dee         | acknowledged
    nobody on call, acknowledged by A     | – | 20m | –           | dee         | acknowledged
    assigned directly                     | – | 20m | –           | bob eve fay | acknowledged
    assigned directly, acknowledged by A  | – | 20m | –           | bob eve fay | acknowledged
    low urgency                           | – | 20m | –           | bob eve     | acknowledged
    low urgency, acknowledged by A        | – | 20m | –           | bob eve     | acknowledged
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // the last one: full delay, same level, whose users start again; with another acker left nothing else changes
  'unack by A': `
    suspended                             | NOT_ACKNOWLEDGED
    triggered                             | NOT_ACKNOWLEDGED
    triggered at a multiAck level         | NOT_ACKNOWLEDGED
    triggered at a level that accumulates | NOT_ACKNOWLEDGED
    acknowledged by A                     | 1/1 1h | –   | 30m ana bob eve | bob eve     | triggered
    acknowledged by A at a multiAck level | 1/1 1h | –   | 30m ana bob eve | bob eve     | triggered
    acknowledged by two                   | –      | 16m | –               | eve         | acknowledged
    snoozed                               | 1/1 1h | –   | 30m ana bob eve | bob eve     | triggered
    exhausted                             | NOT_ACKNOWLEDGED
    exhausted, acknowledged by A          | –      | –   | 30m dee         | bob dee eve | triggered
    nobody on call                        | NOT_ACKNOWLEDGED
    nobody on call, acknowledged by A     | –      | –   | 30m dee         | dee         | triggered
    assigned directly                     | NOT_ACKNOWLEDGED
    assigned directly, acknowledged by A  | –      | –   | 30m fay         | bob eve fay | triggered
    low urgency                           | NOT_ACKNOWLEDGED
    low urgency, acknowledged by A        | –      | –   | 30m ana bob eve | bob eve     | triggered
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // full delay; ackers and the present on-call start; where no level runs, those of §6, with no timer
  'ack timeout': `
    suspended                             | nothing of it is pending
    triggered                             | nothing of it is pending
    triggered at a multiAck level         | nothing of it is pending
    triggered at a level that accumulates | nothing of it is pending
    acknowledged by A                     | 1/1 1h | – | 30m ana bob eve | bob eve     | triggered
    acknowledged by A at a multiAck level | 1/1 1h | – | 30m ana bob eve | bob eve     | triggered
    acknowledged by two                   | 1/1 1h | – | 30m ana bob eve | bob eve     | triggered
    snoozed                               | nothing of it is pending
    exhausted                             | nothing of it is pending
    exhausted, acknowledged by A          | –      | – | 30m ana dee     | bob dee eve | triggered
    nobody on call                        | nothing of it is pending
    nobody on call, acknowledged by A     | –      | – | 30m ana dee     | dee         | triggered
    assigned directly                     | nothing of it is pending
    assigned directly, acknowledged by A  | –      | – | 30m ana fay     | bob eve fay | triggered
    low urgency                           | nothing of it is pending
    low urgency, acknowledged by A        | –      | – | 30m ana bob eve | bob eve     | triggered
    resolved, inside its reopen window    | nothing of it is pending
    resolved                              | nothing of it is pending
  `,
  // everything ends but what is owed
  resolve: `
    suspended                             | – | – | – | –           | resolved
    triggered                             | – | – | – | bob eve     | resolved
    triggered at a multiAck level         | – | – | – | bob eve     | resolved
    triggered at a level that accumulates | – | – | – | bob eve     | resolved
    acknowledged by A                     | – | – | – | bob eve     | resolved
    acknowledged by A at a multiAck level | – | – | – | bob eve     | resolved
    acknowledged by two                   | – | – | – | eve         | resolved
    snoozed                               | – | – | – | bob eve     | resolved
    exhausted                             | – | – | – | bob dee eve | resolved
    exhausted, acknowledged by A          | – | – | – | bob dee eve | resolved
    nobody on call                        | – | – | – | dee         | resolved
    nobody on call, acknowledged by A     | – | – | – | dee         | resolved
    assigned directly                     | – | – | – | bob eve fay | resolved
    assigned directly, acknowledged by A  | – | – | – | bob eve fay | resolved
    low urgency                           | – | – | – | bob eve     | resolved
    low urgency, acknowledged by A        | – | – | – | bob eve     | resolved
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // inside the window: the next episode, level 1, pass 1; who was owed a page when it was resolved still is
  reopen: `
    suspended                             | NOT_RESOLVED
    triggered                             | NOT_RESOLVED
    triggered at a multiAck level         | NOT_RESOLVED
    triggered at a level that accumulates | NOT_RESOLVED
    acknowledged by A                     | NOT_RESOLVED
    acknowledged by A at a multiAck level | NOT_RESOLVED
    acknowledged by two                   | NOT_RESOLVED
    snoozed                               | NOT_RESOLVED
    exhausted                             | NOT_RESOLVED
    exhausted, acknowledged by A          | NOT_RESOLVED
    nobody on call                        | NOT_RESOLVED
    nobody on call, acknowledged by A     | NOT_RESOLVED
    assigned directly                     | NOT_RESOLVED
    assigned directly, acknowledged by A  | NOT_RESOLVED
    low urgency                           | NOT_RESOLVED
    low urgency, acknowledged by A        | NOT_RESOLVED
    resolved, inside its reopen window    | 1/1 1h | – | 30m ana bob eve | bob eve | triggered
    resolved                              | REOPEN_TOO_LATE
  `,
  // as resolve
  'auto-resolve': `
    suspended                             | nothing of it is pending
    triggered                             | – | – | – | bob eve     | resolved
    triggered at a multiAck level         | – | – | – | bob eve     | resolved
    triggered at a level that accumulates | – | – | – | bob eve     | resolved
    acknowledged by A                     | – | – | – | bob eve     | resolved
    acknowledged by A at a multiAck level | – | – | – | bob eve     | resolved
    acknowledged by two                   | – | – | – | eve         | resolved
    snoozed                               | – | – | – | bob eve     | resolved
    exhausted                             | – | – | – | bob dee eve | resolved
    exhausted, acknowledged by A          | – | – | – | bob dee eve | resolved
    nobody on call                        | – | – | – | dee         | resolved
    nobody on call, acknowledged by A     | – | – | – | dee         | resolved
    assigned directly                     | – | – | – | bob eve fay | resolved
    assigned directly, acknowledged by A  | – | – | – | bob eve fay | resolved
    low urgency                           | – | – | – | bob eve     | resolved
    low urgency, acknowledged by A        | – | – | – | bob eve     | resolved
    resolved, inside its reopen window    | nothing of it is pending
    resolved                              | nothing of it is pending
  `,
  // everything ends but what is owed; snooze again: the last end wins
  snooze: `
    suspended                             | – | – | – | –           | acknowledged, snoozed 10m
    triggered                             | – | – | – | bob eve     | acknowledged, snoozed 10m
    triggered at a multiAck level         | – | – | – | bob eve     | acknowledged, snoozed 10m
    triggered at a level that accumulates | – | – | – | bob eve     | acknowledged, snoozed 10m
    acknowledged by A                     | – | – | – | bob eve     | acknowledged, snoozed 10m
    acknowledged by A at a multiAck level | – | – | – | bob eve     | acknowledged, snoozed 10m
    acknowledged by two                   | – | – | – | eve         | acknowledged, snoozed 10m
    snoozed                               | – | – | – | bob eve     | acknowledged, snoozed 10m
    exhausted                             | – | – | – | bob dee eve | acknowledged, snoozed 10m
    exhausted, acknowledged by A          | – | – | – | bob dee eve | acknowledged, snoozed 10m
    nobody on call                        | – | – | – | dee         | acknowledged, snoozed 10m
    nobody on call, acknowledged by A     | – | – | – | dee         | acknowledged, snoozed 10m
    assigned directly                     | – | – | – | bob eve fay | acknowledged, snoozed 10m
    assigned directly, acknowledged by A  | – | – | – | bob eve fay | acknowledged, snoozed 10m
    low urgency                           | – | – | – | bob eve     | acknowledged, snoozed 10m
    low urgency, acknowledged by A        | – | – | – | bob eve     | acknowledged, snoozed 10m
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // full delay; on-call is resolved again, and starts
  'end of snooze': `
    suspended                             | nothing of it is pending
    triggered                             | nothing of it is pending
    triggered at a multiAck level         | nothing of it is pending
    triggered at a level that accumulates | nothing of it is pending
    acknowledged by A                     | nothing of it is pending
    acknowledged by A at a multiAck level | nothing of it is pending
    acknowledged by two                   | nothing of it is pending
    snoozed                               | 1/1 1h | – | 30m ana bob eve | bob eve | triggered
    exhausted                             | nothing of it is pending
    exhausted, acknowledged by A          | nothing of it is pending
    nobody on call                        | nothing of it is pending
    nobody on call, acknowledged by A     | nothing of it is pending
    assigned directly                     | nothing of it is pending
    assigned directly, acknowledged by A  | nothing of it is pending
    low urgency                           | nothing of it is pending
    low urgency, acknowledged by A        | nothing of it is pending
    resolved, inside its reopen window    | nothing of it is pending
    resolved                              | nothing of it is pending
  `,
  // no more escalation; the old users’ rules end, the new start; who is owed it is told. Told already in this episode (§5.3), their zero-delay rule fires all the same
  'reassign to users': `
    suspended                             | – | – | 30m bob fay             | bob fay         | triggered
    triggered                             | – | – | 0s bob, 30m bob fay     | bob eve fay     | triggered
    triggered at a multiAck level         | – | – | 0s bob, 30m bob fay     | bob eve fay     | triggered
    triggered at a level that accumulates | – | – | 0s bob, 30m bob fay     | bob eve fay     | triggered
    acknowledged by A                     | – | – | 30m bob fay             | bob eve fay     | triggered
    acknowledged by A at a multiAck level | – | – | 30m bob fay             | bob eve fay     | triggered
    acknowledged by two                   | – | – | 30m bob fay             | bob eve fay     | triggered
    snoozed                               | – | – | 30m bob fay             | bob eve fay     | triggered
    exhausted                             | – | – | 0s bob, 30m bob fay     | bob dee eve fay | triggered
    exhausted, acknowledged by A          | – | – | 30m bob fay             | bob dee eve fay | triggered
    nobody on call                        | – | – | 30m bob fay             | bob dee fay     | triggered
    nobody on call, acknowledged by A     | – | – | 30m bob fay             | bob dee fay     | triggered
    assigned directly                     | – | – | 0s bob fay, 30m bob fay | bob eve fay     | triggered
    assigned directly, acknowledged by A  | – | – | 30m bob fay             | bob eve fay     | triggered
    low urgency                           | – | – | 0s bob, 30m bob fay     | bob eve fay     | triggered
    low urgency, acknowledged by A        | – | – | 30m bob fay             | bob eve fay     | triggered
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // starts there, pass 1, as a level is entered: the level of another policy, here
  'reassign to a level': `
    suspended                             | 2/1 1h | – | 30m fay         | fay             | triggered
    triggered                             | 2/1 1h | – | 30m fay         | bob eve fay     | triggered
    triggered at a multiAck level         | 2/1 1h | – | 30m fay         | bob eve fay     | triggered
    triggered at a level that accumulates | 2/1 1h | – | 30m fay         | bob eve fay     | triggered
    acknowledged by A                     | 2/1 1h | – | 30m fay         | bob eve fay     | triggered
    acknowledged by A at a multiAck level | 2/1 1h | – | 30m fay         | bob eve fay     | triggered
    acknowledged by two                   | 2/1 1h | – | 30m fay         | eve fay         | triggered
    snoozed                               | 2/1 1h | – | 30m fay         | bob eve fay     | triggered
    exhausted                             | 2/1 1h | – | 30m fay         | bob dee eve fay | triggered
    exhausted, acknowledged by A          | 2/1 1h | – | 30m fay         | bob dee eve fay | triggered
    nobody on call                        | 2/1 1h | – | 30m fay         | dee fay         | triggered
    nobody on call, acknowledged by A     | 2/1 1h | – | 30m fay         | dee fay         | triggered
    assigned directly                     | 2/1 1h | – | 0s fay, 30m fay | bob eve fay     | triggered
    assigned directly, acknowledged by A  | 2/1 1h | – | 30m fay         | bob eve fay     | triggered
    low urgency                           | –      | – | 30m fay         | bob eve fay     | triggered
    low urgency, acknowledged by A        | –      | – | 30m fay         | bob eve fay     | triggered
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // theirs start, and nothing else changes; while acknowledged they are owed their first page, and no later rule starts
  'responders added': `
    suspended                             | –       | –   | –                        | cho             | suspended
    triggered                             | 1/1 50m | –   | 20m ana bob eve, 30m cho | bob cho eve     | triggered
    triggered at a multiAck level         | 1/1 50m | –   | 20m ana bob eve, 30m cho | bob cho eve     | triggered
    triggered at a level that accumulates | 1/1 50m | –   | 20m ana bob eve, 30m cho | bob cho eve     | triggered
    acknowledged by A                     | –       | 15m | –                        | bob cho eve     | acknowledged
    acknowledged by A at a multiAck level | –       | 15m | 20m bob eve              | bob cho eve     | acknowledged
    acknowledged by two                   | –       | 16m | –                        | cho eve         | acknowledged
    snoozed                               | –       | –   | –                        | bob cho eve     | acknowledged, snoozed 25m
    exhausted                             | –       | –   | 24m dee, 30m cho         | bob cho dee eve | triggered
    exhausted, acknowledged by A          | –       | 15m | –                        | bob cho dee eve | acknowledged
    nobody on call                        | –       | –   | 20m dee, 30m cho         | cho dee         | triggered
    nobody on call, acknowledged by A     | –       | 15m | –                        | cho dee         | acknowledged
    assigned directly                     | –       | –   | 23m fay, 30m cho         | bob cho eve fay | triggered
    assigned directly, acknowledged by A  | –       | 15m | –                        | bob cho eve fay | acknowledged
    low urgency                           | –       | –   | 20m ana bob eve, 30m cho | bob cho eve     | triggered
    low urgency, acknowledged by A        | –       | 15m | –                        | bob cho eve     | acknowledged
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
  // the next level, by onEscalate; from no level, what §4.7 says; triggered, even if it was acknowledged
  'escalate now': `
    suspended                             | 1/1 1h | – | 30m ana bob eve          | bob eve     | triggered
    triggered                             | 2/1 1h | – | 30m cho                  | bob cho eve | triggered
    triggered at a multiAck level         | 2/1 1h | – | 30m cho                  | bob cho eve | triggered
    triggered at a level that accumulates | 2/1 1h | – | 20m ana bob eve, 30m cho | bob cho eve | triggered
    acknowledged by A                     | 2/1 1h | – | 30m cho                  | bob cho eve | triggered
    acknowledged by A at a multiAck level | 2/1 1h | – | 30m cho                  | bob cho eve | triggered
    acknowledged by two                   | 2/1 1h | – | 30m cho                  | cho eve     | triggered
    snoozed                               | 2/1 1h | – | 30m cho                  | bob cho eve | triggered
    exhausted                             | –      | – | 0s dee, 30m dee          | bob dee eve | triggered
    exhausted, acknowledged by A          | –      | – | 30m dee                  | bob dee eve | triggered
    nobody on call                        | –      | – | 0s dee, 30m dee          | dee         | triggered
    nobody on call, acknowledged by A     | –      | – | 30m dee                  | dee         | triggered
    assigned directly                     | DIRECTLY_ASSIGNED
    assigned directly, acknowledged by A  | DIRECTLY_ASSIGNED
    low urgency                           | –      | – | 30m cho                  | bob cho eve | triggered
    low urgency, acknowledged by A        | –      | – | 30m cho                  | bob cho eve | triggered
    resolved, inside its reopen window    | ALREADY_RESOLVED
    resolved                              | ALREADY_RESOLVED
  `,
};

/** `[state, what is expected]` for each line of a table. */
const rowsOf = (table: string): [state: string, expected: string][] =>
  table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [state = '', ...cells] = line.split('|').map((cell) => cell.trim());
      return [state, cells.join(' | ')];
    });

const CODE = /^[A-Z_]+$/;

test('every action has a table, and every table a row for every state', () => {
  expect(Object.keys(MATRIX)).toEqual(Object.keys(ACTIONS));
  for (const table of Object.values(MATRIX)) expect(rowsOf(table).map(([state]) => state)).toEqual(Object.keys(STATES));
});

describe.each(Object.entries(MATRIX))('%s [L7]', (action, table) => {
  test.each(rowsOf(table).filter(([, expected]) => expected !== NOTHING))('%s: %s', (name, expected) => {
    const life = STATES[name]?.().at('10:00');
    const deed = ACTIONS[action];
    if (life === undefined || deed === undefined) throw new Error(`no such state or action: ${name}, ${action}`);
    const before = life.state;
    const code = deed(life);
    if (CODE.test(expected)) {
      expect(code).toBe(expected);
      const bookkeeping = { log: [], commands: [], counters: [] };
      expect({ ...life.state, ...bookkeeping }).toEqual({ ...before, ...bookkeeping });
    } else {
      expect([code, pending(life.through(written(life.now)))]).toEqual([undefined, expected]);
    }
  });
});
