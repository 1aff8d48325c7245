/**
 * Random lives of an incident against the model in `test/model/`, 4,500 of them, in which providers and workers fail, and
 * an eighth of that against each thing that must hold of every life. More by hand: `TOCSIN_PROPERTY_RUNS=100000 npm test -- test/domain/properties`.
 * They are the same lives each time, so that a test which fails is a change's doing; `TOCSIN_PROPERTY_SEED` draws others. A failing
 * life is printed as a timeline.
 */
import * as fc from 'fast-check';
import type { Life } from '../support/life.ts';
import { instant } from '../support/life.ts';
import { clock, live, outcomeOf } from '../model/live.ts';
import { predict } from '../model/predict.ts';
import type { Scenario } from '../model/scenario.ts';
import { scenarios } from '../model/scenarios.ts';
import { tellOutcome } from '../model/tell.ts';

const numRuns = Number(process.env['TOCSIN_PROPERTY_RUNS'] ?? 2_500);
const seeded = { seed: Number(process.env['TOCSIN_PROPERTY_SEED'] ?? 101) };
const parameters = { ...seeded, numRuns: Math.ceil(numRuns / 8) };
const patience = 60_000 + numRuns * 40;

/** What comes of the attempts, in turn; most are sent. One that is held is under way until the next moment has been. */
const fortunes = fc.array(fc.constantFrom('sent' as const, 'sent', 'terminal', 'retryable', 'unknown', 'hold'), {
  minLength: 1,
  maxLength: 5,
});
type Fortune = typeof fortunes extends fc.Arbitrary<infer F> ? F : never;

/** The outcome of an attempt depends on nothing but which notification it is of, and which attempt of it. */
function fateOf(fortune: Fortune, id: string, attempt: number): Fortune[number] {
  return fortune[(Number(id.slice(1)) + attempt) % fortune.length] ?? 'sent';
}

/** What comes of an attempt that was held. */
const releasedAs = (fortune: Fortune) => fortune.find((each) => each !== 'hold') ?? 'sent';

const faring = (world: Scenario, fortune: Fortune, after?: (life: Life) => void): Life =>
  live(world, {
    providing:
      () =>
      ({ id, attempts }) =>
        fateOf(fortune, id, attempts.length),
    after: (life) => {
      life.release(releasedAs(fortune));
      after?.(life);
    },
  }).release();

/** Seconds: minute zero is owed for ten minutes at most there, and what is resolved may be reopened for fifteen. */
const LONGER_THAN_ANY = 30 * 60;

/** Nobody takes another version of the policy, so that the delays at the end are those from the beginning. */
function underOnePolicy(world: Scenario): Scenario {
  const moments = world.moments.filter(({ deed }) => deed.what !== 'adopt' && deed.what !== 'reassignTo');
  return { ...world, moments };
}

function withoutReceipts(world: Scenario): Scenario {
  return { ...world, moments: world.moments.filter(({ deed }) => deed.what !== 'receipt') };
}

/** What is known to be sent. */
const SETTLING: ReadonlySet<string> = new Set(['sent', 'delivered', 'unanswered']);

function holds(check: (world: Scenario, fortune: Fortune) => void): void {
  fc.assert(fc.property(scenarios, fortunes, check), parameters);
}

/** What is to come of some of the lives that are drawn: types of log entries, with their reasons. */
const MET = `ackTimedOut, ackerRemoved, acknowledged person, acknowledged source, alertsTruncated leftOut, amended, assigned handOff,
  assigned levelUnreachable, assigned nextPass, assigned passReachedNobody, assigned reassigned, assigned reassignedToLevel,
  assigned responders, assigned userRemoved, closed, eventIgnored overtaken, exhausted passesDone, flappingBegan, flappingDigest,
  flappingEnded, levelEnded levelGone, nobodyOnCall, notificationExpired tooOld, notificationLate, policyAdopted, prioritySet, receiptTaken,
  released flapping, released heldEnough, released maintenanceOver, released notHeld, released thresholdReached,
  reopened person, reopened source, resolved autoResolved, resolved belowThreshold, resolved flappingQuiet,
  resolved groupResolved, resolved transient, retriggered escalated, ruleAdvanced, snoozeEnded, unacknowledged,
  urgencyChanged hoursBegan, urgencyChanged hoursEnded, urgencyChanged person, urgencyChanged severityChanged, urgencyKept`;

test(
  'the lives that are drawn meet what a life can meet',
  () => {
    const met = new Set(
      fc
        .sample(scenarios, { numRuns: 2_500, seed: 1 })
        .flatMap((world) => live(world).state.log)
        .map(({ type, reason }) => (reason === null ? type : `${type} ${reason}`)),
    );
    expect(MET.split(/,\s+/).filter((each) => !met.has(each))).toEqual([]);
  },
  patience,
);

