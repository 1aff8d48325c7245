import { carryOver } from '../../domain/carrying.ts';
import type { Level, Service, User } from '../../domain/configuration.ts';
import { nextDeadline } from '../../domain/deadlines.ts';
import { minutes } from '../../domain/duration.ts';
import { next } from '../../domain/next.ts';
import { NOTICES_WAITING, WORDS_ROOM } from '../../domain/noticing.ts';
import { configuration, dailySchedule, level, person, policy, service } from '../support/configurations.ts';
import type { Endpoint } from '../support/life.ts';
import { Life, TRIGGER } from '../support/life.ts';

const OPS = { channel: 'webhook', endpoint: 'ops' } as const;
const ROBOT = { channel: 'wecom', endpoint: 'robot' } as const;
const wanting = (id: string, rules?: string) => ({ ...person(id, rules), statusUpdates: true });
const world = ({
  users = [person('ana'), person('bob')],
  levels = [level('user:ana user:bob', '5m')],
  more = {},
  settings = {},
  ackTimeout = '5m',
}: {
  users?: readonly User[];
  levels?: readonly Level[];
  more?: { repeat?: number; lastResort?: string };
  settings?: Partial<Service>;
  ackTimeout?: string;
} = {}) =>
  configuration({
    users,
    policy: policy(levels, more),
    service: { ...service({ ackTimeout }), subscribers: [OPS], ...settings },
  });

