import type { HeartbeatMessage, HeartbeatSettings, HeartbeatState } from '../../domain/heartbeat.ts';
import {
  afterMessage,
  afterNobodyTold,
  afterTold,
  beginWatch,
  heartbeatDeadline,
  heartbeatLook,
  lookedAt,
  owedWord,
} from '../../domain/heartbeat.ts';
import { heartbeatDetails, heartbeatEvent, heartbeatSentence, heartbeatView } from '../../domain/heartbeatTelling.ts';
import { duration } from '../support/configurations.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** 2026-03-02 00:00:00 UTC. */
const T = 1_772_409_600_000;

const settings = (every = '5m', grace = '1m', more: Partial<HeartbeatSettings> = {}): HeartbeatSettings => ({
  every: duration(every),
  grace: duration(grace),
  severity: 'error',
  priority: null,
  summary: null,
  details: {},
  written: {},
  ...more,
});

/** A heartbeat under a clock that is moved by hand: it is looked at when it asks to be, and tells its incident at once. */
class Watched {
  state: HeartbeatState;
  readonly said: string[] = [];
  #now = T;

  constructor(set = settings(), origin: HeartbeatState['origin'] = 'configuration') {
    this.state = beginWatch({ integration: 'crons', name: 'backup', origin, settings: set, enabled: true }, T);
  }

  #look(): void {
    this.state = lookedAt(this.state, this.#now);
    const word = owedWord(this.state);
    if (word === null) return;
    this.said.push(`${(this.#now - T) / SECOND}s ${heartbeatEvent(this.state, word).summary}`);
    this.state = afterTold(this.state, word);
  }

  /** Goes on to that many milliseconds after the beginning, looking whenever that is due. */
  to(after: number): this {
    for (let look = heartbeatLook(this.state); look !== null && look <= T + after; look = heartbeatLook(this.state)) {
      this.#now = Math.max(this.#now, look);
      this.#look();
    }
    this.#now = T + after;
    return this;
  }

