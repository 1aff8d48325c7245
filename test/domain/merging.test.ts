import { decide } from '../../domain/decide.ts';
import type { Arrival } from '../../domain/event.ts';
import { IDS_REMEMBERED } from '../../domain/evolve.ts';
import type { Alert } from '../../domain/incident.ts';
import type { Offer } from '../../domain/letter.ts';
import { next } from '../../domain/next.ts';
import { batchOf } from '../../domain/writing.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { BEGIN, instant, Life, TRIGGER } from '../support/life.ts';
import { Town } from '../support/town.ts';

const whole = configuration({
  users: [person('ana', '0s mail, 2m phone'), person('bob'), { ...person('cho'), statusUpdates: true }],
  policy: policy([level('user:ana user:cho', '5m'), level('user:bob', '5m')]),
  service: service({
    ackTimeout: '30m',
    urgency: 'bySeverity',
    subscribers: [{ channel: 'webhook', endpoint: 'ops' }],
  }),
});

const alertOf = (dedupKey: string, more: Partial<Alert> = {}): Alert => ({
  integration: 'payments-events',
  dedupKey,
  status: 'triggered',
  severity: 'critical',
  summary: `${dedupKey} fails`,
  eventCount: 1,
  firstAt: BEGIN,
  lastAt: BEGIN,
  lastTriggerBySource: null,
  lastResolveBySource: null,
  ...more,
});
const FROM = { incident: 'i.z.1', workflowId: 'i.z.1' };
const INTO = { incident: 'i.y.1', workflowId: 'i.y.1' };
const offerOf = (more: Partial<Offer> = {}): Offer => ({
  kind: 'offer',
  command: 'm1',
  from: FROM,
  number: 7,
  summary: 'z fails',
  dedupKey: 'z',
  actor: { kind: 'user', id: 'ana', name: 'Ana' },
  alerts: [alertOf('z')],
  alertsTruncated: false,
  eventCount: 3,
  forwarders: [],
  ...more,
});
const answers = (life: Life) => life.said.map(({ message }) => message).filter(({ kind }) => kind === 'offerAnswer');

/** Two incidents, `a` and `b`, and the one merged into the other. */
function merged(): Town {
  const town = new Town(whole);
  town.event('a').event('b').merge('a', 'b');
  return town.quiet();
}

