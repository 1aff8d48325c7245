/**
 * The oracle of the property test: lifecycle §4.1–4.4, §5.1–5.3, §6 and §7, written from the contract and from nothing
 * of domain/. It holds one slip of paper for each page that is coming, and looks at all of them twice a minute: no
 * decider, no deadlines, no ledger, and a world in which every page is sent. Who is on call is looked up outside the
 * incident (design §2.7): what is done or due at the instant of a lookup comes before its answer.
 */
import type { Deed, Outcome, Page, Scenario, Standing } from './scenario.ts';
import { SHIFT, TICK } from './scenario.ts';

interface Slip {
  readonly user: string;
  readonly contact: string;
  readonly given: number;
  readonly due: number;
  readonly owed: boolean;
  readonly episode: number;
  readonly pass: number;
  /** Which assignment it is of. */
  readonly list: number;
  readonly multiAck: boolean;
}

/** Somebody is about to be assigned; a reassignment, for a person asked for it, outlives an ack and a resolve. */
interface Entry {
  readonly stands: boolean;
  readonly take: (now: number) => void;
}

type Place = 'level' | 'direct' | 'exhausted' | 'nobody';

export function predict(world: Scenario): Outcome {
  const pages: Page[] = [];
  const told = new Set<string>();
  /** Passes in which somebody was told; one in which nobody was is not repeated (§5.5). */
  const reached = new Set<number>();
  let reachedSomebody = false;
  let slips: Slip[] = [];
  let status: Standing['status'] = 'triggered';
  let episode = 1;
  let place: Place = 'level';
  let level = 0;
  let pass = 1;
  let levelEnds = Infinity;
  let ackFires = Infinity;
  let ackers: string[] = [];
  let list = 0;
  let assigned = new Map<string, number>();
  let staying = new Map<string, number>();
  let looksAgainAt = Infinity;
  let resolver: string | undefined;
  let coming: Entry | null = null;

  const drop = (which: (slip: Slip) => boolean): void => {
    slips = slips.filter((slip) => !which(slip));
  };
  const people = (): string[] => ackers.filter((user) => user !== 'source');

  /** Who can be told among the targets, at this instant, each once. */
  function present(targets: readonly string[], now: number): string[] {
    const { before, after, handOff } = world.shift;
    const onCall = now < handOff ? before : after;
    const named = targets.map((target) => (target === SHIFT ? onCall : target));
    return [...new Set(named)].filter(
      (user) => user !== null && (world.members[user]?.contacts.length ?? 0) > 0,
    ) as string[];
  }

  /** Assigns the incident to `users` and to nobody else but `staying`. */
  function give(users: readonly string[], now: number, multiAck: boolean): void {
    list += 1;
    assigned = staying;
    staying = new Map();
    drop((slip) => !slip.owed && users.includes(slip.user));
    for (const user of users) {
      assigned.set(user, list);
      const { rules, contacts } = world.members[user]!;
      const owedNothing = told.has(`${episode} ${user}`);
      for (const { after, contact } of rules.length > 0 ? rules : [{ after: 0, contact: contacts[0]! }]) {
        const owed = after === 0 && !owedNothing;
        slips.push({ user, contact, given: now, due: now + after, owed, episode, pass, list, multiAck });
      }
    }
  }

  /** The level's own rules end, or run on with those of the levels before it. */
  function leaveLevel(): void {
    const { accumulate } = world.levels[level - 1]!;
    staying = new Map([...assigned].filter(([, of]) => accumulate || of !== list));
    if (!accumulate) drop((slip) => !slip.owed && slip.list === list);
    levelEnds = Infinity;
  }

  /** Level `from` or the first after it that is not skipped; `also` are told with it. */
  function enter(from: number, now: number, also: readonly string[] = []): void {
    const empty = (index: number): boolean => present(world.levels[index]!.targets, now).length === 0;
    if (world.levels.every((_, index) => empty(index))) {
      end('nobody', now, also);
      return;
    }
    for (let index = from - 1; index < world.levels.length; index += 1) {
      const { targets, delay, wait, multiAck } = world.levels[index]!;
      if (empty(index) && !wait) continue;
      place = 'level';
      level = index + 1;
      levelEnds = now + delay;
      give([...new Set([...present(targets, now), ...also])], now, multiAck);
      return;
    }
    afterLast(now, also);
  }

  function afterLast(now: number, also: readonly string[]): void {
    if (pass > world.repeat || !reachedSomebody) {
      end('exhausted', now, also);
      return;
    }
    pass += 1;
    enter(1, now, also);
  }

  function end(how: 'exhausted' | 'nobody', now: number, also: readonly string[]): void {
    place = how;
    levelEnds = Infinity;
    const last = present(world.lastResort, now);
    const someCome = how === 'nobody' && last.length === 0 && now < world.shift.handOff;
    looksAgainAt = someCome ? world.shift.handOff : Infinity;
    const users = [...new Set([...last, ...also])];
    if (users.length > 0) give(users, now, false);
  }

  /** Triggered again, at the level that it stood at. */
  function again(resume: Scenario['resume'], also: readonly string[]): void {
    const tellable = (now: number): string[] => present(also, now);
    const before = [...assigned.keys()];
    triggered();
    staying = new Map();
    drop(({ owed }) => !owed);
    const from = place === 'nobody' || resume === 'first-level' ? 1 : level;
    const take = (now: number): void => {
      if (place === 'direct') give(present([...before, ...also], now), now, false);
      else if (place === 'exhausted') end('exhausted', now, tellable(now));
      else enter(from, now, tellable(now));
    };
    coming = { stands: false, take };
  }

  function triggered(): void {
    if (status === 'acknowledged') episode += 1;
    status = 'triggered';
    ackers = [];
    ackFires = Infinity;
  }

  function acknowledged(by: string): void {
    status = 'acknowledged';
    levelEnds = Infinity;
    if (coming?.stands === false) coming = null;
    if (!ackers.includes(by)) ackers.push(by);
    drop(({ owed, multiAck }) => !owed && !multiAck);
  }

  function happen(deed: Deed, now: number): void {
    if (status === 'resolved') return;
    switch (deed.what) {
      case 'ack':
        acknowledged(deed.by);
        if (world.ackTimeout !== null) ackFires = now + world.ackTimeout;
        drop(({ user }) => user === deed.by);
        break;
      case 'sourceAcks':
        acknowledged('source');
        break;
      case 'unack':
        if (!ackers.includes(deed.by)) return;
        ackers = ackers.filter((user) => user !== deed.by);
        if (people().length === 0) again('same-level', []);
        break;
      case 'reassign':
        drop(({ user }) => user === deed.by);
        triggered();
        staying = new Map();
        drop(({ owed }) => !owed);
        place = 'direct';
        levelEnds = Infinity;
        assigned = new Map(deed.to.map((user) => [user, list]));
        coming = { stands: true, take: (later) => reassigned(deed.to, later) };
        break;
      case 'resolve':
        resolved(deed.by);
        break;
      case 'sourceResolves':
        resolved();
        break;
      case 'triggersAgain':
      case 'continuesAsNew':
      case 'nothing':
        break;
      default:
        deed satisfies never;
    }
  }

  function resolved(by?: string): void {
    if (by !== undefined) drop(({ user }) => user === by);
    resolver = by;
    status = 'resolved';
    levelEnds = Infinity;
    ackFires = Infinity;
    if (coming?.stands === false) coming = null;
    drop(({ owed }) => !owed);
  }

  /** An ack or a resolve that came between ends the delayed rules, and what would be owed to whoever did it. */
  function reassigned(to: readonly string[], now: number): void {
    give(present(to, now), now, false);
    if (status === 'triggered') return;
    drop(({ owed, user }) => !owed || people().includes(user) || user === resolver);
  }

  function look(now: number): void {
    reachedSomebody = reached.has(pass);
    if (status === 'acknowledged' && now >= ackFires) again(world.resume, people());
    if (status === 'triggered' && now >= levelEnds) {
      leaveLevel();
      const take = (later: number): void =>
        level < world.levels.length ? enter(level + 1, later) : afterLast(later, []);
      coming = { stands: false, take };
    }
    if (status === 'triggered' && place === 'nobody' && now >= looksAgainAt && coming === null) {
      pass = 1;
      coming = { stands: false, take: (later) => enter(1, later) };
    }
    send(now);
    const entry = coming;
    coming = null;
    entry?.take(now);
    send(now);
  }

  function send(now: number): void {
    for (const slip of slips.filter(({ due }) => now >= due)) {
      drop((other) => other === slip);
      const stale = slip.owed && now - slip.given >= world.maxAge;
      if (stale && !(status === 'triggered' && assigned.has(slip.user))) continue;
      pages.push({ at: now, user: slip.user, contact: slip.contact });
      told.add(`${slip.episode} ${slip.user}`);
      if (slip.pass === pass) reached.add(pass);
    }
  }

  enter(1, 0);
  const moments = [...world.moments];
  for (let now = 0; now <= world.until; now += TICK) {
    while (moments[0]?.at === now) happen(moments.shift()!.deed, now);
    if (!(moments[0]?.asleep ?? false)) look(now);
  }

  const named = place === 'level' ? `level ${level} pass ${pass}` : place;
  const ackTimeoutAt = ackFires === Infinity ? null : ackFires;
  return { pages, standing: { status, episode, place: named, ackers, ackTimeoutAt } };
}
