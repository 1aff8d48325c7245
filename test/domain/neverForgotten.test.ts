/**
 * An open incident is never forgotten: wherever it stands something comes next, or somebody holds it, or it says that it is
 * exhausted, that nobody is on call, that it is assigned directly, or that it is being merged. Random lives of all that can
 * happen to one, flapping, maintenance and merges included, which the model of `test/model/` does not know.
 * More by hand: `TOCSIN_PROPERTY_RUNS=100000 npm test -- test/domain/neverForgotten`.
 */
import * as fc from 'fast-check';
import type { Level, Service, UrgencyRule } from '../../domain/configuration.ts';
import { deadlines } from '../../domain/deadlines.ts';
import { effects } from '../../domain/effects.ts';
import { takenBack } from '../../domain/forwarding.ts';
import type { Alert, Held, IncidentState } from '../../domain/incident.ts';
import type { Offer } from '../../domain/letter.ts';
import { next } from '../../domain/next.ts';
import { sentence } from '../../domain/report.ts';
import { configuration, dailySchedule, duration, level, person, policy, service } from '../support/configurations.ts';
import { BEGIN, instant, Life, TRIGGER, written } from '../support/life.ts';

const numRuns = Math.ceil(Number(process.env['TOCSIN_PROPERTY_RUNS'] ?? 2_000) / 4);
/** The same lives each time, so that a test which fails is a change's doing. */
const parameters = { seed: Number(process.env['TOCSIN_PROPERTY_SEED'] ?? 101), numRuns };

const RULES = ['0s mail, 2m phone', '0s mail', '3m phone'] as const;
const USERS = [
  person('ana', RULES[0], RULES[0]),
  person('bob', RULES[1], RULES[2]),
  person('cho', RULES[2], RULES[1]),
  // Has no contact method.
  person('mute', '', ''),
];
/** Nobody until 20:00, Cho from then on. */
const LATER = {
  ...dailySchedule('later', []),
  layers: [{ ...dailySchedule('later', ['cho']).layers[0]!, start: '2026-03-02T00:20' }],
};
const HOURS = {
  timezone: 'UTC',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  from: '00:10',
  to: '00:40',
  inside: 'high',
  outside: 'low',
  raise: 'start',
} as const;
const WINDOW: Held = { by: 'w', description: null, until: instant('15:00'), turn: false };

const targets = fc.constantFrom(
  'user:ana',
  'user:ana user:bob',
  'user:bob',
  'user:mute',
  'schedule:later',
  'user:gone',
);
const levels: fc.Arbitrary<Level> = fc
  .record({
    targets,
    delay: fc.constantFrom('1m', '4m', '9m'),
    ifEmpty: fc.constantFrom('skip' as const, 'wait'),
    onEscalate: fc.constantFrom('replace' as const, 'accumulate'),
    multiAck: fc.boolean(),
    assign: fc.constantFrom('all' as const, 'all', 'round-robin'),
  })
  .map(({ targets: drawn, delay, ...more }) => level(drawn, delay, more));
const policies = fc
  .record({
    levels: fc.array(levels, { minLength: 1, maxLength: 3 }),
    repeat: fc.nat(1),
    lastResort: fc.constantFrom('', '', 'user:cho', 'user:mute', 'schedule:later'),
  })
  .map(({ levels: drawn, ...more }) => policy(drawn, more));