describe('a subscriber', () => {
  test('is told of each change, in order', () => {
    const life = new Life(world({ levels: [level('user:ana', '5m'), level('user:bob', '5m')] }));
    life.through('5:00').at('6:00').ack('bob').at('7:00').command('bob', { type: 'unacknowledge' });
    life.at('8:00').command('ana', { type: 'reassign', users: ['ana'] });
    life.at('9:00').ack('ana').through('14:00').at('15:00').resolve('ana').through('15:00');
    expect(life.told).toEqual([
      '0:00 webhook ops: incident.triggered',
      '5:00 webhook ops: incident.escalated',
      '6:00 webhook ops: incident.acknowledged',
      '7:00 webhook ops: incident.unacknowledged',
      '8:00 webhook ops: incident.reassigned',
      '9:00 webhook ops: incident.acknowledged',
      '14:00 webhook ops: incident.unacknowledged',
      '15:00 webhook ops: incident.resolved',
    ]);
    expect(life.settled).toBe(true);
  });

  test('is told that the policy is exhausted, that the last resort is told, and of a shift that begins', () => {
    const exhausted = new Life(world({ more: { lastResort: 'user:bob' } })).through('5:00');
    expect(exhausted.told.slice(1)).toEqual([
      '5:00 webhook ops: incident.exhausted',
      '5:00 webhook ops: incident.escalated',
    ]);
    const empty = configuration({
      users: [person('ana'), { ...person('bob'), contacts: [] }],
      policy: policy([level('schedule:s', '5m')]),
      service: { ...service(), subscribers: [OPS] },
      schedules: [dailySchedule('s', ['bob', 'ana'])],
    });
    const life = new Life(empty);
    expect(life.state.escalation.nobodyOnCall).toBe(true);
    life.through(`${24 * 60}:00`);
    expect(life.told).toEqual([
      '0:00 webhook ops: incident.triggered',
      '0:00 webhook ops: incident.nobodyOnCall',
      `${24 * 60}:00 webhook ops: incident.escalated`,
    ]);
  });

  test('[L3] hears that it is open before anything else, and nothing of the time before it was released', () => {
    const inTurn = [level('user:ana user:bob', '5m', { assign: 'round-robin' })];
    const unasked = new Life(world({ levels: inTurn, settings: { urgency: 'bySeverity' } }), {
      ...TRIGGER,
      severity: 'warning',
    });
    unasked.arrive({ severity: 'critical' }).through('0:00');
    expect(unasked.told).toEqual(['0:00 webhook ops: incident.triggered', '0:00 webhook ops: incident.urgencyChanged']);
    const threshold = { moreThan: 1, within: minutes(5) };
    const held = new Life(world({ settings: { urgency: 'bySeverity', threshold } }), {
      ...TRIGGER,
      severity: 'warning',
    });
    expect(held.arrive({ severity: 'critical' }).through('0:00').told).toEqual([
      '0:00 webhook ops: incident.triggered',
    ]);
  });

  test('[L2.7] hears that it is reopened where it heard of it before, whether or not anybody could be told then', () => {
    const levels = [level('user:cho', '5m')];
    const life = new Life(world({ levels, users: [person('ana')], settings: { reopenWindow: minutes(30) } }));
    life.at('1:00').resolve('ana').at('2:00').arrive({}).through('2:00');
    expect(life.told).toEqual([
      '0:00 webhook ops: incident.triggered',
      '0:00 webhook ops: incident.nobodyOnCall',
      '1:00 webhook ops: incident.resolved',
      '2:00 webhook ops: incident.reopened',
      '2:00 webhook ops: incident.nobodyOnCall',
    ]);
  });

  test('hears what the timeline says, and the incident as the change left it', () => {
    const life = new Life(world()).at('1:00').ack('bob').at('1:01').resolve('ana').through('1:01');
    const [triggered, acknowledged] = life.notices.map(({ request }) => request);
    expect(triggered).toMatchObject({
      idempotencyKey: 'payments-events-k-r-s1',
      channel: 'webhook',
      to: { kind: 'subscriber', endpoint: 'ops' },
      at: '2026-03-02T00:00:00.000Z',
      text: 'Triggered by test: disk of db1 is full',
      incident: { status: 'triggered', assignees: ['ana', 'bob'], eventCount: 1, level: 1 },
      entry: { id: 'e1', type: 'triggered' },
      service: { id: 'payments', name: 'Payments' },
    });
    expect(acknowledged).toMatchObject({
      type: 'incident.acknowledged',
      at: '2026-03-02T00:01:00.000Z',
      text: 'Bob acknowledged (times out in 5m)',
      incident: { status: 'acknowledged', acknowledgements: [{ user: 'bob' }] },
      entry: { type: 'acknowledged', actor: { id: 'bob' } },
    });
  });

  test('is told nothing of a refused command, an event that only counts, or a page', () => {
    const life = new Life(world()).at('1:00').arrive({}).resolve('ana').at('2:00');
    life.command('bob', { type: 'acknowledge' });
    expect(life.through('2:00').told).toEqual([
      '0:00 webhook ops: incident.triggered',
      '1:00 webhook ops: incident.resolved',
    ]);
  });

  test('is not told of one change before it is told of the one before; another subscriber does not wait for it', () => {
    const life = new Life(world({ settings: { subscribers: [OPS, ROBOT] } }));
    life.subscribed(({ channel }) => (channel === 'webhook' ? 'hold' : 'sent'));
    life.through('0:00').at('1:00').ack('ana').through('1:00');
    expect(life.told).toEqual([
      '0:00 webhook ops: incident.triggered',
      '0:00 wecom robot: incident.triggered',
      '1:00 wecom robot: incident.acknowledged',
    ]);
  });
});

describe('a person who wants status updates [L5.6]', () => {
  const pair = { users: [wanting('ana', '0s mail, 3m phone'), wanting('bob')], settings: { subscribers: [] } };

  test('is told of an ack and a resolve, where they were told of the incident', () => {
    const life = new Life(world(pair)).at('1:00').ack('bob').at('2:00').resolve('bob').through('2:00');
    expect(life.told).toEqual(['1:00 ana mail: incident.acknowledged', '2:00 ana mail: incident.resolved']);
    expect(life.notices[0]?.request).toMatchObject({
      channel: 'email',
      to: { kind: 'contact', user: 'ana', userName: 'Ana', contact: 'mail' },
    });
  });

  test('is told at each contact method that was told, and not of what they did themselves', () => {
    const life = new Life(world(pair)).at('4:00').ack('ana').at('4:30').arrive({ action: 'resolve' }).through('4:30');
    expect(life.told.toSorted()).toEqual([
      '4:00 bob mail: incident.acknowledged',
      '4:30 ana mail: incident.resolved',
      '4:30 ana phone: incident.resolved',
      '4:30 bob mail: incident.resolved',
    ]);
  });

  test('does not wait at one contact method for another', () => {
    const life = new Life(world(pair)).subscribed(({ to }) =>
      to.kind === 'contact' && to.contact === 'mail' ? 'hold' : 'sent',
    );
    life.at('4:00').ack('bob').at('5:00').resolve('bob').through('5:00');
    expect(life.told).toEqual([
      '4:00 ana mail: incident.acknowledged',
      '4:00 ana phone: incident.acknowledged',
      '5:00 ana phone: incident.resolved',
    ]);
  });

  test('hears once that it is acknowledged, although others ack too', () => {
    const life = new Life(world(pair)).at('1:00').ack('cho').at('2:00').ack('dan').ack('cho').through('2:00');
    expect(life.told.toSorted()).toEqual([
      '1:00 ana mail: incident.acknowledged',
      '1:00 bob mail: incident.acknowledged',
    ]);
  });

  test('is told nothing where the page was not sent, and those who did not ask are told nothing', () => {
    const users = [wanting('ana'), person('bob')];
    const life = new Life(world({ ...pair, users }));
    life
      .providing(({ user }) => (user === 'ana' ? 'terminal' : 'sent'))
      .at('1:00')
      .resolve('cho')
      .through('1:00');
    expect(life.told).toEqual([]);
  });
});

