/** A source that goes on and off: one page, then digests, and one end. */
import { next } from '../../domain/next.ts';
import { sentence } from '../../domain/report.ts';
import { incidentView } from '../../domain/view.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER, written } from '../support/life.ts';

const FLAPPING = {
  transitions: 5,
  within: duration('10m'),
  quiet: duration('15m'),
  digestEvery: duration('30m'),
};
const world = (more: Parameters<typeof service>[0] = {}) =>
  configuration({
    users: [person('ana', '0s mail, 2m phone'), person('bob', '0s mail')],
    policy: policy([level('user:ana', '3h'), level('user:bob', '5m')]),
    service: service({
      reopenWindow: duration('20m'),
      flapping: FLAPPING,
      subscribers: [{ channel: 'webhook', endpoint: 'ops' }],
      ...more,
    }),
  });

/** On and off in turn, at these times. The trigger at 0:00 is the first transition. */
function flips(life: Life, ...at: readonly string[]): Life {
  for (const when of at) {
    const on = life.state.alerts.every(({ status }) => status === 'resolved');
    life.at(when).arrive({ action: on ? 'trigger' : 'resolve' });
  }
  return life;
}
const flapping = (more: Parameters<typeof service>[0] = {}) =>
  flips(new Life(world(more)), '1:00', '2:00', '3:00', '4:00').through('4:00');