  /** No worker from now on until then; what came meanwhile is heard of then, before anything else. */
  awayTo(after: number, ...messages: readonly HeartbeatMessage[]): this {
    this.#now = T + after;
    for (const message of messages) this.state = afterMessage(this.state, message, this.#now);
    this.#look();
    return this;
  }

  hears(message: HeartbeatMessage): this {
    this.state = afterMessage(this.state, message, this.#now);
    this.#look();
    return this;
  }

  beats(): this {
    return this.hears({ kind: 'beat', at: this.#now });
  }

  get words(): readonly string[] {
    return this.said.map((line) => line.replace(/ backup (is silent|is in time again|is not watched).*/, ' $1'));
  }
}

const beatAt = (after: number): HeartbeatMessage => ({ kind: 'beat', at: T + after });

test('beats that come in time are nobody’s incident, and silence beyond interval and grace is one, until the next beat', () => {
  const watched = new Watched();
  watched.to(5 * MINUTE).beats();
  watched.to(11 * MINUTE).beats();
  expect(watched.words).toEqual([]);
  watched.to(16.9 * MINUTE);
  expect(watched.words).toEqual([]);
  watched.to(HOUR);
  // Two seconds for a beat that is on its way.
  expect(watched.words).toEqual(['1022s is silent']);
  expect(heartbeatView(watched.state)).toMatchObject({ status: 'silent', deadline: '2026-03-02T00:17:00.000Z' });
  watched.beats();
  expect(watched.words).toEqual(['1022s is silent', '3600s is in time again']);
  expect(heartbeatView(watched.state)).toMatchObject({ status: 'alive', deadline: '2026-03-02T01:06:00.000Z' });
  watched.to(66.1 * MINUTE);
  expect(watched.words).toHaveLength(3);
});

test('one that never beats is silent an interval after it began to be watched', () => {
  const watched = new Watched();
  expect(heartbeatView(watched.state)).toMatchObject({ status: 'waiting', lastBeat: null });
  watched.to(HOUR);
  expect(watched.said).toEqual(['362s backup is silent: it never beat, and one is due every 5m']);
});

test('a beat counts from when it was taken in, not from when it is heard of; and never from a clock that is ahead', () => {
  const watched = new Watched().to(MINUTE).hears(beatAt(30 * SECOND));
  expect(heartbeatDeadline(watched.state)).toBe(T + 30 * SECOND + 6 * MINUTE);
  watched.hears(beatAt(2 * HOUR));
  expect(heartbeatDeadline(watched.state)).toBe(T + 7 * MINUTE);
  // Two APIs, and the second was quicker.
  watched
    .to(2 * MINUTE)
    .beats()
    .hears(beatAt(MINUTE));
  expect(heartbeatDeadline(watched.state)).toBe(T + 8 * MINUTE);
});

test('a beat that was taken in before the deadline is in time, also where it is heard of just after it', () => {
  const watched = new Watched().to(6 * MINUTE + SECOND).hears(beatAt(6 * MINUTE - 1));
  expect(watched.to(11 * MINUTE).words).toEqual([]);
});

test('workers that were down hear of the beats that came meanwhile, and raise no alarm', () => {
  const watched = new Watched().to(MINUTE).beats();
  watched.awayTo(2 * HOUR, beatAt(6 * MINUTE), beatAt(HOUR), beatAt(2 * HOUR - MINUTE));
  expect(watched.state.away).toEqual([]);
  expect(watched.words).toEqual([]);
  // From the last of them on.
  expect(watched.to(2 * HOUR + 6 * MINUTE).words).toEqual(['7502s is silent']);
});

test('where Tocsin was away at the deadline, and heard nothing, it waits a whole interval anew', () => {
  const watched = new Watched()
    .to(MINUTE)
    .beats()
    .awayTo(2 * HOUR);
  expect(watched.words).toEqual([]);
  expect(heartbeatSentence(watched.state)).toMatch(/^alive; a beat is due by 2026-03-02 02:06:00 UTC; Tocsin was away/);
  expect(watched.to(2 * HOUR + 5 * MINUTE).beats().words).toEqual([]);
  expect(watched.state.away).toEqual([]);
});

test('and what is silent then is told of, with when Tocsin was away', () => {
  const watched = new Watched()
    .to(MINUTE)
    .beats()
    .awayTo(2 * HOUR)
    .to(3 * HOUR);
  expect(watched.words).toEqual(['7562s is silent']);
  expect(heartbeatEvent({ ...watched.state, fires: false }, 'trigger').details).toMatchObject({
    'last beat': '2026-03-02 00:01:00 UTC',
    'due at': '2026-03-02 02:06:00 UTC',
    'Tocsin was away': '2026-03-02 00:07:00 UTC to 2026-03-02 02:00:00 UTC',
  });
});

test('a worker that is a few seconds late was not away', () => {
  expect(new Watched().awayTo(6 * MINUTE + 12 * SECOND).words).toEqual(['372s is silent']);
  expect(new Watched().awayTo(6 * MINUTE + 12 * SECOND + 1).words).toEqual([]);
});

test('a house that is always late tells in the end', () => {
  const watched = new Watched();
  for (const hours of [1, 2, 3]) expect(watched.awayTo(hours * HOUR).words).toEqual([]);
  expect(watched.awayTo(4 * HOUR).words).toEqual(['14400s is silent']);
});

test('disabled it is not watched, and its incident ends; enabled it has a whole interval', () => {
  const watched = new Watched().to(HOUR).hears({ kind: 'enable', enabled: false });
  expect(watched.said[1]).toBe('3600s backup is not watched: it is disabled');
  expect(heartbeatView(watched.state)).toMatchObject({ status: 'disabled', deadline: null });
  expect(watched.to(2 * HOUR).beats().words).toHaveLength(2);
  watched.to(3 * HOUR).hears({ kind: 'enable', enabled: true });
  expect(heartbeatDeadline(watched.state)).toBe(T + 3 * HOUR + 6 * MINUTE);
  // Enabled as it was, nothing moves.
  watched.to(3 * HOUR + MINUTE).hears({ kind: 'enable', enabled: true });
  expect(heartbeatDeadline(watched.state)).toBe(T + 3 * HOUR + 6 * MINUTE);
});

test('a new interval counts from the last beat; one that would be over already counts from now, and a longer one ends a silence', () => {
  const arrange = (every: string): HeartbeatMessage => ({
    kind: 'arrange',
    origin: 'configuration',
    settings: settings(every, '0s'),
  });
  const watched = new Watched(settings('1h', '0s')).to(10 * MINUTE).hears(arrange('30m'));
  expect(heartbeatDeadline(watched.state)).toBe(T + 30 * MINUTE);
  watched.hears(arrange('5m'));
  expect(heartbeatDeadline(watched.state)).toBe(T + 15 * MINUTE);
  watched.to(20 * MINUTE);
  expect(watched.words).toEqual(['902s is silent']);
  watched.hears(arrange('4m'));
  expect(watched.words).toHaveLength(1);
  watched.hears(arrange('2h'));
  expect(watched.words).toEqual(['902s is silent', '1200s is in time again']);
  expect(heartbeatDeadline(watched.state)).toBe(T + 10 * MINUTE + 2 * HOUR);
});

test('arranged as it was after its deadline it is silent all the same, and a longer interval that is over too is so', () => {
  for (const [every, grace] of [
    ['5m', '1m'],
    ['5m', '61s'],
  ] as const) {
    const watched = new Watched().to(6 * MINUTE + SECOND);
    watched.hears({ kind: 'arrange', origin: 'configuration', settings: settings(every, grace) });
    expect(watched.to(7 * MINUTE).words).toHaveLength(1);
  }
});

test('over, and arranged again as it was, it has a whole interval', () => {
  const watched = new Watched().to(HOUR).hears({ kind: 'end', why: 'it was deleted' });
  watched.hears({ kind: 'arrange', origin: 'configuration', settings: settings() });
  expect(heartbeatDeadline(watched.state)).toBe(T + HOUR + 6 * MINUTE);
  // Nobody was away meanwhile.
  expect(watched.state.away).toEqual([]);
});

test('a message that it does not know changes nothing', () => {
  const { state } = new Watched();
  expect(afterMessage(state, { kind: 'a later one' } as unknown as HeartbeatMessage, T)).toBe(state);
});

test('what the configuration says holds, whatever the address says; elsewhere the address says it anew with each beat', () => {
  const beat = (every: string): HeartbeatMessage => ({ kind: 'beat', at: T, settings: settings(every, '0s') });
  expect(new Watched().hears(beat('1h')).state.settings.every).toBe(5 * MINUTE);
  const free = new Watched(settings('1m', '0s'), 'beat').hears(beat('1h'));
  expect(heartbeatDeadline(free.state)).toBe(T + HOUR);
  free.hears({ kind: 'arrange', origin: 'configuration', settings: settings('2h', '0s') }).hears(beat('1h'));
  expect(heartbeatDeadline(free.state)).toBe(T + 2 * HOUR);
});

test('over, its incident ends and says why; only one that beats by an address of its own, or is arranged again, is watched again', () => {
  const why = 'it is no longer in the configuration';
  const watched = new Watched().to(HOUR).hears({ kind: 'end', why, origin: 'configuration' });
  expect(watched.said[1]).toBe(`3600s backup is not watched any more: ${why}`);
  expect(heartbeatLook(watched.state)).toBeNull();
  expect(watched.beats().state.over).toBe(why);
  expect(watched.hears({ kind: 'beat', at: T + HOUR, settings: settings() }).state).toMatchObject({
    over: null,
    origin: 'beat',
  });
  // A worker that looked before does not end what somebody else watches now.
  expect(watched.hears({ kind: 'end', why, origin: 'configuration' }).state.over).toBeNull();
});

test('with its integration gone it is over, and says whether its incident stays open', () => {
  const { state } = new Watched();
  expect(afterNobodyTold(state).over).toBe('its integration is no longer in the configuration');
  const gone = afterNobodyTold({ ...state, fires: true });
  expect(gone.over).toBe('its integration is no longer in the configuration, and its incident stays open');
  expect(owedWord(gone)).toBeNull();
});

test('what its incident says: its own words where it has some, and what is known of it', () => {
  const more = {
    summary: 'no backup',
    details: { runbook: 'https://wiki' },
    severity: 'critical',
    priority: 'P1',
  } as const;
  const watched = new Watched(settings('1d', '5m', more)).beats().to(2 * 24 * HOUR);
  expect(heartbeatEvent(watched.state, 'trigger')).toEqual({
    action: 'trigger',
    dedupKey: 'heartbeat/backup',
    source: 'backup',
    class: 'heartbeat',
    severity: 'critical',
    priority: 'P1',
    summary: 'no backup',
    details: {
      runbook: 'https://wiki',
      heartbeat: 'backup',
      every: '1d',
      grace: '5m',
      'last beat': '2026-03-02 00:00:00 UTC',
      'due at': '2026-03-03 00:05:00 UTC',
    },
  });
});

test('its page in the Temporal UI says how it is, and nothing in its name formats it', () => {
  const { state } = new Watched().to(MINUTE).beats();
  expect(heartbeatDetails({ ...state, name: '*b*\n`c`' })).toBe(
    [
      '## \\*b\\* \\`c\\`',
      '**ALIVE**: alive; a beat is due by 2026-03-02 00:07:00 UTC',
      'A beat every 5m, with 1m of grace, as the configuration says · integration crons',
      'Last beat: 2026-03-02 00:01:00 UTC · 1 beat',
      "Its incident has the dedup key `heartbeat/*b*\n'c'`",
    ].join('\n\n'),
  );
});
