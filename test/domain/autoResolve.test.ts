/** Auto-resolve: when an incident that nobody resolves is resolved by itself (lifecycle §8). */
import type { Service } from '../../domain/configuration.ts';
import { next } from '../../domain/next.ts';
import { sentence } from '../../domain/report.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life } from '../support/life.ts';

const USERS = [person('ana', '0s phone, 9m pager'), person('bob', '0s phone')];
type Written = { after: string; from?: 'created' | 'lastEvent'; includeAcknowledged?: boolean };
const life = (
  { after, from = 'created', includeAcknowledged = false }: Written,
  more: { ackTimeout?: string; resume?: 'same-level' | 'first-level' } & Partial<Pick<Service, 'urgency'>> = {},
) =>
  new Life(
    configuration({
      users: [{ ...USERS[0]!, statusUpdates: true }, USERS[1]!],
      policy: policy([level('user:ana', '6m'), level('user:bob', '20m')], { repeat: 9 }),
      service: service({ autoResolve: { after: duration(after), from, includeAcknowledged }, ...more }),
    }),
  );

describe('auto-resolve', () => {
  test('[L8] off by default: an incident stays open', () => {
    const plain = new Life(configuration({ users: USERS, policy: policy([level('user:ana', '5m')]) }));
    expect(plain.through('100000:00').state.status).toBe('triggered');
  });

  test('[L8] resolves at so long after the trigger, whatever came meanwhile, and nobody is paged any more', () => {
    const open = life({ after: '8m' }).at('7:00').arrive({}).at('8:00');
    expect(open.state.status).toBe('triggered');
    open.through('8:00');
    expect(open.state).toMatchObject({
      status: 'resolved',
      resolvedAt: instant('8:00'),
      resolvedBy: { kind: 'timer' },
    });
    expect(open.log).toContain('8:00 Resolved, the auto-resolve of its service was due');
    expect(open.state.log.find(({ type }) => type === 'resolved')).toMatchObject({
      reason: 'autoResolved',
      actor: { kind: 'timer' },
    });
    expect(sentence(open.state)).toBe('already resolved by auto-resolve at 00:08:00 UTC');
    expect(open.through('60:00').pages).toEqual(['0:00 ana phone', '6:00 bob phone']);
    expect(open.told).toEqual(['8:00 ana phone: incident.resolved']);
  });

  test('[L8] from the last event counts anew with each', () => {
    const open = life({ after: '8m', from: 'lastEvent' }).at('7:00').arrive({}).at('14:00').arrive({}).at('22:00');
    expect(open.state.status).toBe('triggered');
    expect(open.through('22:00').state.status).toBe('resolved');
  });

  test('[L8] time acknowledged does not count, and while acknowledged it is not resolved', () => {
    const open = life({ after: '8m' }).at('2:00').ack('bob').at('50:00');
    expect(open.state.status).toBe('acknowledged');
    expect(next(open.state)).toEqual([]);
    open.command('bob', { type: 'unacknowledge' });
    // 2 of 8 minutes are over, and the level has 6.
    expect(open.at('56:00').state.status).toBe('triggered');
    expect(open.through('56:00').state.status).toBe('resolved');
  });

  test('[L8] of the time acknowledged, only that since the last event does not count where it counts from that', () => {
    const open = life({ after: '30m', from: 'lastEvent' }).at('2:00').ack('bob').at('40:00').arrive({}).at('50:00');
    open.command('bob', { type: 'unacknowledge' });
    expect(open.at('80:00').state.status).toBe('triggered');
    expect(open.through('80:00').state.status).toBe('resolved');
  });

  test('[L8] an event after it was acknowledged counts anew, without the time acknowledged before', () => {
    const open = life({ after: '10m', from: 'lastEvent' }).at('1:00').ack('bob').at('9:00');
    open.command('bob', { type: 'unacknowledge' });
    open.at('12:00').arrive({});
    expect(open.at('22:00').state.status).toBe('triggered');
    expect(open.through('22:00').state.status).toBe('resolved');
  });

  test('[L8] with includeAcknowledged the time counts, and it is resolved while acknowledged', () => {
    const open = life({ after: '8m', includeAcknowledged: true }).at('2:00').ack('bob').through('8:00');
    expect(open.state).toMatchObject({ status: 'resolved', ackTimeoutAt: null });
  });

  test('[L8] never earlier than one full level after a return to triggered: the level that is entered then', () => {
    const same = life({ after: '20m', includeAcknowledged: true }, { ackTimeout: '12m' }).at('7:00').ack('ana');
    expect(same.at('39:00').state).toMatchObject({ status: 'triggered', episode: 2, escalation: { level: 2 } });
    expect(same.through('39:00').state.status).toBe('resolved');
    const first = life({ after: '20m', includeAcknowledged: true }, { ackTimeout: '12m', resume: 'first-level' });
    expect(first.at('7:00').ack('ana').at('25:00').state.escalation.level).toBe(1);
    expect(first.through('25:00').state.status).toBe('resolved');
  });

  test('[L8] counts the full level from its entering, and not again for the levels after it', () => {
    const open = life({ after: '1m', includeAcknowledged: true }).at('0:30').ack('ana').at('0:59');
    open.command('ana', { type: 'unacknowledge' });
    open.answers(false).at('4:00').answers(true);
    expect(open.at('10:00').state.status).toBe('triggered');
    expect(open.through('10:00').state.status).toBe('resolved');
  });

  test('[L7] [F 54] due with the ack timeout, the resolve wins: no page', () => {
    const open = life({ after: '10m', includeAcknowledged: true }, { ackTimeout: '8m' }).at('2:00').ack('bob');
    open.through('30:00');
    expect(open.state).toMatchObject({ status: 'resolved', episode: 1 });
    expect(open.pages).toEqual(['0:00 ana phone']);
  });

  test('[L7] due with the end of a level and a rule, the resolve wins: no page', () => {
    const open = life({ after: '6m' }).through('30:00');
    expect(open.pages).toEqual(['0:00 ana phone']);
    expect(life({ after: '9m' }).through('30:00').pages).toEqual(['0:00 ana phone', '6:00 bob phone']);
  });

  test('[L5.2] what is owed at minute zero is still sent', () => {
    const open = life({ after: '1m' }).providing((_, at) => (at < instant('1:01') ? 'retryable' : 'sent'));
    expect(open.through('3:00').state.status).toBe('resolved');
    expect(open.ledger).toEqual(['ana phone sent', 'ana pager cancelled']);
  });

  test('[L10] while all workers are down it is resolved late, and the timeline says so', () => {
    const open = life({ after: '8m' }).at('7:00').asleepUntil('20:00').through('20:00');
    expect(open.log).toContain('20:00 Resolved, the auto-resolve of its service was due (12m late)');
    expect(open.pages).toEqual(['0:00 ana phone', '6:00 bob phone']);
  });

  test('[L9] is due at the same instant where its workflow continued as new', () => {
    const open = life({ after: '20m' }).at('2:00').ack('bob').continueAsNew().at('5:00').continueAsNew();
    open.command('bob', { type: 'unacknowledge' });
    open.continueAsNew();
    expect(open.at('23:00').state.status).toBe('triggered');
    expect(open.through('23:00').state.status).toBe('resolved');
  });

  test('[L12.4] is foretold, and nothing that would come after it', () => {
    const open = life({ after: '8m' }).through('1:00');
    expect(next(open.state).map(({ at, kind }) => [at, kind])).toEqual([
      [instant('6:00'), 'escalate'],
      [instant('8:00'), 'autoResolve'],
    ]);
    const together = life({ after: '6m' }).through('1:00');
    expect(next(together.state).map(({ at, kind }) => [at, kind])).toEqual([[instant('6:00'), 'autoResolve']]);
  });
});