describe('an incident whose source goes on and off', () => {
  test('[L8] [F 56] is flapping at the 5th transition within 10 min, stays open, and is resolved once, when it is quiet', () => {
    const life = flips(flapping(), '5:00').through('5:00');
    expect(life.state).toMatchObject({ status: 'triggered', episode: 3, flapping: { since: instant('4:00') } });
    expect(incidentView(life.state).flapping).toBe(true);
    expect(life.log).toContain(
      '4:00 Flapping: its source went on or off 5 times within 10m; told in digests, and open until it is quiet for 15m',
    );
    flips(life, '6:00', '7:00').through('7:00');
    expect(life.pages).toEqual(['0:00 ana mail', '2:00 ana mail', '4:00 ana mail', '6:00 ana phone']);
    expect(next(life.state)[0]).toMatchObject({ at: instant('22:00'), kind: 'autoResolve' });
    life.through('22:00');
    expect(life.state).toMatchObject({ status: 'resolved', flapping: null, transitions: [] });
    expect(life.log.at(-1)).toBe('22:00 Resolved, its source was quiet for long enough, and nothing fires');
    expect(sentence(life.state)).toContain('already resolved by the end of its flapping at 00:22:00 UTC');
    expect(life.told.filter((each) => each.includes('resolved'))).toEqual([
      '1:00 webhook ops: incident.resolved',
      '3:00 webhook ops: incident.resolved',
      '22:00 webhook ops: incident.resolved',
    ]);
  });

  test('[L8] is not before as many transitions, nor by those that are older than the window', () => {
    expect(flips(new Life(world()), '1:00', '2:00', '3:00').state.flapping).toBeNull();
    expect(flips(new Life(world()), '1:00', '2:00', '3:00', '10:00').state).toMatchObject({
      flapping: null,
      transitions: ['1:00', '2:00', '3:00', '10:00'].map(instant),
    });
    expect(flips(new Life(world()), '1:00', '2:00', '3:00', '9:59').state.flapping).not.toBeNull();
  });

  test('[L8] where it is not set, comes and goes as ever', () => {
    const life = flips(new Life(world({ flapping: null })), '1:00', '2:00', '3:00', '4:00', '5:00', '6:00', '7:00');
    expect(life.state).toMatchObject({ status: 'resolved', flapping: null, transitions: [] });
  });

  test('[L8] counts what fires as a whole: neither repeats nor single alerts of a group', () => {
    const group = { groupKey: TRIGGER.dedupKey };
    const life = new Life(world(), { ...TRIGGER, ...group, dedupKey: 'a' }).arrive({ ...group, dedupKey: 'b' });
    for (const at of ['1:00', '2:00', '3:00', '4:00']) {
      life
        .at(at)
        .arrive({ ...group, dedupKey: 'a', action: 'resolve' })
        .arrive({ ...group, dedupKey: 'a' });
    }
    expect(life.state).toMatchObject({ flapping: null, transitions: [instant('0:00')] });
  });

  test('[L8] tells its assignees in a digest how often it did, while nobody holds it, and its subscribers', () => {
    const life = flips(flapping(), '14:00', '24:00', '34:00', '44:00', '54:00').through('64:00');
    expect(life.pages.slice(-2)).toEqual(['34:00 ana mail', '64:00 ana mail']);
    expect(life.attempts.at(-1)?.present).toBe(
      'triggered; level 1, and nobody has acknowledged it; flapping since 2026-03-02 00:04:00 UTC, 5 changes since, and now nothing fires',
    );
    expect(life.state.ledger.at(-1)).toMatchObject({ cause: 'flapping', minuteZero: false, level: 1, episode: 3 });
    expect(life.told.filter((each) => each.includes('flapping'))).toEqual([
      '34:00 webhook ops: incident.flapping',
      '64:00 webhook ops: incident.flapping',
    ]);
    expect(life.log).toContain('34:00 Flapping: its source went on or off 3 more times');
    expect(life.log).toContain('64:00 Flapping: its source went on or off 2 more times');
  });

  test('[L8] resolved by a person while its source fires, and reopened by what that repeats, has not gone on', () => {
    const life = new Life(world()).at('1:00').resolve('bob').at('2:00').arrive({}).through('2:00');
    expect(life.state).toMatchObject({ status: 'triggered', episode: 2, transitions: [] });
  });

  test('[L8] is not kept open by what its source repeats', () => {
    const life = flapping().at('10:00').arrive({}).at('18:00').arrive({});
    expect(life.state.flapping).toMatchObject({ transitions: 0, quietAt: instant('19:00') });
    const off = flips(flapping(), '5:00').at('10:00').arrive({ action: 'resolve' });
    expect(off.state.flapping).toMatchObject({ transitions: 1, quietAt: instant('20:00') });
  });

  test('[L8] where nothing happened since the last digest has none', () => {
    const life = flapping({ flapping: { ...FLAPPING, quiet: duration('50m') } }).through('50:00');
    expect(life.pages.slice(3)).toEqual(['6:00 ana phone']);
    expect(life.told.at(-1)).toBe('4:00 webhook ops: incident.reopened');
    expect(life.notices.at(-1)?.request.incident.flapping).toBe(true);
  });

  test('[L8] is held by a person: no page of a digest, and it stays open when nothing fires', () => {
    const life = flips(flapping().at('5:00').ack('bob'), '14:00', '24:00').through('34:00');
    expect(life.state).toMatchObject({ status: 'acknowledged', flapping: { fires: true } });
    expect(life.pages.at(-1)).toBe('4:00 ana mail');
    expect(sentence(life.state)).toContain('acknowledged by Bob at 00:05:00 UTC; flapping since');
    expect(life.told.slice(-1)).toEqual(['34:00 webhook ops: incident.flapping']);
  });

  test('[L8] is quiet and fires: it goes on as any other, and is resolved by its source', () => {
    const life = flapping().through('19:00');
    expect(life.state).toMatchObject({ status: 'triggered', flapping: null, transitions: [] });
    expect(life.log.at(-1)).toBe('19:00 No longer flapping: its source was quiet, and something still fires');
    expect(life.at('20:00').arrive({ action: 'resolve' }).state.status).toBe('resolved');
  });

  test('[L8] [L3] is resolved by a person for good, and must go on and off as often to flap again', () => {
    const life = flips(flapping(), '5:00').at('6:00').resolve('bob');
    expect(life.state).toMatchObject({ status: 'resolved', flapping: null, transitions: [] });
    flips(life, '7:00', '8:00', '9:00', '10:00');
    expect(life.state).toMatchObject({ status: 'resolved', flapping: null });
    expect(flips(life, '11:00').state.flapping).not.toBeNull();
  });

  test('[L8] is paged once, although none of its stretches is as long as it is held', () => {
    const life = flips(new Life(world({ holdFor: duration('3m') })), '1:00', '2:00', '3:00').through('3:00');
    expect([life.state.status, life.state.transient, life.pages]).toEqual(['resolved', true, []]);
    flips(life, '4:00', '5:00', '6:00').through('6:00');
    expect(life.pages).toEqual(['4:00 ana mail', '6:00 ana phone']);
    expect(life.told).toEqual(['4:00 webhook ops: incident.triggered']);
    expect(written(life.state.flapping?.quietAt ?? 0)).toBe('21:00');
  });

  test('[L8] marked as nothing fires any more, stays open and is paged all the same', () => {
    const even = { ...FLAPPING, transitions: 4 };
    const life = flips(new Life(world({ holdFor: duration('3m'), flapping: even })), '1:00', '2:00', '3:00');
    expect(life.through('3:00').state).toMatchObject({ status: 'triggered', flapping: { fires: false } });
    expect(life.pages).toEqual(['3:00 ana mail']);
  });

  test('[L4.5] [L8] that its service asks for no longer, once that is adopted, ends', () => {
    const adopting = (life: Life) => {
      const settings = { service: service({}), policy: life.state.policy, configuration: 'later', hours: null };
      life.command('bob', { type: 'adopt-policy', ...settings });
      return life;
    };
    expect(adopting(flapping()).at('5:00').arrive({ action: 'resolve' }).state.status).toBe('resolved');
    const off = adopting(flips(flapping(), '5:00'));
    expect(flips(off, '6:00').state).toMatchObject({ status: 'triggered', flapping: null });
    expect(off.log).toContain('6:00 No longer flapping: its service does not ask for it any more');
    const longer = flapping({ flapping: { ...FLAPPING, quiet: duration('50m') } });
    expect(adopting(longer).through('34:00').state).toMatchObject({ status: 'triggered', flapping: null });
  });

  test('[L9] goes on when its workflow continues as new', () => {
    const before = flips(new Life(world()), '1:00', '2:00', '3:00').continueAsNew();
    expect(flips(before, '4:00').state.flapping).not.toBeNull();
    const life = flips(flapping(), '14:00').continueAsNew();
    expect(flips(life, '24:00').through('34:00').pages.at(-1)).toBe('34:00 ana mail');
    expect(flips(life.continueAsNew(), '35:00').through('50:00').state.status).toBe('resolved');
  });
});