const option = <T>(value: T) => fc.constantFrom(null, null, value);
const services: fc.Arbitrary<Service> = fc
  .record({
    ackTimeout: fc.constantFrom('0s', '5m'),
    resume: fc.constantFrom('same-level' as const, 'first-level'),
    urgency: fc.constantFrom<UrgencyRule>('high', 'low', 'bySeverity', { supportHours: HOURS }),
    holdFor: fc.constantFrom(duration('0s'), duration('0s'), duration('3m')),
    threshold: option({ moreThan: 2, within: duration('4m') }),
    reopenWindow: option(duration('10m')),
    flapping: option({
      transitions: 2,
      within: duration('10m'),
      quiet: duration('6m'),
      digestEvery: duration('4m'),
    }),
    autoResolve: fc.constantFrom(
      null,
      null,
      { after: duration('12m'), from: 'created', includeAcknowledged: false } as const,
      { after: duration('6m'), from: 'lastEvent', includeAcknowledged: true } as const,
    ),
  })
  .map(({ ackTimeout, ...more }) =>
    service({
      ...more,
      ...(ackTimeout === '0s' ? {} : { ackTimeout }),
      subscribers: [{ channel: 'webhook', endpoint: 'ops' }],
    }),
  );

const who = fc.constantFrom('ana', 'bob', 'cho');
const severity = fc.constantFrom('critical' as const, 'warning');
const alert = fc.constantFrom('one', 'one', 'two');
const rarely = fc.nat(5).map((drawn) => drawn === 5);
const deeds = fc.oneof(
  fc.record({
    type: fc.constantFrom(
      'acknowledge' as const,
      'acknowledge',
      'unacknowledge',
      'start-work',
      'trigger',
      'reopen',
      'reopen',
      'resolve',
    ),
    by: who,
  }),
  fc.record({
    type: fc.constant('snooze' as const),
    by: who,
    duration: fc.constantFrom(duration('1m'), duration('7m')),
  }),
  fc.record({ type: fc.constant('escalate' as const), by: who }),
  fc.record({
    type: fc.constant('reassign' as const),
    by: who,
    users: fc.constantFrom(['bob'], ['mute'], ['ana', 'cho']),
  }),
  fc.record({ type: fc.constant('reassignTo' as const), by: who, policy: policies }),
  fc.record({
    type: fc.constant('adopt-policy' as const),
    by: who,
    policy: policies,
    service: services,
    same: fc.boolean(),
  }),
  fc.record({ type: fc.constant('responders' as const), by: who, users: fc.constantFrom(['cho'], ['mute', 'bob']) }),
  fc.record({ type: fc.constant('urgency' as const), by: who, urgency: fc.constantFrom('high' as const, 'low') }),
  fc.record({ type: fc.constant('fires' as const), alert, severity, byHand: rarely, count: fc.constantFrom(1, 1, 3) }),
  fc.record({ type: fc.constant('fires' as const), alert, severity, byHand: rarely, count: fc.constant(1) }),
  fc.record({ type: fc.constant('clears' as const), alert }),
  fc.record({ type: fc.constant('clears' as const), alert }),
  fc.record({ type: fc.constantFrom('sourceAcks' as const, 'groupClears', 'continuesAsNew', 'windowTaken') }),
  fc.record({ type: fc.constant('lookups' as const), answer: fc.constantFrom(true, true, false) }),
  fc.record({
    type: fc.constant('fares' as const),
    how: fc.constantFrom('sent' as const, 'terminal', 'retryable', 'hold'),
  }),
  fc.record({ type: fc.constant('userGone' as const), user: who }),
  fc.record({
    type: fc.constant('receipt' as const),
    user: who,
    says: fc.constantFrom('sent' as const, 'delivered', 'failed', 'failed', 'unanswered'),
  }),
  fc.record({ type: fc.constant('mergeInto' as const), by: who }),
  fc.record({ type: fc.constant('mergeAnswered' as const), refused: fc.boolean() }),
  fc.record({ type: fc.constant('offered' as const), fires: fc.boolean(), severity }),
);
const moments = fc.array(
  fc.record({
    gap: fc.constantFrom(0, 0, 30, 60, 120, 300, 660),
    asleep: fc.nat(7).map((drawn) => drawn === 7),
    deed: deeds,
  }),
  { maxLength: 14 },
);
const worlds = fc.record({
  policy: policies,
  service: services,
  severity,
  held: fc.constantFrom(null, null, WINDOW),
  byHand: rarely,
  moments,
});
type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;
type Deed = World['moments'][number]['deed'];