describe('a notice that fails', () => {
  const failing = (endpoint: Endpoint) => new Life(world()).subscribed(endpoint).storing('absent');

  test('for now is attempted again under its key at growing gaps, and what is behind it waits', () => {
    const life = failing((_, at) => (at < Date.parse('2026-03-02T00:00:10Z') ? 'retryable' : 'sent'));
    life.through('0:00').at('0:01').ack('ana').through('0:30');
    expect(life.told).toEqual([
      '0:00 webhook ops: incident.triggered',
      '0:02 webhook ops: incident.triggered',
      '0:06 webhook ops: incident.triggered',
      '0:14 webhook ops: incident.triggered',
      '0:14 webhook ops: incident.acknowledged',
    ]);
    expect(new Set(life.notices.map(({ request }) => request.idempotencyKey)).size).toBe(2);
    expect(life.log.filter((line) => line.includes('Notice'))).toEqual([
      '0:00 Notice of incident.triggered, webhook ops: failed (PROVIDER_UNREACHABLE: scripted); again in 2s',
      '0:14 Notice of incident.triggered, webhook ops: sent after 3 failed attempts',
    ]);
  });

  test('is not attempted before the time that the subscriber asks for', () => {
    const life = failing(({ type }, at) =>
      type === 'incident.triggered' && at === Date.parse('2026-03-02T00:00:00Z')
        ? { outcome: 'retryable', after: minutes(60) }
        : 'sent',
    );
    expect(life.through('90:00').told[1]).toBe('60:00 webhook ops: incident.triggered');
  });

  test('for good is given up at once, with a line that says so; the next goes out', () => {
    const life = failing(({ type }) => (type === 'incident.triggered' ? 'terminal' : 'sent'));
    life.at('1:00').ack('ana').through('1:00');
    expect(life.told).toEqual(['0:00 webhook ops: incident.triggered', '1:00 webhook ops: incident.acknowledged']);
    expect(life.log).toContain(
      '0:00 Notice of incident.triggered, webhook ops: failed (PROVIDER_UNREACHABLE: scripted); given up',
    );
  });

  test('is given up when it is a day old, and the resolved incident waits so long [L11]', () => {
    const life = failing(() => 'retryable');
    life
      .at('1:00')
      .resolve('ana')
      .at(`${23 * 60}:00`);
    expect(life.settled).toBe(false);
    life.at(`${24 * 60 + 10}:00`);
    expect(life.settled).toBe(true);
    expect(life.log.filter((line) => line.includes('given up'))).toHaveLength(2);
    // The first failure of each stands there, and not the hundreds after it.
    expect(life.log.filter((line) => line.includes('again in'))).toHaveLength(2);
  });

  test('of unknown outcome is sent again under the same key', () => {
    let answers = 0;
    const life = failing(() => (answers++ === 0 ? 'unknown' : 'sent')).through('1:00');
    expect(life.notices.map(({ request }) => request.idempotencyKey)).toEqual([
      'payments-events-k-r-s1',
      'payments-events-k-r-s1',
    ]);
  });

  test('that no worker began is attempted at once, and it counts as no failure', () => {
    let answers = 0;
    const life = failing(() => (answers++ === 0 ? 'cancelled' : 'sent')).through('0:00');
    expect(life.told).toEqual(['0:00 webhook ops: incident.triggered', '0:00 webhook ops: incident.triggered']);
    expect(life.log.filter((line) => line.includes('Notice'))).toEqual([]);
  });

  test('is nothing that comes next for people, and no entry of the ledger', () => {
    const life = failing(() => 'retryable').through('1:00');
    expect(nextDeadline(life.state, life.now)?.kind).toBe('notice');
    expect(next(life.state).map(({ kind }) => kind)).toEqual(['lastResort']);
    expect(life.ledger).toEqual(['ana mail sent', 'bob mail sent']);
  });
});

