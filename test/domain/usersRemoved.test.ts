import type { ChangeElsewhere } from '../../domain/commands.ts';
import { decide } from '../../domain/decide.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life } from '../support/life.ts';

const whole = configuration({
  users: [person('ana'), person('bob')],
  policy: policy([level('user:ana user:bob', '5m')]),
  service: service({ ackTimeout: '30m', subscribers: [{ channel: 'webhook', endpoint: 'ops' }] }),
});
const remove = (life: Life, users: readonly string[], id = life.state.id): Life => {
  const change: ChangeElsewhere = { kind: 'usersRemoved', users, id };
  life.state = decide(life.state, { type: 'changed', change }, life.now).state;
  return life;
};

describe('removal of the only acker’s user [L3] [F 79]', () => {
  test('triggers it again: the next episode, the present level with its full delay, and it is told', () => {
    const life = remove(new Life(whole).at('1:00').ack('ana').at('2:00'), ['ana']).through('2:00');
    expect(life.state).toMatchObject({
      status: 'triggered',
      episode: 2,
      acknowledgements: [],
      ackTimeoutAt: null,
      escalation: { level: 1, levelEndsAt: instant('7:00') },
    });
    expect(life.pages).toContain('2:00 bob mail');
    expect(life.log).toEqual(
      expect.arrayContaining([
        '2:00 Ana is no longer in the configuration, and holds it no longer',
        '2:00 Triggered again: nobody who acknowledged it is in the configuration any more',
      ]),
    );
    expect(life.told.at(-1)).toBe('2:00 webhook ops: incident.unacknowledged');
  });

  test('leaves it with another who holds it', () => {
    const life = remove(new Life(whole).at('1:00').ack('ana').ack('bob').at('2:00'), ['ana']);
    expect(life.state).toMatchObject({ status: 'acknowledged', episode: 1, acknowledgements: [{ user: 'bob' }] });
    expect(remove(life, ['bob']).state.status).toBe('triggered');
  });

  test('the source’s ack goes with it, and alone is nobody’s', () => {
    const life = new Life(whole).at('1:00').ack('ana').arrive({ action: 'acknowledge' }).at('2:00');
    expect(remove(life, ['ana']).state).toMatchObject({ status: 'triggered', acknowledgements: [] });
    const bySource = remove(new Life(whole).at('1:00').arrive({ action: 'acknowledge' }), ['source', 'ana']);
    expect(bySource.state.status).toBe('acknowledged');
  });

  test('ends a snooze', () => {
    const life = new Life(whole).at('1:00');
    life.command('ana', { type: 'snooze', duration: 60 * 60_000 } as never);
    expect(remove(life, ['ana']).state).toMatchObject({ status: 'triggered', snoozedUntil: null });
  });

  test('told twice, of somebody who does not hold it, of another incident, or too late, it changes nothing', () => {
    const life = remove(new Life(whole).at('1:00').ack('ana').at('2:00'), ['ana']).through('2:00');
    for (const users of [['ana'], ['bob']]) {
      const before = life.state;
      expect(remove(life, users).state).toEqual(before);
    }
    const acknowledged = new Life(whole).at('1:00').ack('ana');
    expect(remove(acknowledged, ['bob']).state.status).toBe('acknowledged');
    expect(remove(acknowledged, ['ana'], 'another.k.r').state.status).toBe('acknowledged');
    expect(remove(acknowledged.resolve('bob'), ['ana']).state.status).toBe('resolved');
  });
});