const GROUP = 'group';
const BY_HAND = { by: { id: 'ana' } };
const INTO = { incident: 'i.y.1', workflowId: 'i.y.1' };

/** Lives it to its end, and shows every state between two moments to `look`. */
function lived(world: World, look: (life: Life) => void): Life {
  const { policy: own, service: settings, severity: first, held, byHand } = world;
  const whole = configuration({ users: USERS, schedules: [LATER], policy: own, service: settings });
  const life = new Life(
    whole,
    { ...TRIGGER, dedupKey: 'one', groupKey: GROUP, severity: first, ...(byHand && BY_HAND) },
    {},
    held,
  );
  life.maintained((_question, at) => (held !== null && at < held.until ? held : null));
  let count = 0;
  let seconds = 0;
  look(life.goOn(life.now));
  for (const { gap, asleep, deed } of world.moments) {
    seconds += gap;
    const clock = written(BEGIN + seconds * 1_000);
    if (asleep) life.asleepUntil(clock);
    else life.at(clock);
    happen(life, deed, `m${++count}`);
    look(life);
    look(life.goOn(life.now));
  }
  return life;
}

function happen(life: Life, deed: Deed, id: string): void {
  const { service: settings, policy: own, escalation } = life.state;
  switch (deed.type) {
    case 'escalate':
      life.command(deed.by, { type: deed.type, fromLevel: escalation.level });
      return;
    case 'reassignTo':
      life.command(deed.by, {
        type: 'reassign',
        policy: { ...deed.policy, id: 'other' },
        configuration: 'v2',
        level: 1,
      });
      return;
    case 'adopt-policy': {
      const policy = { ...deed.policy, id: deed.same ? own.id : 'third' };
      life.command(deed.by, {
        type: deed.type,
        service: { ...deed.service, id: settings.id },
        policy,
        hours: null,
        configuration: 'v3',
      });
      return;
    }
    case 'fires':
      life.arrive(
        { dedupKey: deed.alert, groupKey: GROUP, severity: deed.severity, ...(deed.byHand && BY_HAND) },
        deed.count,
        id,
      );
      return;
    case 'clears':
      life.arrive({ action: 'resolve', dedupKey: deed.alert, groupKey: GROUP }, 1, id);
      return;
    case 'sourceAcks':
      life.arrive({ action: 'acknowledge', dedupKey: 'one', groupKey: GROUP }, 1, id);
      return;
    case 'groupClears':
      life.arrive({ action: 'resolve', dedupKey: 'one', groupKey: GROUP, groupResolved: true }, 1, id);
      return;
    case 'continuesAsNew':
      life.continueAsNew();
      return;
    case 'windowTaken':
      life.maintained(() => null).windowTaken('w');
      return;
    case 'lookups':
      life.answers(deed.answer);
      return;
    case 'fares':
      life.release().providing(() => deed.how);
      return;
    case 'receipt': {
      const page = life.state.ledger.findLast((each) => each.user === deed.user && each.startedAt !== null);
      if (page !== undefined) life.receipt(deed.user, page.contact, deed.says, { id });
      return;
    }
    case 'userGone':
      life.remove(deed.user);
      return;
    case 'mergeInto':
      life.command(deed.by, { type: 'merge', into: INTO, id });
      return;
    case 'mergeAnswered': {
      const { merging } = life.state;
      const refused = deed.refused ? ({ code: 'TARGET_RESOLVED', sentence: 'it is over' } as const) : null;
      if (merging !== null) life.hear({ kind: 'offerAnswer', command: merging.command, refused });
      return;
    }
    case 'offered':
      life.hear(offerOf(life, deed, id));
      return;
    case 'acknowledge':
    case 'unacknowledge':
    case 'start-work':
    case 'trigger':
    case 'reopen':
    case 'resolve':
    case 'snooze':
    case 'reassign':
    case 'responders':
    case 'urgency': {
      const { by, ...command } = deed;
      life.command(by, command);
      return;
    }
    default:
      deed satisfies never;
  }
}

