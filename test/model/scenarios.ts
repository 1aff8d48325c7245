/** Random scenarios, drawn so that ties, bursts at one instant, sleeping workers and short timers are common. */
import * as fc from 'fast-check';
import type {
  Alert,
  Deed,
  Fate,
  Member,
  Moment,
  Outage,
  Policy,
  Rule,
  Scenario,
  Settings,
  Severity,
  Step,
  SupportHours,
  Version,
} from './scenario.ts';
import { ALERTS, POLICIES, SHIFT, TEAM, TICK } from './scenario.ts';
import { tell } from './tell.ts';

const PEOPLE = ['ana', 'bob', 'cho', 'dee'] as const;
/** Has no contact method. */
const MUTE = 'mute';

const instants = (from: number, to: number) => fc.integer({ min: from, max: to }).map((count) => count * TICK);
/** Whole minutes: what is configured in them meets at the same instants. */
const minutes = (from: number, to: number) => fc.integer({ min: from, max: to }).map((count) => count * 60);
const person = fc.constantFrom(...PEOPLE);
const anybody = fc.constantFrom(...PEOPLE, MUTE);
const some = (max: number) =>
  fc.uniqueArray(fc.constantFrom(...PEOPLE, SHIFT, TEAM, MUTE), { minLength: 1, maxLength: max });

const rulesTo = (contacts: readonly string[]): fc.Arbitrary<readonly Rule[]> =>
  fc
    .array(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: minutes(1, 9) }), {
      maxLength: contacts.length,
    })
    .map((delays) =>
      delays.toSorted((a, b) => a - b).map((after, index) => ({ after, contact: contacts[index] ?? '' })),
    );

const CONTACTS = ['c1', 'c2', 'c3', 'l1', 'l2'];
const SUBSCRIBERS = ['chat', 'ops'];

const stretch = fc
  .record({ from: instants(0, 60), lasts: instants(1, 60) })
  .map(({ from, lasts }) => ({ from, until: from + lasts }));

/** From the trigger on. */
const opening = instants(1, 20).map((until) => ({ from: 0, until }));

const member: fc.Arbitrary<Member> = fc.record({
  rules: rulesTo(['c1', 'c2', 'c3']),
  low: rulesTo(['l1', 'l2']),
  contacts: fc.constant(CONTACTS),
  away: fc.option(stretch, { freq: 2 }),
  updates: fc.boolean(),
});

const fate: fc.Arbitrary<Fate> = fc.oneof(
  fc.constant({ how: 'terminal' as const }),
  fc.constant({ how: 'unknown' as const }),
  // In tens of seconds, and now and then more than is ever waited for.
  fc.constantFrom(0, 0, 10, 90, 600).map((after) => ({ how: 'retryable' as const, after })),
);

/** One for each contact method and subscriber at most; half of them from the beginning, so that whole levels fail. */
const outages: fc.Arbitrary<readonly Outage[]> = fc.uniqueArray(
  fc
    .record({
      where: fc.oneof(
        { weight: 5, arbitrary: fc.tuple(person, fc.constantFrom(...CONTACTS)).map((names) => names.join(' ')) },
        { weight: 1, arbitrary: fc.constantFrom(...SUBSCRIBERS) },
      ),
      begins: fc.oneof(fc.constant(0), instants(0, 40)),
      lasts: instants(1, 120),
      fate,
    })
    .map(({ where, begins, lasts, fate: drawn }) => ({ where, from: begins, until: begins + lasts, fate: drawn })),
  { maxLength: 12, selector: ({ where }) => where },
);

const severity: fc.Arbitrary<Severity> = fc.constantFrom('critical', 'warning');
const alert: fc.Arbitrary<Alert> = fc.constantFrom(...ALERTS);

/** Close to one another, so that events overtake. */
const sourceTime = fc.option(instants(0, 6));

const level: fc.Arbitrary<Step> = fc.record({
  targets: some(3),
  delay: minutes(1, 8),
  wait: fc.boolean(),
  accumulate: fc.boolean(),
  multiAck: fc.boolean(),
  roundRobin: fc.integer({ min: 0, max: 3 }).map((drawn) => drawn === 3),
});

const policy: fc.Arbitrary<Policy> = fc.record({
  levels: fc.array(level, { minLength: 1, maxLength: 4 }),
  repeat: fc.integer({ min: 0, max: 2 }),
  lastResort: fc.oneof(fc.constant([]), some(2)),
});

const supportHours: fc.Arbitrary<SupportHours> = fc
  .record({
    from: minutes(0, 20),
    lasts: minutes(1, 40),
    inside: fc.constantFrom('high' as const, 'low' as const),
    raises: fc.boolean(),
  })
  .map(({ from, lasts, ...rest }) => ({ from, until: from + lasts, ...rest }));

