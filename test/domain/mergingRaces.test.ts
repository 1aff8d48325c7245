/**
 * Two and three incidents that are merged into one another, whose letters come in any order and some of them twice, whose
 * executions continue as new at any moment. More by hand: `TOCSIN_PROPERTY_RUNS=20000 npm test -- test/domain/mergingRaces`.
 */
import * as fc from 'fast-check';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Town } from '../support/town.ts';

const numRuns = Math.ceil(Number(process.env['TOCSIN_PROPERTY_RUNS'] ?? 2_000) / 8);
const whole = configuration({
  users: [person('ana')],
  policy: policy([level('user:ana', '5m')]),
  service: service({ ackTimeout: '30m' }),
});
const KEYS = ['a', 'b', 'c'] as const;

const key = fc.constantFrom(...KEYS);
const pair = fc.tuple(key, key).filter(([source, target]) => source !== target);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('merge' as const), pair }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('event' as const), key }) },
  { weight: 12, arbitrary: fc.record({ what: fc.constant('deliver' as const), place: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('repeat' as const), place: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('continueAsNew' as const), key }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('wait' as const), seconds: fc.constantFrom(1, 31, 400) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
/** What ends incidents: the source, and people. */
const ending = fc.oneof(
  fc.record({ what: fc.constant('sourceResolves' as const), key }),
  fc.record({ what: fc.constant('personResolves' as const), key }),
  fc.record({ what: fc.constant('terminate' as const), key }),
);
type Ending = typeof ending extends fc.Arbitrary<infer E> ? E : never;

class Played {
  readonly town = new Town(whole);
  readonly commands: { id: string; source: string }[] = [];

  constructor(steps: readonly (Step | Ending)[]) {
    for (const key of KEYS) this.town.event(key);
    for (const each of steps) this.take(each);
    this.town.quiet();
  }

  private take(step: Step | Ending): void {
    const { town } = this;
    switch (step.what) {
      case 'merge': {
        const [source, target] = step.pair;
        const id = `m${this.commands.length}`;
        const { pending } = town.merge(source, target, { id });
        if (pending) this.commands.push({ id, source: town.state(source).id });
        return;
      }
      case 'event':
        town.event(step.key);
        return;
      case 'sourceResolves':
        town.event(step.key, 'resolve');
        return;
      case 'personResolves':
        town.resolve(step.key);
        return;
      case 'terminate':
        town.terminate(step.key);
        return;
      case 'deliver':
        town.deliver(step.place);
        return;
      case 'repeat':
        town.repeat(step.place);
        return;
      case 'continueAsNew':
        town.continueAsNew(step.key);
        return;
      case 'wait':
        town.wait(step.seconds);
        return;
    }
  }

  /** What holds of any of them, once nothing is on its way. */
  check(): void {
    const { lives, open } = this.town;
    for (const { state } of lives) {
      const ended = this.town.isTerminated(state.dedupKey);
      if (ended) continue;
      expect(state).toMatchObject({ merging: null, letters: [], forwarding: [] });
      const { mergedInto } = state;
      if (mergedInto?.open !== true) continue;
      // One that was ended by force is found out by the next event, or within a day.
      const to = lives.find((life) => life.state.id === mergedInto.incident);
      if (to !== undefined && this.town.isTerminated(to.state.dedupKey)) continue;
      // No chain is longer than one, and each of the two knows of the other.
      const target = open.find(({ id }) => id === mergedInto.incident);
      expect(target).toMatchObject({ mergedInto: null });
      expect(target?.forwarders).toContainEqual({ incident: state.id, workflowId: state.id });
    }
    for (const { id, source } of this.commands) {
      const state = lives.find((life) => life.state.id === source)?.state;
      if (state === undefined || this.town.isTerminated(state.dedupKey)) continue;
      // Every command has an outcome, and one incident is merged by one command at most.
      expect(state.commands.map((command) => command.id)).toContain(id);
      const done = state.commands.filter(
        (command) => command.refused === null && command.id.startsWith('m') && this.gave(command.id, source),
      );
      expect(done).toHaveLength(state.mergedInto === null ? 0 : 1);
    }
  }

  private readonly gave = (id: string, source: string): boolean =>
    this.commands.some((command) => command.id === id && command.source === source);
}

describe('incidents that are merged at once', () => {
  test('[L7] [L9] each alert is in one open incident, and counted once there; chains are no longer than one', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const played = new Played(steps);
        played.check();
        const { open } = played.town;
        const counted = open.flatMap(({ alerts }) => alerts.map(({ dedupKey, eventCount }) => [dedupKey, eventCount]));
        const sent = KEYS.map((key) => [
          key,
          1 + steps.filter((each) => each.what === 'event' && each.key === key).length,
        ]);
        expect(counted).toHaveLength(KEYS.length);
        expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(sent));
        expect(open.length).toBeGreaterThan(0);
      }),
      { numRuns },
    );
  }, 120_000);

  test('[L7] [F 50] of A into B and B into A at once the smaller id goes first, whatever comes first', () => {
    const moves = fc.array(
      fc.oneof(step).filter(({ what }) => what !== 'merge' && what !== 'wait'),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(moves, fc.boolean(), (steps, swapped) => {
        const [first, second] = swapped ? (['b', 'a'] as const) : (['a', 'b'] as const);
        const merges = [[first, second] as const, [second, first] as const].map(([source, target]) => ({
          what: 'merge' as const,
          pair: [source, target] as [typeof source, typeof target],
        }));
        const played = new Played([...merges, ...steps]);
        const { town } = played;
        played.check();
        expect(town.state('a')).toMatchObject({ status: 'resolved', mergedInto: { incident: town.state('b').id } });
        expect(town.state('b')).toMatchObject({ status: 'triggered', mergedInto: null });
        const refused = town.state('b').commands.find(({ refused }) => refused !== null);
        expect(refused).toMatchObject({
          refused: 'TARGET_MERGING',
          said: 'the other incident is being merged into this one',
        });
      }),
      { numRuns },
    );
  });

  test('[L7] [L2.7] [L11] whatever ends them, nobody waits for ever, and no accepted event is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 8, arbitrary: step }, { weight: 1, arbitrary: ending }), { maxLength: 60 }),
        (steps) => {
          const played = new Played(steps);
          played.check();
          const { town } = played;
          for (const key of KEYS) {
            if (town.isTerminated(key)) continue;
            // A forwarder is open as long as what it forwards to; where that is over, its next trigger opens an incident.
            town.event(key);
            town.quiet();
            const taken = town.open.some(({ alerts }) =>
              alerts.some(({ dedupKey, status }) => dedupKey === key && status === 'triggered'),
            );
            expect(taken).toBe(true);
          }
          played.check();
        },
      ),
      { numRuns },
    );
  }, 120_000);
});