describe('the incident that is merged', () => {
  const merging = (life = new Life(whole)): Life => {
    life.post = () => undefined;
    life.command('ana', { type: 'merge', into: INTO, id: 'm1' });
    return life.goOn(life.now);
  };
  const takenBy = (life: Life) => life.hear({ kind: 'offerAnswer', command: 'm1', refused: null });
  const refusedBy = (life: Life) =>
    life.hear({ kind: 'offerAnswer', command: 'm1', refused: { code: 'TARGET_RESOLVED', sentence: 'it is over' } });

  test('[L7] offers all it has, and takes no other command until that is answered', () => {
    const life = merging();
    expect(life.said).toMatchObject([
      {
        to: INTO.incident,
        message: { kind: 'offer', command: 'm1', dedupKey: TRIGGER.dedupKey, actor: { id: 'ana' }, eventCount: 1 },
      },
    ]);
    for (const type of ['acknowledge', 'resolve', 'notes'] as const) {
      const { refused } = life.command('bob', { type, text: 'hm' });
      expect(refused).toEqual({ code: 'MERGING', sentence: 'being merged into i.y.1' });
    }
    expect(life.command('bob', { type: 'merge', into: FROM }).refused?.code).toBe('MERGING');
    expect(life.state).toMatchObject({ status: 'triggered', acknowledgements: [] });
  });

  test('[L3] [L7] the same command id finds what came of it, before and after', () => {
    const life = merging();
    const again = { type: 'merge', into: INTO, id: 'm1' } as const;
    expect(life.command('ana', again)).toEqual({ repeated: true, refused: null, pending: true });
    refusedBy(life);
    expect(life.command('ana', again)).toEqual({
      repeated: true,
      refused: { code: 'TARGET_RESOLVED', sentence: 'it is over' },
    });
    const other = takenBy(merging());
    expect(other.command('ana', again)).toEqual({ repeated: true, refused: null });
  });

  test('[L7] taken, it is resolved: delayed rules end, what is owed is sent still, and the escalation with them', () => {
    const life = merging(new Life(whole).providing(({ user }) => (user === 'cho' ? 'retryable' : 'sent')));
    takenBy(life);
    expect(life.state).toMatchObject({
      status: 'resolved',
      mergedInto: { ...INTO, open: true },
      resolvedBy: { id: 'ana' },
      merging: null,
      escalation: { levelEndsAt: null },
    });
    life.providing(() => 'sent').through('20:00');
    expect(life.pages.filter((page) => !page.startsWith('0:00'))).toEqual([expect.stringContaining('cho mail')]);
    expect(life.ledger).toEqual(['ana mail sent', 'ana phone cancelled', 'cho mail sent']);
  });

  test('[L5.6] [L7] subscribers hear that it is merged, and nobody hears that it is resolved', () => {
    const life = takenBy(merging(new Life(whole).at('1:00')));
    life.goOn(life.now);
    expect(life.told.filter((each) => each.startsWith('1:00'))).toEqual(['1:00 webhook ops: incident.merged']);
    expect(life.notices.at(-1)?.request.incident).toMatchObject({ status: 'resolved', mergedInto: 'i.y.1' });
    expect(life.log).toContain('1:00 Ana merged this into i.y.1');
    expect(life.log.filter((line) => line.includes('esolved'))).toEqual([]);
  });

  test('[L3] [L7] merged, it takes no command but words, and says where it went', () => {
    const life = takenBy(merging(new Life(whole).at('1:00')));
    const sentence = 'already merged into i.y.1 by Ana at 00:01:00 UTC';
    for (const type of ['acknowledge', 'resolve', 'merge'] as const) {
      expect(life.command('bob', { type, into: FROM }).refused).toEqual({ code: 'ALREADY_MERGED', sentence });
    }
    expect(life.command('bob', { type: 'notes', text: 'for the record' }).refused).toBeNull();
  });

  test('[L7] refused, it goes on as before, with what came meanwhile in the order in which it came', () => {
    const life = merging(new Life(whole).at('1:00'));
    const before = life.state.escalation;
    life.arrive({ dedupKey: TRIGGER.dedupKey }, 2).arrive({ action: 'resolve' });
    expect(life.state).toMatchObject({ status: 'triggered', eventCount: 1, forwarding: [{}, {}] });
    expect(life.state.escalation).toEqual(before);
    refusedBy(life);
    expect(life.state).toMatchObject({ status: 'resolved', mergedInto: null, eventCount: 4, forwarding: [] });
    expect(life.log).toContain('1:00 Ana could not merge this into i.y.1: it is over');
  });

  test('[L7] nobody there to merge into: refused, and it goes on', () => {
    const life = new Life(whole);
    life.post = (letter) => life.delivered(letter, false);
    life.command('ana', { type: 'merge', into: INTO, id: 'm1' });
    life.goOn(life.now);
    expect(life.command('ana', { type: 'merge', into: INTO, id: 'm1' }).refused?.code).toBe('TARGET_CLOSED');
    expect(life.ack('ana').state.status).toBe('acknowledged');
  });

  test('[L7] an offer that nobody answers is made again, at growing gaps, until somebody does or nobody is there', () => {
    const life = new Life(whole);
    life.command('ana', { type: 'merge', into: INTO, id: 'm1' });
    const at: number[] = [];
    life.post = (letter) => {
      at.push((life.now - BEGIN) / 1_000);
      life.delivered(letter, at.length < 6);
    };
    life.through('30:00');
    expect(at).toEqual([0, 30, 60, 120, 240, 480]);
    expect(life.state).toMatchObject({ merging: null, mergedInto: null });
  });

  test('[L2.10] [L7] an event that waited and comes once more is forwarded once', () => {
    const life = merging().arrive({}, 1, 'twice');
    life.post = (letter) => life.delivered(letter, true);
    takenBy(life).goOn(life.now);
    life.hear({ kind: 'eventsAnswer', batch: 1, taken: 1, standing: 'open' });
    life.arrive({}, 1, 'twice').goOn(life.now);
    expect(life.state.forwarding).toEqual([]);
  });

  test('[L2.10] [L7] an event that is delivered twice while it waits waits once', () => {
    const life = merging().arrive({}, 2, 'twice').arrive({}, 2, 'twice');
    expect(life.state.forwarding).toMatchObject([{ id: 'twice', count: 2 }]);
  });

  test('[L7] [L8] auto-resolve waits for the end of the merge', () => {
    const settings = { after: duration('10m'), from: 'created', includeAcknowledged: false } as const;
    const byItself = { ...whole, services: new Map([['payments', service({ autoResolve: settings })]]) };
    const life = merging(new Life(byItself).at('9:00')).through('20:00');
    expect(life.state).toMatchObject({ status: 'triggered', merging: { command: 'm1' } });
    expect(refusedBy(life).through('20:00').state).toMatchObject({ status: 'resolved', mergedInto: null });
  });

  test('[L7] [L8] what would end it by itself waits for the end of the merge', () => {
    const threshold = { moreThan: 3, within: duration('1m') };
    const life = new Life({
      ...whole,
      services: new Map([...whole.services].map(([id, each]) => [id, { ...each, threshold }])),
    });
    expect(life.state.status).toBe('suspended');
    merging(life).through('5:00');
    expect(life.state).toMatchObject({ status: 'suspended', merging: { command: 'm1' } });
    refusedBy(life).goOn(life.now);
    expect(life.state).toMatchObject({ status: 'resolved', mergedInto: null });
  });

  test('[L7] an answer that comes late, or to another offer, changes nothing', () => {
    const life = refusedBy(merging());
    const { state } = life;
    takenBy(life);
    expect(life.state).toEqual(state);
    const other = merging();
    const before = other.state;
    other.hear({ kind: 'offerAnswer', command: 'm0', refused: null });
    expect(other.state).toEqual(before);
  });

  test('[L7] taken, it forwards what comes one batch at a time, each once the one before is answered', () => {
    const life = new Life(whole);
    life.command('ana', { type: 'merge', into: INTO, id: 'm1' });
    takenBy(life.goOn(life.now));
    life.arrive({}, 1, 'first').goOn(life.now).arrive({}, 1, 'second').arrive({}, 1, 'third').goOn(life.now);
    const batches = () =>
      life.said.flatMap(({ message }) => (message.kind === 'events' ? [message.arrivals.map(({ id }) => id)] : []));
    expect(batches()).toEqual([['first']]);
    life.hear({ kind: 'eventsAnswer', batch: 1, taken: 1, standing: 'open' }).goOn(life.now);
    expect(batches()).toEqual([['first'], ['second', 'third']]);
  });

  test('[L9] it continues as new in the middle: the offer is made again, and what waited waits still', () => {
    const life = merging().arrive({}, 2, 'waits').continueAsNew();
    life.post = (letter) => life.delivered(letter, true);
    life.goOn(life.now);
    expect(life.said.map(({ message }) => message.kind)).toEqual(['offer', 'offer']);
    takenBy(life).goOn(life.now);
    expect(life.said.at(-1)?.message).toMatchObject({ kind: 'events', arrivals: [{ id: 'waits', count: 2 }] });
  });
});