function offerOf({ now }: Life, { fires, severity: rated }: Extract<Deed, { type: 'offered' }>, id: string): Offer {
  const one: Alert = {
    integration: 'payments-sensu',
    dedupKey: id,
    status: fires ? 'triggered' : 'resolved',
    severity: rated,
    summary: `${id} fails`,
    eventCount: 1,
    firstAt: now,
    lastAt: now,
    lastTriggerBySource: null,
    lastResolveBySource: null,
  };
  return {
    kind: 'offer',
    command: id,
    from: { incident: `i.${id}.1`, workflowId: `i.${id}.1` },
    number: null,
    summary: one.summary,
    dedupKey: id,
    actor: { kind: 'user', id: 'ana', name: 'Ana' },
    alerts: [one],
    alertsTruncated: false,
    eventCount: 1,
    forwarders: [],
  };
}

/** What keeps it from being forgotten; null where nothing does. */
function keptBy(state: IncidentState): string | null {
  const { status, escalation, acknowledgements, merging, episode, ledger, told, assignees } = state;
  const { asking, levelEndsAt, recheckAt, direct, exhausted, nobodyOnCall } = escalation;
  const comes = new Set(deadlines(state).map(({ kind }) => kind));
  if (merging !== null) return 'merging';
  if (asking !== null) return 'being looked up';
  switch (status) {
    case 'resolved':
      return 'over';
    case 'suspended':
      return comes.has('holdEnd') || comes.has('thresholdEnd') || comes.has('held') ? 'suspended' : null;
    case 'acknowledged':
      return acknowledgements.length > 0 ? 'held' : null;
    case 'triggered': {
      if (levelEndsAt !== null || recheckAt !== null) return 'timer';
      if (direct || exhausted || nobodyOnCall) return 'says so';
      // At low urgency there is no timer: whoever is assigned was told, or is to be.
      const isTold = (user: string): boolean =>
        told.some((each) => each.user === user && each.episode === episode) ||
        ledger.some((each) => each.user === user && each.phase !== 'done');
      return state.urgency === 'low' && assignees.some(isTold) ? 'told' : null;
    }
    default:
      return status satisfies never;
  }
}