describe('any life of an incident', () => {
  test(
    'pages and tells whom the model of the contract does, when it does, and ends as it does [L2, L3, L4, L5, L6, L7]',
    () => {
      const sameAsModel = (world: Scenario): void =>
        expect(tellOutcome(outcomeOf(live(world)))).toEqual(tellOutcome(predict(world)));
      fc.assert(fc.property(scenarios, sameAsModel), { ...seeded, numRuns });
    },
    patience,
  );

  test(
    'is the same wherever it continues as new [L9]',
    () => {
      holds((world, drawn) => {
        // What is under way then is carried as unknown: another life.
        const fortune = drawn.map((each) => (each === 'hold' ? 'sent' : each));
        const moments = world.moments.map((moment) => {
          const { what } = moment.deed;
          return what === 'continuesAsNew' ? { ...moment, deed: { what: 'nothing' as const } } : moment;
        });
        const plain = faring({ ...world, moments }, fortune);
        const cut = faring({ ...world, moments }, fortune, (life) => life.continueAsNew());
        expect(cut.pages).toEqual(plain.pages);
        expect(cut.log).toEqual(plain.log);
        expect(cut.state.ledger).toEqual(plain.state.ledger);
      });
    },
    patience,
  );

  test(
    'does nothing early [L10, L11]',
    () => {
      holds((world, fortune) => {
        const { attempts, state } = faring(underOnePolicy(world), fortune);
        for (const { at, key } of attempts) {
          const dueAt = state.ledger.find(({ idempotencyKey }) => idempotencyKey === key)?.dueAt;
          expect(instant(at)).toBeGreaterThanOrEqual(dueAt ?? Infinity);
        }
        for (const { reason, at, seq } of state.assignments) {
          const left = state.assignments.findLast((before) => before.seq < seq && before.kind !== 'responders');
          // An empty level that was waited out is not carried on: the one before it is not the one that was left.
          if (reason !== 'levelTimeout' || left?.seq !== seq - 1) continue;
          const delay = state.policy.levels[(left.level ?? 0) - 1]?.escalateAfter ?? Infinity;
          expect(at - left.at).toBeGreaterThanOrEqual(delay);
        }
      });
    },
    patience,
  );

  test(
    'decides each notification once, and sends none again that is known to be sent [L5, the ledger]',
    () => {
      holds((world, fortune) => {
        const { attempts, state } = faring(withoutReceipts(world), fortune);
        const keys = state.ledger.map(({ idempotencyKey }) => idempotencyKey);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { idempotencyKey, attempts: kept } of state.ledger) {
          expect(kept.slice(0, -1).map(({ outcome }) => outcome)).not.toContain('sent');
          expect(attempts.filter(({ key }) => key === idempotencyKey)).toHaveLength(kept.length);
        }
      });
    },
    patience,
  );

  test(
    'attempts nothing any more of which a provider said what became of it [L5, the ledger]',
    () => {
      holds((world, fortune) => {
        const settled = new Set<string>();
        const providing = () => (notification: Life['state']['ledger'][number]) => {
          expect(settled).not.toContain(notification.idempotencyKey);
          return fateOf(fortune, notification.id, notification.attempts.length);
        };
        const look = (life: Life): void => {
          for (const { idempotencyKey, attempts } of life.state.ledger)
            if (attempts.some(({ outcome }) => SETTLING.has(outcome))) settled.add(idempotencyKey);
        };
        const after = (life: Life): void => {
          look(life);
          look(life.release(releasedAs(fortune)));
        };
        const { state } = live(world, { providing, after });
        for (const { status, phase, sentAt, attempts } of state.ledger) {
          expect(sentAt !== null).toBe(status === 'sent' || status === 'delivered');
          if (attempts.some(({ outcome }) => SETTLING.has(outcome))) expect(phase).toBe('done');
        }
      });
    },
    patience,
  );

  test(
    'begins nothing after an ack or a resolve but what is owed, or what a multiAck level goes on telling [L5.1, L5.2, L11]',
    () => {
      fc.assert(
        fc.property(scenarios, fortunes, (world, fortune) => {
          const providing = (life: Life) => (notification: Life['state']['ledger'][number]) => {
            const { status, acknowledgements, assignments } = life.state;
            const { multiAck } = assignments.find(({ seq }) => seq === notification.assignment) ?? {};
            const acked = acknowledgements.some(({ user }) => user === notification.user);
            const goesOn = status === 'acknowledged' && multiAck === true && !acked;
            expect(status === 'triggered' || notification.owed || goesOn).toBe(true);
            return fateOf(fortune, notification.id, notification.attempts.length);
          };
          live(world, { providing, after: (life) => life.release(releasedAs(fortune)) });
        }),
        parameters,
      );
    },
    patience,
  );

  test(
    'lets nobody go untold whom it owes it to, but those who acted themselves [L5.2]',
    () => {
      fc.assert(
        fc.property(scenarios, (world) => {
          const { ledger } = live(world).state;
          for (const { minuteZero, late, attempts, reason } of ledger) {
            if (!minuteZero || late || attempts.length > 0) continue;
            expect(['ownAction', 'tooOld']).toContain(reason);
          }
        }),
        parameters,
      );
    },
    patience,
  );

  test(
    'is settled once it is resolved and minute zero is too old, whatever fails [L5.3, L5.5]',
    () => {
      holds((world, fortune) => {
        // A notice may wait for a day.
        const life = faring({ ...world, outages: [] }, fortune);
        life
          .answers(true)
          .resolve('ana')
          .through(clock(world.until))
          .release()
          .through(clock(world.until + LONGER_THAN_ANY))
          .release();
        expect(life.state.ledger.filter(({ phase }) => phase !== 'done')).toEqual([]);
        expect(life.settled).toBe(true);
      });
    },
    patience,
  );
});
