/** An incident that maintenance holds, as a timeline: windows that end, overlap and are taken away, and its turn to go on. */
import type { Held } from '../../domain/incident.ts';
import { next } from '../../domain/next.ts';
import { sentence } from '../../domain/report.ts';
import { incidentView } from '../../domain/view.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, type Maintenance, TRIGGER } from '../support/life.ts';

const world = configuration({
  users: [person('ana', '0s mail'), person('bob', '0s mail')],
  policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]),
  service: service({
    ackTimeout: '30m',
    urgency: 'bySeverity',
    subscribers: [{ channel: 'webhook', endpoint: 'ops' }],
  }),
});
const by = (id: string, until: string, turn = false): Held => ({
  by: id,
  description: id === 'disks' ? 'new disks' : null,
  until: instant(until),
  turn,
});
/** Windows, and how long an incident waits for its turn once none holds it. */
const windows =
  (...held: readonly Held[]): Maintenance =>
  ({ held: before }, at) => {
    const longest = held.filter(({ until }) => until > at).toSorted((one, other) => other.until - one.until)[0];
    return longest ?? (before === null ? null : { ...before, until: at + 2_000, turn: true });
  };
const held = (maintenance: Maintenance = windows(by('disks', '10:00'))) =>
  new Life(world, TRIGGER, {}, by('disks', '10:00')).maintained(maintenance);

test('[L3] [L7] it is held until its window ends, and then goes on in its turn', () => {
  const life = held().at('9:59');
  expect(incidentView(life.state)).toMatchObject({ status: 'suspended', heldBy: 'disks', assignees: [] });
  expect(sentence(life.state)).toBe(
    'suspended, and nobody is told yet; held by maintenance (new disks) until 2026-03-02 00:10:00 UTC',
  );
  expect(next(life.state)).toEqual([
    {
      at: instant('10:00'),
      kind: 'release',
      reason: 'looks whether maintenance still holds it; if not, level 1 is told',
    },
  ]);
  life.through('10:00');
  expect(sentence(life.state)).toContain(
    'maintenance (new disks) is over, and it goes on in its turn at 2026-03-02 00:10:02 UTC',
  );
  expect(next(life.state)).toEqual([
    { at: instant('10:02'), kind: 'release', reason: 'no maintenance holds it any more: level 1 is told' },
  ]);
  life.through('20:00');
  expect(life.pages).toEqual(['10:02 ana mail', '15:02 bob mail']);
  expect(incidentView(life.state)).toMatchObject({ heldBy: null, episode: 1 });
  expect(life.log.filter((line) => /Suspended|released|Triggered:/.test(line))).toEqual([
    '0:00 Suspended, nobody is told yet: held by maintenance (new disks) until 2026-03-02 00:10:00 UTC',
    '10:00 Suspended, nobody is told yet: maintenance (new disks) is over, and it goes on in its turn at 2026-03-02 00:10:02 UTC',
    '10:02 Triggered: no maintenance holds it any more',
  ]);
});

test('[L7] it looks again while the turns of its service are given, and its timeline tells none of these looks', () => {
  let looks = 0;
  const life = held(({ held: before }, at) => {
    looks += 1;
    if (before === null) return null;
    return looks < 4 ? { ...before, until: at + 1_000 } : { ...before, until: at + 2_000, turn: true };
  }).through('11:00');
  expect(life.pages).toEqual(['10:05 ana mail']);
  expect(life.log.filter((line) => line.includes('Suspended')).map((line) => line.split(' ')[0])).toEqual([
    '0:00',
    '10:03',
  ]);
});

test('[L7] [F 53] the end of one window frees nothing that another one holds', () => {
  const life = held(windows(by('disks', '10:00'), by('network', '25:00'))).at('12:00');
  expect(incidentView(life.state).heldBy).toBe('network');
  expect(life.log.at(-1)).toBe(
    '10:00 Suspended, nobody is told yet: held by maintenance network until 2026-03-02 00:25:00 UTC',
  );
  expect(life.through('30:00').pages[0]).toBe('25:02 ana mail');
});

test('[L7] a window that is taken away holds it no longer, at once', () => {
  const life = held().at('3:00').maintained(windows()).windowTaken('disks').through('3:05');
  expect(life.pages).toEqual(['3:02 ana mail']);
});

test('[L7] it stays held where another window holds it, and where another one is taken away', () => {
  const life = held()
    .at('3:00')
    .maintained(windows(by('network', '12:00')))
    .windowTaken('disks')
    .at('4:00');
  expect(incidentView(life.state).heldBy).toBe('network');
  life.maintained(windows()).windowTaken('disks').at('5:00');
  expect(incidentView(life.state).heldBy).toBe('network');
  expect(life.at('20:00').pages[0]).toBe('12:02 ana mail');
});

test('one window taken away while it is being asked is asked about anew, and the older answer does not count', () => {
  const life = held(windows(by('disks', '10:00'), by('network', '25:00')))
    .answers(false)
    .through('10:00');
  const first = life.state.escalation.asking?.seq ?? 0;
  life.maintained(windows()).windowTaken('network');
  expect(life.state.escalation.asking?.seq).toBe(first + 1);
  expect(life.answers(true).through('10:30').pages).toEqual(['10:02 ana mail']);
});

test('its turn stands, whatever else is taken away', () => {
  const life = held().through('10:00').windowTaken('disks');
  expect(life.state.escalation.asking).toBeNull();
  expect(life.through('10:30').pages).toEqual(['10:02 ana mail']);
});

test('[L7] an incident that is open does not hear of windows', () => {
  const life = new Life(world)
    .at('1:00')
    .windowTaken('disks')
    .maintained(windows(by('disks', '10:00')))
    .at('6:00');
  expect(life.pages).toEqual(['0:00 ana mail', '5:00 bob mail']);
});

test('[L3] [L7] acks and resolves of people pass, and those of its source', () => {
  const acked = held().at('1:00').ack('bob').through('20:00');
  expect(incidentView(acked.state)).toMatchObject({ status: 'acknowledged', heldBy: null, assignees: [] });
  expect(acked.pages).toEqual([]);
  expect(held().at('1:00').resolve('bob').state).toMatchObject({ status: 'resolved', transient: false });
  expect(held().at('1:00').arrive({ action: 'resolve' }).through('20:00')).toMatchObject({
    state: { status: 'resolved', transient: true },
    pages: [],
    told: [],
  });
});

test('[L3] one that is opened by hand is never held', () => {
  const byAna = { ...TRIGGER, by: { id: 'ana', name: 'Ana', via: 'token anas' } };
  expect(new Life(world, byAna, {}, by('disks', '10:00')).through('0:00').pages).toEqual(['0:00 ana mail']);
});

test('[L7] asked at the end, it says how urgent it is by then', () => {
  const asked: string[] = [];
  const life = new Life(world, { ...TRIGGER, severity: 'info' }, {}, by('disks', '10:00'));
  life.maintained((question) => {
    asked.push(question.urgency);
    return null;
  });
  life.at('5:00').arrive({ severity: 'critical' }).through('10:00');
  expect(asked).toEqual(['high']);
});

test.each(['5:00', '10:00', '10:01'])('[L9] continued as new at %s, it goes on in its turn all the same', (when) => {
  const life = held().through(when).continueAsNew().through('20:00');
  expect(life.pages).toEqual(held().through('20:00').pages);
});