describe('an open incident', () => {
  test('[L4] [L7] [L11] is never forgotten', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        lived(world, (life) => {
          if (keptBy(life.state) === null) throw new Error(life.log.join('\n'));
        });
      }),
      parameters,
    );
  }, 120_000);

  test('[L3] [L6] [L7] is in one state at a time, with the timers of that state alone', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        lived(world, ({ state, now, log }) => {
          const { status, escalation, suspension, snoozedUntil, ackTimeoutAt, flapping, reopenableUntil } = state;
          const { asking, levelEndsAt, recheckAt, direct, exhausted, nobodyOnCall } = escalation;
          const humans = state.acknowledgements.filter(({ user }) => user !== 'source');
          const isOpen = status !== 'resolved';
          const wrong = Object.entries({
            suspension: (suspension !== null) !== (status === 'suspended'),
            snooze: snoozedUntil !== null && (status !== 'acknowledged' || ackTimeoutAt !== null),
            ackTimeout: ackTimeoutAt !== null && (status !== 'acknowledged' || humans.length === 0),
            acks: status === 'triggered' && state.acknowledgements.length > 0,
            level: levelEndsAt !== null && (status !== 'triggered' || state.urgency === 'low'),
            besides: levelEndsAt !== null && (asking !== null || direct || exhausted || nobodyOnCall),
            handOff: recheckAt !== null && (status !== 'triggered' || !nobodyOnCall),
            several: Number(direct) + Number(exhausted) + Number(nobodyOnCall) > 1,
            assigned: status === 'suspended' && state.assignees.length > 0,
            flapping: flapping !== null && !isOpen,
            firing: flapping !== null && !flapping.fires && state.alerts.some((each) => each.status === 'triggered'),
            reopenable: reopenableUntil !== null && isOpen,
            merged: state.mergedInto !== null && isOpen,
            announced: status === 'suspended' && state.announcing !== null,
          }).flatMap(([what, is]) => (is ? [what] : []));
          if (wrong.length > 0) throw new Error([...wrong, ...log].join('\n'));
          const said = [sentence(state), ...next(state).map(({ reason }) => reason), ...log].join('\n');
          if (/undefined|null|NaN|Invalid/u.test(said)) throw new Error(said);
          expect(next(state).every(({ at }) => at >= now || at >= state.createdAt)).toBe(true);
        });
      }),
      parameters,
    );
  }, 120_000);

  test('[L5.1] [L5.2] [L11] begins nothing after it is over but what is owed, pays all of that, and ends', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const life = lived(world, () => undefined);
        life
          .answers(true)
          .release()
          .providing(() => 'sent');
        const { merging } = life.state;
        if (merging !== null) life.hear({ kind: 'offerAnswer', command: merging.command, refused: null });
        life.goOn(life.now).resolve('ana').goOn(life.now);
        expect(life.state.status).toBe('resolved');
        if (life.state.mergedInto !== null) life.hear({ kind: 'closed' });
        if (takenBack(life.state).length > 0) life.takeBack();
        const begun = life.attempts.length;
        life.through(written(life.now + 3_600_000));
        const later = new Set(life.attempts.slice(begun).map(({ key }) => key));
        const free = life.state.ledger.filter((each) => later.has(each.idempotencyKey) && !each.minuteZero);
        expect(free).toEqual([]);
        expect(effects(life.state)).toEqual([]);
        const untold = life.state.ledger.filter((each) => each.minuteZero && !each.late && each.attempts.length === 0);
        expect(untold.filter(({ reason }) => reason !== 'ownAction' && reason !== 'tooOld')).toEqual([]);
        if (!life.settled) throw new Error([JSON.stringify(life.state.letters), ...life.log].join('\n'));
      }),
      parameters,
    );
  }, 120_000);

  test('[L5.6] is told of as open before anything else is told of it, and as resolved where it was', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const life = lived(world, () => undefined);
        life.answers(true).goOn(life.now);
        let open = false;
        for (const { request } of life.notices) {
          const opens = request.type === 'incident.triggered' || request.type === 'incident.reopened';
          if (open === opens && request.type !== 'incident.noted')
            throw new Error([...life.told, ...life.log].join('\n'));
          open = opens || (request.type !== 'incident.resolved' && request.type !== 'incident.merged');
        }
        const isOpen = life.state.status === 'triggered' || life.state.status === 'acknowledged';
        expect(open).toBe(isOpen);
      }),
      parameters,
    );
  }, 120_000);

  test('[L9] is the same wherever it continues as new', () => {
    fc.assert(
      fc.property(worlds, (drawn) => {
        const moments = drawn.moments.map((moment) => {
          const { type } = moment.deed;
          // What is under way then is carried as unknown: another life.
          const isOther = type === 'continuesAsNew' || type === 'fares';
          return isOther ? { ...moment, deed: { type: 'lookups' as const, answer: true } } : moment;
        });
        const world = { ...drawn, moments };
        const plain = lived(world, () => undefined);
        const cut = lived(world, (life) => life.continueAsNew());
        expect(cut.pages).toEqual(plain.pages);
        expect(cut.told).toEqual(plain.told);
        expect(cut.log).toEqual(plain.log);
        expect({ ...cut.state, assignments: [] }).toEqual({ ...plain.state, assignments: [] });
      }),
      { ...parameters, numRuns: Math.ceil(numRuns / 4) },
    );
  }, 120_000);
});