describe('the incident that is merged into', () => {
  test('[L7] takes the alerts beside its own; its timeline says who merged what, and its state is unchanged', () => {
    const life = new Life(whole).at('1:00').ack('bob');
    life.hear(offerOf({ note: 'same disk', alerts: [alertOf('z'), alertOf('z2', { status: 'resolved' })] }));
    life.goOn(life.now);
    expect(answers(life)).toEqual([{ kind: 'offerAnswer', command: 'm1', refused: null }]);
    expect(life.state).toMatchObject({
      status: 'acknowledged',
      eventCount: 4,
      alerts: [{ dedupKey: TRIGGER.dedupKey }, { dedupKey: 'z', group: 'z' }, { dedupKey: 'z2', status: 'resolved' }],
      forwarders: [FROM],
    });
    expect(life.log).toContain('1:00 Ana merged #7 (i.z.1) into this: z fails; 2 alerts: z fails; z2 fails: same disk');
    expect(life.told.at(-1)).toBe('1:00 webhook ops: incident.alertsMerged');
  });

  test('[L2.5] [L7] its severity follows its alerts, and with it the urgency', () => {
    const life = new Life(whole, { ...TRIGGER, severity: 'warning' });
    expect(life.state).toMatchObject({ severity: 'warning', urgency: 'low' });
    life.hear(offerOf()).goOn(life.now);
    expect(life.state).toMatchObject({ severity: 'critical', urgency: 'high' });
    expect(life.log).toContain('0:00 Urgency raised to high: the severity of its alerts changed');
  });

  test('[L2.3] [L7] an alert that both have is one, and fires where it does in either', () => {
    const life = new Life(whole);
    const both = alertOf(TRIGGER.dedupKey, { eventCount: 4, lastAt: BEGIN + 5, severity: 'error', summary: 'later' });
    life.hear(offerOf({ alerts: [both, alertOf(TRIGGER.dedupKey, { integration: 'other' })] }));
    expect(life.state.alerts).toMatchObject([
      { integration: 'payments-events', eventCount: 5, severity: 'error', summary: 'later', status: 'triggered' },
      { integration: 'other', eventCount: 1 },
    ]);
    const resolved = new Life(whole).hear(offerOf({ alerts: [alertOf('z', { status: 'resolved' })] }));
    resolved.hear(offerOf({ command: 'm2', from: INTO, dedupKey: 'y', alerts: [alertOf('z')] }));
    expect(resolved.state.alerts).toMatchObject([{}, { dedupKey: 'z', status: 'triggered' }]);
  });

  test('[L7] [F 50] the same offer again is answered as it was, and taken once', () => {
    const life = new Life(whole).hear(offerOf());
    life.goOn(life.now).hear(offerOf()).goOn(life.now);
    expect(answers(life)).toHaveLength(2);
    expect(new Set(answers(life).map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(life.state).toMatchObject({ eventCount: 4, forwarders: [FROM] });
    expect(life.state.log.filter(({ type }) => type === 'alertsMerged')).toHaveLength(1);

    const over = new Life(whole).resolve('ana').hear(offerOf());
    over.goOn(over.now).hear(offerOf()).goOn(over.now);
    expect(answers(over)).toHaveLength(2);
    expect(new Set(answers(over).map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('[L7] [F 50] refuses what is offered to it once it is resolved, merged, or being merged', () => {
    const refusal = (life: Life) => {
      life.post = (letter) => life.delivered(letter, true);
      life.hear(offerOf()).goOn(life.now);
      return answers(life).at(-1);
    };
    expect(refusal(new Life(whole).at('1:00').resolve('bob'))).toMatchObject({
      refused: { code: 'TARGET_RESOLVED', sentence: 'the other incident is already resolved by Bob at 00:01:00 UTC' },
    });
    const merging = new Life(whole);
    merging.command('ana', { type: 'merge', into: INTO, id: 'm9' });
    expect(refusal(merging)).toMatchObject({
      refused: { code: 'TARGET_MERGING', sentence: 'the other incident is being merged into i.y.1' },
    });
    const merged = new Life(whole);
    merged.command('ana', { type: 'merge', into: INTO, id: 'm9' });
    merged.hear({ kind: 'offerAnswer', command: 'm9', refused: null });
    expect(refusal(merged)).toMatchObject({ refused: { code: 'TARGET_MERGED' } });
    expect(merged.state.alerts).toHaveLength(1);
  });

  test('[L7] [F 50] refuses what would make it more than 1,000 alerts, counting those that both have once', () => {
    const many = Array.from({ length: 999 }, (_, index) => alertOf(`z${index}`));
    const full = new Life(whole).hear(offerOf({ alerts: [...many, alertOf('one more')] }));
    full.goOn(full.now);
    expect(answers(full)).toMatchObject([
      { refused: { code: 'TOO_MANY_ALERTS', sentence: 'together they have 1001 alerts, and an incident keeps 1000' } },
    ]);
    expect(full.state.alerts).toHaveLength(1);
    const fits = new Life(whole).hear(offerOf({ alerts: [...many, alertOf(TRIGGER.dedupKey)] }));
    expect(fits.state.alerts).toHaveLength(1_000);
  });

  test('[L4] [L7] with alerts that are not known, it is not resolved by those that are', () => {
    const life = new Life(whole).hear(offerOf({ alertsTruncated: true }));
    life.arrive({ action: 'resolve' }).arrive({ action: 'resolve', dedupKey: 'z' });
    expect(life.state).toMatchObject({ status: 'triggered', alertsTruncated: true });
  });

  const forwarded = (batch: number, action: 'trigger' | 'resolve' = 'trigger') => ({
    kind: 'events' as const,
    from: FROM,
    batch,
    arrivals: [
      {
        id: `f${batch}`,
        count: 1,
        event: { ...TRIGGER, action, integration: 'other', mergedFrom: 'z', dedupKey: 'z' },
      },
    ],
  });

  test('[L2.7] [L7] resolved, it takes no trigger of those that forward to it, and says that it is over', () => {
    const life = new Life(whole).hear(offerOf()).resolve('bob');
    life.hear(forwarded(1)).goOn(life.now);
    expect(life.said.map(({ message }) => message)).toContainEqual({
      kind: 'eventsAnswer',
      batch: 1,
      taken: 0,
      standing: 'closed',
    });
    expect(life.state.eventCount).toBe(4);
  });

  test('[L7] being merged, it leaves what is forwarded to it, and asks for it once it goes on', () => {
    const life = new Life(whole).hear(offerOf());
    life.goOn(life.now).command('ana', { type: 'merge', into: INTO, id: 'm9' });
    life.hear(forwarded(1)).goOn(life.now);
    expect(life.state.eventCount).toBe(4);
    life.hear({ kind: 'offerAnswer', command: 'm9', refused: { code: 'TARGET_RESOLVED', sentence: 'over' } });
    life.goOn(life.now);
    expect(life.said.at(-1)).toEqual({
      to: FROM.incident,
      message: { kind: 'eventsAnswer', batch: 1, taken: 0, standing: 'askAgain' },
    });
  });

  test('[L7] it refuses to be merged into what was merged into it', () => {
    const life = new Life(whole).hear(offerOf());
    const sentence = 'the other incident is already merged into this one';
    const merge = { id: 'again', type: 'merge', into: FROM } as const;
    expect(life.command('ana', merge).refused).toEqual({ code: 'TARGET_MERGED', sentence });
    expect(life.command('ana', merge).refused?.sentence).toBe(sentence);
    expect(life.log.at(-1)).toContain(sentence);
  });

  test('[L7] where its incident is over and another is here, that one answers for it', () => {
    const life = new Life(whole);
    life.hear(offerOf(), 'i.gone.1').goOn(life.now);
    expect(answers(life)).toMatchObject([{ refused: { code: 'TARGET_CLOSED' } }]);
    life.hear({ kind: 'events', from: FROM, batch: 3, arrivals: [] }, 'i.gone.1').goOn(life.now);
    expect(life.said.at(-1)?.message).toEqual({ kind: 'eventsAnswer', batch: 3, taken: 0, standing: 'closed' });
    expect(life.state).toMatchObject({ forwarders: [], alerts: [{}] });
  });
});

describe('events of a merged incident', () => {
  test('[L2.3] [L7] go to the other, as what they are: of the alert of that integration', () => {
    const town = merged();
    town.event('a').event('a', 'resolve').quiet();
    expect(town.state('b')).toMatchObject({
      status: 'triggered',
      alerts: [
        { dedupKey: 'b', status: 'triggered' },
        { dedupKey: 'a', status: 'resolved', eventCount: 3 },
      ],
    });
    town.event('b', 'resolve').quiet();
    expect(town.state('b').status).toBe('resolved');
    expect(town.lives).toHaveLength(2);
  });

  test("[L7] the source's own acknowledge is one of the other", () => {
    const town = merged();
    town.event('a', 'acknowledge').quiet();
    expect(town.state('b')).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'source' }] });
  });

  test('[L2.7] [L7] one that the other no longer takes opens a new incident under its own key', () => {
    const town = merged();
    town.resolve('b').event('a').quiet();
    expect(town.lives).toHaveLength(3);
    expect(town.state('a')).toMatchObject({ status: 'triggered', eventCount: 1, alerts: [{ dedupKey: 'a' }] });
  });

  test('[L2.7] [L7] of a batch, what the other took is there, and the rest is not', () => {
    const town = merged();
    town.event('b', 'resolve').quiet();
    const { batches } = town.lives[0]!.state.mergedInto!;
    expect(town.state('b').status).toBe('triggered');
    town.event('a', 'resolve').event('a').quiet();
    expect(town.state('b')).toMatchObject({ status: 'resolved', alerts: [{}, { status: 'resolved' }] });
    expect(town.state('a')).toMatchObject({ status: 'triggered', eventCount: 1 });
    expect(batches).toBe(0);
  });

  test('[L2.7] [L7] of one batch it takes what comes before its end, and gives back the trigger after it', () => {
    const life = new Life(whole).hear(offerOf()).arrive({ action: 'resolve' });
    life.goOn(life.now);
    const of = (id: string, action: 'trigger' | 'resolve') =>
      ({ id, count: 1, event: { ...TRIGGER, action, integration: 'payments-events', dedupKey: 'z' } }) as const;
    life.hear({ kind: 'events', from: FROM, batch: 1, arrivals: [of('e1', 'resolve'), of('e2', 'trigger')] });
    life.goOn(life.now);
    expect(life.state.status).toBe('resolved');
    expect(life.said.map(({ message }) => message)).toContainEqual({
      kind: 'eventsAnswer',
      batch: 1,
      taken: 1,
      standing: 'closed',
    });
  });

  test('[L7] the forwarder stays until the other is closed, looks after it once a day, and ends with it', () => {
    const town = merged();
    const [source] = town.lives;
    expect(source!.settled).toBe(false);
    town.wait(86_400).quiet();
    expect(source!.settled).toBe(false);
    expect(source!.said.at(-1)?.message).toMatchObject({ kind: 'events', arrivals: [] });
    town.resolve('b').quiet();
    expect(source!.settled).toBe(true);
    expect(source!.state).toMatchObject({ status: 'resolved', mergedInto: { open: false } });
  });

  test('[L7] [L11] the other is ended by force: its forwarder finds out, and its events are its own again', () => {
    const town = merged();
    town.terminate('b');
    town.event('a').quiet();
    expect(town.state('a')).toMatchObject({ status: 'triggered', mergedInto: null });
    const silent = merged();
    silent.terminate('b').wait(86_400).quiet();
    expect(silent.lives[0]!.settled).toBe(true);
  });

  test('[L2.7] [L7] a merged incident is not reopened: what the other no longer takes opens a new one', () => {
    const town = new Town({ ...whole, services: new Map([['payments', service({ reopenWindow: duration('1h') })]]) });
    town.event('a').event('b').merge('a', 'b');
    town.quiet().terminate('b').event('a').quiet();
    expect(town.lives).toHaveLength(3);
    expect(town.lives[0]!.state).toMatchObject({ status: 'resolved', episode: 1, reopenableUntil: null });
    expect(town.state('a')).toMatchObject({ status: 'triggered', episode: 1, eventCount: 1 });
  });

  test('[L7] the other is merged further: those that forward to it learn of the last, and no chain is longer than one', () => {
    const town = merged();
    town.event('c').merge('b', 'c');
    town.quiet();
    const into = { mergedInto: { incident: town.state('c').id, open: true } };
    expect(town.lives.slice(0, 2).map(({ state }) => state)).toMatchObject([into, into]);
    expect(town.state('c').forwarders.map(({ incident }) => incident)).toEqual(
      expect.arrayContaining([town.lives[0]!.state.id, town.lives[1]!.state.id]),
    );
    town.event('a').quiet();
    expect(town.state('c').alerts.find(({ dedupKey }) => dedupKey === 'a')).toMatchObject({ eventCount: 2 });
    expect(town.state('b').forwarders).toEqual([]);
  });

  test('[L7] word of a later move may come before that of an earlier one, and late answers are not taken for new ones', () => {
    const town = merged();
    const [source] = town.lives;
    const moved = (from: string, incident: string) =>
      source!.hear({ kind: 'moved', from, into: { incident, workflowId: incident } });
    const into = () => source!.state.mergedInto?.incident;
    moved('i.c.2', 'i.d.3');
    expect(into()).toBe('i.d.3');
    moved('i.b.1', 'i.c.2');
    moved('i.b.1', 'i.x.9');
    moved('i.a9.9', 'i.c.2');
    expect(into()).toBe('i.d.3');
    moved('i.d.3', 'i.e.4');
    moved('i.c.2', 'i.d.3');
    expect(into()).toBe('i.e.4');

    source!.post = () => undefined;
    town.event('a');
    const { batches } = source!.state.mergedInto!;
    source!.hear({ kind: 'eventsAnswer', batch: batches - 1, taken: 1, standing: 'closed' });
    expect(source!.state).toMatchObject({ forwarding: [{}], mergedInto: { open: true } });
    source!.hear({ kind: 'eventsAnswer', batch: batches, taken: 1, standing: 'open' });
    expect(source!.state.forwarding).toEqual([]);
  });

  test('[L9] letters to one execution come in order: one is on its way at a time', () => {
    const life = new Life(whole).hear(offerOf()).hear(offerOf({ command: 'm2', from: INTO, dedupKey: 'y' }));
    life.hear(offerOf({ command: 'm3', dedupKey: 'x' })).resolve('bob');
    const posted: string[] = [];
    life.post = ({ letter }) => posted.push(letter);
    life.goOn(life.now);
    expect(posted).toEqual(['offerAnswer.m1.i.z.1', 'offerAnswer.m2.i.y.1']);
  });

  test('[L7] the other is being merged: what is forwarded to it is taken once that is settled', () => {
    const town = merged();
    town.event('c').resolve('c');
    town.merge('b', 'c');
    town.event('a').delivered();
    expect(town.state('b')).toMatchObject({ merging: null, status: 'triggered' });
    expect(town.state('b').alerts.find(({ dedupKey }) => dedupKey === 'a')).toMatchObject({ eventCount: 2 });
  });

  test('[L2.10] [L9] a storm that waits is told in short: each alert as it was last, and all of them counted', () => {
    const town = merged();
    const [source] = town.lives;
    source!.post = () => undefined;
    const details = { text: 'x'.repeat(20_000) };
    for (let index = 0; index < 100; index++) town.event('a', 'trigger', { details });
    const { forwarding, mergedInto } = source!.state;
    expect(mergedInto).toMatchObject({ size: 1 });
    expect(forwarding.filter(({ event }) => event.details !== undefined).length).toBeLessThan(15);
    expect(forwarding.reduce((sum, { count }) => sum + count, 0)).toBe(100);
    expect(JSON.stringify(forwarding).length).toBeLessThan(300_000);
  });

  test("[L2.3] a source's word for its whole group is for the alerts that came from it alone", () => {
    const town = new Town(whole);
    town.event('g', 'trigger', { groupKey: 'g', dedupKey: 'g1' });
    town.event('g', 'trigger', { groupKey: 'g', dedupKey: 'g2' });
    town.event('b').merge('g', 'b');
    town.quiet();
    town.event('g', 'trigger', { groupKey: 'g', dedupKey: 'g3' }).quiet();
    expect(town.state('b').alerts.map(({ dedupKey }) => dedupKey)).toEqual(['b', 'g1', 'g2', 'g3']);
    town.event('g', 'resolve', { groupKey: 'g', dedupKey: 'g1', groupResolved: true }).quiet();
    expect(town.state('b')).toMatchObject({ status: 'triggered', alerts: [{ status: 'triggered' }, {}, {}, {}] });
    expect(town.state('b').alerts.filter(({ status }) => status === 'resolved')).toHaveLength(3);
  });

  test("[L2.3] and a group's word for itself is not for what was merged into it", () => {
    const town = new Town(whole);
    town.event('g', 'trigger', { groupKey: 'g', dedupKey: 'g1' });
    town.event('a').merge('a', 'g');
    town.quiet();
    town.event('g', 'resolve', { groupKey: 'g', dedupKey: 'g1', groupResolved: true }).quiet();
    expect(town.state('g')).toMatchObject({
      status: 'triggered',
      alerts: [{ status: 'resolved' }, { status: 'triggered' }],
    });
    town.event('a', 'resolve').quiet();
    expect(town.state('g').status).toBe('resolved');
  });
});

test('[L9] [L2.10] a batch is no more than the other remembers, nor larger than Temporal takes; one event at least', () => {
  const arrivals = (count: number, bytes: number): Arrival[] =>
    Array.from({ length: count }, (_, nth) => ({
      id: `e${nth}`,
      count: 1,
      event: { ...TRIGGER, details: { text: 'x'.repeat(bytes) } },
    }));
  expect(batchOf(arrivals(IDS_REMEMBERED, 10))).toBe(IDS_REMEMBERED);
  expect(batchOf(arrivals(IDS_REMEMBERED + 1, 10))).toBe(IDS_REMEMBERED);
  expect(batchOf(arrivals(5, 300_000))).toBe(3);
  expect(batchOf(arrivals(2, 2_000_000))).toBe(1);
});

test('[L9] [L11] letters that are not sent keep an incident from ending', () => {
  const life = new Life(whole).hear(offerOf()).resolve('ana');
  life.post = () => undefined;
  life.goOn(life.now);
  expect(life.settled).toBe(false);
  expect(decide(life.state, { type: 'deadline' }, life.now + 1).state.letters).toHaveLength(2);
});

describe('events that were kept, and are decided together', () => {
  const more = { reopenWindow: duration('20m'), subscribers: [{ channel: 'webhook', endpoint: 'ops' }] } as const;
  const world = configuration({
    users: [person('ana')],
    policy: policy([level('user:ana', '5m')]),
    service: service(more),
  });
  const words = (life: Life) =>
    life.goOn(life.now).notices.map(({ request }) => request.type.slice('incident.'.length));

  test('[L5.6] [L7] are each told of, when the merge is refused', () => {
    const life = new Life(world);
    life.post = () => undefined;
    life.command('ana', { type: 'merge', into: INTO, id: 'm1' });
    life.goOn(life.now).arrive({ action: 'resolve' }).arrive({});
    life.hear({ kind: 'offerAnswer', command: 'm1', refused: { code: 'TARGET_RESOLVED', sentence: 'it is over' } });
    expect(words(life)).toEqual(['triggered', 'resolved', 'reopened']);
  });

  test('[L5.6] [L7] are each told of, where they are forwarded', () => {
    const life = new Life(world).hear(offerOf()).arrive({ action: 'resolve' });
    const event = { ...TRIGGER, dedupKey: 'z', mergedFrom: 'z', integration: 'payments-events' };
    const arrivals = [
      { id: 'z1', count: 1, event: { ...event, action: 'resolve' as const } },
      { id: 'z2', count: 1, event },
    ];
    life.goOn(life.now).at('1:00').hear({ kind: 'events', from: FROM, batch: 1, arrivals });
    expect(words(life)).toEqual(['triggered', 'alertsMerged', 'resolved', 'reopened']);
  });
});

describe('what fires of a merged incident', () => {
  const target = (more: Parameters<typeof service>[0]) =>
    new Life(
      configuration({ users: [person('ana')], policy: policy([level('user:ana', '3h')]), service: service(more) }),
    );
  const mergedAt = (life: Life, at: string) =>
    life.at(at).hear(offerOf({ alerts: [alertOf('z', { firstAt: life.now, lastAt: life.now })] }));

  test('[L7] [L8] is not resolved with the source of one that flaps, when that is quiet', () => {
    const flapping = { transitions: 3, within: duration('10m'), quiet: duration('15m'), digestEvery: duration('30m') };
    const life = target({ flapping, reopenWindow: duration('20m') })
      .at('1:00')
      .arrive({ action: 'resolve' });
    life.at('2:00').arrive({}).at('3:00').arrive({ action: 'resolve' });
    expect(mergedAt(life, '4:00').state.flapping).toMatchObject({ fires: true });
    expect(life.through('30:00').state).toMatchObject({ status: 'triggered', flapping: null });
    expect(life.log).toContain('18:00 No longer flapping: its source was quiet, and something still fires');
  });

  test('[L7] [L8] does not end unheard below the threshold of the other: that is released when its window is over', () => {
    const threshold = { moreThan: 3, within: duration('5m') };
    const life = mergedAt(target({ threshold }), '1:00');
    expect(life.state.status).toBe('suspended');
    expect(next(life.state)).toEqual([
      { at: instant('5:00'), kind: 'release', reason: 'nothing holds it: level 1 is told' },
    ]);
    expect(life.through('5:00').state).toMatchObject({ status: 'triggered', transient: false });
    expect(life.pages).toEqual(['5:00 ana mail']);
    const over = mergedAt(target({ threshold, holdFor: duration('8m') }), '1:00').through('5:00');
    expect(over.state).toMatchObject({ status: 'suspended', suspension: { threshold: null } });
  });

  test('[L7] [L8] is an event of the other, from which its auto-resolve counts', () => {
    const autoResolve = { after: duration('10m'), from: 'lastEvent', includeAcknowledged: false } as const;
    const life = mergedAt(target({ autoResolve }), '9:00');
    expect(life.through('18:59').state.status).toBe('triggered');
    expect(life.through('19:00').state.status).toBe('resolved');
    const stale = target({ autoResolve }).at('9:00').hear(offerOf());
    expect(stale.through('10:00').state.status).toBe('resolved');
  });
});