describe('a subscriber that is away for long', () => {
  const ackings = (life: Life, times: number): void => {
    for (let i = 0; i < times; i += 1) life.ack('ana');
  };

  test(`has at most ${NOTICES_WAITING} notices waiting: the oldest are dropped, and one line counts them`, () => {
    const life = new Life(world()).subscribed(() => 'retryable').through('0:00');
    ackings(life, NOTICES_WAITING + 20);
    expect(life.state.notices).toHaveLength(NOTICES_WAITING);
    expect(life.state.words).toHaveLength(NOTICES_WAITING);
    expect(life.state.notices.at(-1)?.id).toBe(`s${NOTICES_WAITING + 21}`);
    expect(life.log.filter((line) => line.includes('dropped'))).toEqual([
      '0:00 Webhook ops is behind: the oldest 21 notices dropped',
    ]);
    life.subscribed(() => 'sent').at('1:00');
    expect(life.told.at(-1)).toBe('0:00 webhook ops: incident.acknowledged');
    expect(life.notices).toHaveLength(1 + NOTICES_WAITING);
  });

  test('loses the oldest too where what waits is large', () => {
    const life = new Life(world(), { ...TRIGGER, summary: 'long '.repeat(2_000) })
      .subscribed(() => 'hold')
      .through('0:00');
    ackings(life, 100);
    const bytes = life.state.words.reduce((sum, word) => sum + word.bytes, 0);
    expect(bytes).toBeLessThanOrEqual(WORDS_ROOM + life.state.words[0]!.bytes);
    expect(life.state.notices[0]).toMatchObject({ id: 's1', phase: 'inFlight' });
    expect(life.state.notices.length).toBeLessThan(60);
  });

  test('large details go with the trigger alone', () => {
    const details = { dump: 'x'.repeat(3_000) };
    const life = new Life(world(), { ...TRIGGER, details }).through('0:00').at('1:00').ack('ana').through('1:00');
    expect(life.notices.map(({ request }) => request.incident.details)).toEqual([details, {}]);
  });
});

describe('continuing as new', () => {
  test('with a notice in flight and others behind it: none is lost, the one in flight is sent again under its key', () => {
    const life = new Life(world())
      .subscribed(() => 'hold')
      .through('0:00')
      .at('1:00')
      .ack('ana')
      .through('1:00');
    life.continueAsNew();
    expect(life.state.notices).toMatchObject([
      { id: 's1', phase: 'waiting', attempts: 1 },
      { id: 's2', phase: 'waiting', attempts: 0 },
    ]);
    life.subscribed(() => 'sent').through('2:00');
    expect(life.told).toEqual([
      '0:00 webhook ops: incident.triggered',
      '1:00 webhook ops: incident.triggered',
      '1:00 webhook ops: incident.acknowledged',
    ]);
    expect(life.notices.map(({ request }) => request.idempotencyKey.split('-').at(-1))).toEqual(['s1', 's1', 's2']);
  });

  test('while a notice waits: it keeps its instant and its count', () => {
    const life = new Life(world()).subscribed(() => 'retryable').at('0:07');
    expect(carryOver(life.state, life.now).notices).toEqual(life.state.notices);
  });

  test('who was told is remembered for the updates, when the ledger is long gone', () => {
    const life = new Life(world({ users: [wanting('ana'), person('bob')] })).through('0:00').continueAsNew();
    life.state = { ...life.state, ledger: [] };
    expect(life.at('1:00').resolve('bob').through('1:00').told).toContain('1:00 ana mail: incident.resolved');
  });
});