const settings: fc.Arbitrary<Settings> = fc
  .record({
    urgency: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom('high' as const, 'low' as const) },
      { weight: 2, arbitrary: fc.constant('bySeverity' as const) },
      { weight: 1, arbitrary: supportHours },
    ),
    ackTimeout: fc.option(instants(2, 14)),
    resume: fc.constantFrom('same-level' as const, 'first-level' as const),
    maxAge: minutes(1, 10),
    holdFor: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: instants(1, 8) }),
    threshold: fc.oneof(
      { weight: 6, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.record({ moreThan: fc.integer({ min: 1, max: 3 }), within: instants(4, 20) }) },
    ),
    reopenWindow: fc.option(instants(4, 30), { freq: 3 }),
    autoResolve: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      {
        weight: 1,
        arbitrary: fc.record({ after: minutes(5, 30), fromLastEvent: fc.boolean(), includeAcknowledged: fc.boolean() }),
      },
    ),
    flapping: fc.option(
      fc.record({
        transitions: fc.integer({ min: 2, max: 4 }),
        within: instants(4, 40),
        quiet: instants(2, 16),
        digestEvery: instants(2, 10),
      }),
      { freq: 3 },
    ),
  })
  // The configuration is refused where flapping would forget what the reopen window remembers.
  .map(({ flapping, reopenWindow, ...rest }) => ({
    ...rest,
    flapping,
    reopenWindow: flapping === null ? reopenWindow : Math.max(reopenWindow ?? 0, flapping.within),
  }));

const version: fc.Arbitrary<Version> = fc.record({ settings, policies: fc.record({ own: policy, other: policy }) });

const by = <What extends 'ack' | 'unack' | 'startWork' | 'note' | 'update' | 'resolve' | 'trigger' | 'reopen'>(
  what: What,
) => anybody.map((user) => ({ what, by: user }));

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 8, arbitrary: by('ack') },
  { weight: 6, arbitrary: by('unack') },
  { weight: 1, arbitrary: by('resolve') },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('invite' as const),
      by: person,
      users: fc.uniqueArray(anybody, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('prioritize' as const),
      by: person,
      priority: fc.constantFrom('P1' as const, 'P2' as const, null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('amend' as const),
      by: person,
      summary: fc.constantFrom('another name', 'a third name'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('rate' as const),
      by: person,
      urgency: fc.constantFrom('high' as const, 'low' as const),
    }),
  },
  { weight: 3, arbitrary: anybody.map((user) => ({ what: 'leaves' as const, user })) },
  { weight: 1, arbitrary: by('trigger') },
  { weight: 1, arbitrary: by('reopen') },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('escalate' as const),
      by: anybody,
      shown: fc.constantFrom('now' as const, 'now' as const, 'before' as const),
      fully: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('reassignTo' as const),
      by: person,
      policy: fc.constantFrom(...POLICIES),
      level: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('adopt' as const), by: person, policy: fc.constantFrom(...POLICIES) }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('snooze' as const), by: anybody, lasts: instants(1, 30) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('reassign' as const),
      by: person,
      to: fc.uniqueArray(anybody, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ what: 'sourceAcks' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('fires' as const),
      alert,
      severity,
      at: sourceTime,
      lasting: fc.boolean(),
      leftOut: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 9),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('clears' as const), alert, at: sourceTime }) },
  {
    weight: 7,
    arbitrary: fc.record({
      what: fc.constant('receipt' as const),
      user: person,
      contact: fc.constantFrom(...CONTACTS),
      says: fc.constantFrom(
        'sent' as const,
        'delivered' as const,
        'failed' as const,
        'failed' as const,
        'unanswered' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ what: 'again' as const }) },
  { weight: 1, arbitrary: fc.constant({ what: 'lookupsStall' as const }) },
  { weight: 2, arbitrary: fc.constant({ what: 'lookupsGoOn' as const }) },
  { weight: 1, arbitrary: by('update') },
  { weight: 2, arbitrary: fc.constant({ what: 'groupClears' as const }) },
  { weight: 1, arbitrary: by('startWork') },
  { weight: 1, arbitrary: by('note') },
  { weight: 2, arbitrary: fc.constant({ what: 'continuesAsNew' as const }) },
  { weight: 1, arbitrary: fc.constant({ what: 'nothing' as const }) },
);

const moments: fc.Arbitrary<readonly Moment[]> = fc
  .array(
    fc.record({
      gap: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 5, arbitrary: instants(1, 16) }),
      asleep: fc.integer({ min: 0, max: 7 }).map((drawn) => drawn === 7),
      deed,
    }),
    { maxLength: 10 },
  )
  .map((drawn) => {
    let at = 0;
    return drawn.map(({ gap, asleep, deed: done }) => {
      at += gap;
      return { at, asleep: asleep && gap > 0, deed: done };
    });
  });

/** A life of up to an hour of deeds, and three quarters of an hour in which nobody does anything more. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    members: fc.record({ ana: member, bob: member, cho: member, dee: member }),
    shift: fc.record({ before: fc.option(person), after: person, handOff: instants(2, 40) }),
    lastTurn: fc.integer({ min: -1, max: 2 }),
    team: fc.uniqueArray(anybody, { minLength: 1, maxLength: 3 }),
    severity,
    atFirst: version,
    today: version,
    windows: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.oneof(stretch, opening), { minLength: 1, maxLength: 2 }) },
    ),
    turnAfter: instants(0, 4),
    subscribers: fc.subarray(SUBSCRIBERS),
    outages: fc.oneof(fc.constant([]), outages),
    moments,
  })
  .map(({ members, ...rest }) => ({
    ...rest,
    members: { ...members, [MUTE]: { contacts: [], rules: [], low: [], away: null, updates: true } },
    until: (rest.moments.at(-1)?.at ?? 0) + 45 * 60,
  }))
  // A failing case is printed as a timeline.
  .map((world) => Object.defineProperty(world, fc.toStringMethod, { value: () => `\n${tell(world)}\n` }));
