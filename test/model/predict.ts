/**
 * The oracle of the property test: lifecycle §4.1–4.4, §5.1–5.3, §6 and §7, written from the contract and from nothing
 * of domain/. It holds one slip of paper for each page that is coming, and looks at all of them twice a minute: no
 * decider, no deadlines, no ledger, and a world in which every page is sent. Who is on call is looked up outside the
 * incident (design §2.7): what is done or due at the instant of a lookup comes before its answer.
 */
import type { Alert, Deed, Outcome, Page, Scenario, Severity, Standing } from './scenario.ts';
import { SHIFT, TEAM, TICK } from './scenario.ts';

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
  /** Because the urgency changed: another change takes its place. */
  readonly urgency?: 'raised' | 'lowered';
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
  /** Those that fire; one that is resolved is null. */
  const alerts = new Map<Alert, Severity | null>([['first', world.severity]]);
  let urgency: Standing['urgency'] = 'high';
  let workStartedAt: number | null = null;
  /** Whether the last assignment was of a level. */
  let ofLevel = false;
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
    const named = targets.flatMap((target): readonly (string | null)[] => {
      if (target === SHIFT) return [onCall];
      return target === TEAM ? world.team : [target];
    });
    return [...new Set(named)].filter(
      (user) => user !== null && (world.members[user]?.contacts.length ?? 0) > 0,
    ) as string[];
  }

  /** Assigns the incident to `users` and to nobody else but `staying`. */
  function give(users: readonly string[], now: number, multiAck: boolean): void {
    list += 1;
    ofLevel = place === 'level';
    assigned = staying;
    staying = new Map();
    drop((slip) => !slip.owed && users.includes(slip.user));
    for (const user of users) {
      assigned.set(user, list);
      const { rules: high, low, contacts } = world.members[user]!;
      const rules = urgency === 'high' ? high : low;
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
      if (empty(index) && (!wait || urgency === 'low')) continue;
      place = 'level';
      level = index + 1;
      levelEnds = urgency === 'low' ? Infinity : now + delay;
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
    triggered();
    startAgain(place === 'nobody' || urgency === 'low' || resume === 'first-level' ? 1 : level, also);
  }

  /** The level starts; where none runs, those who were told last are told again. */
  function startAgain(from: number, also: readonly string[], because?: 'raised'): void {
    const tellable = (now: number): string[] => present(also, now);
    const before = [...assigned.keys()];
    staying = new Map();
    drop(({ owed }) => !owed);
    const take = (now: number): void => {
      if (place === 'direct') give(present([...before, ...also], now), now, false);
      else if (place === 'exhausted') end('exhausted', now, tellable(now));
      else enter(from, now, tellable(now));
    };
    coming = { stands: false, take, ...(because === undefined ? {} : { urgency: because }) };
  }

  /** After an event of the source (§4.6). */
  function rate(): void {
    const firing = [...alerts.values()].filter((severity) => severity !== null);
    const high = firing.includes('critical');
    const rated = world.urgency === 'bySeverity' ? (high ? 'high' : 'low') : world.urgency;
    if (rated === urgency) return;
    urgency = rated;
    levelEnds = Infinity;
    if (status !== 'triggered' || (coming !== null && coming.urgency === undefined)) return;
    if (urgency === 'high') startAgain(place === 'nobody' ? 1 : level, [], 'raised');
    else if (coming === null) lowered();
  }

  function lowered(): void {
    drop(({ owed }) => !owed);
    if (list === 0 || (ofLevel && place !== 'level')) return;
    const before = [...assigned.keys()];
    const multiAck = ofLevel && world.levels[level - 1]!.multiAck;
    const take = (now: number): void => {
      const stay = present(before, now);
      if (stay.length > 0) give(stay, now, multiAck);
    };
    coming = { stands: false, urgency: 'lowered', take };
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
      case 'startWork':
        workStartedAt ??= now;
        happen({ what: 'ack', by: deed.by }, now);
        break;
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
      case 'fires':
        alerts.set(deed.alert, deed.severity);
        rate();
        break;
      case 'clears':
        if (!alerts.has(deed.alert)) return;
        alerts.set(deed.alert, null);
        if ([...alerts.values()].every((severity) => severity === null)) resolved();
        else rate();
        break;
      case 'groupClears':
        resolved();
        break;
      case 'note':
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
    const mayLook = coming === null || coming.urgency === 'lowered';
    if (status === 'triggered' && place === 'nobody' && now >= looksAgainAt && mayLook) {
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

  if (world.urgency !== 'high') urgency = world.urgency === 'low' || world.severity === 'warning' ? 'low' : 'high';
  enter(1, 0);
  const moments = [...world.moments];
  for (let now = 0; now <= world.until; now += TICK) {
    while (moments[0]?.at === now) happen(moments.shift()!.deed, now);
    if (!(moments[0]?.asleep ?? false)) look(now);
  }

  const named = place === 'level' ? `level ${level} pass ${pass}` : place;
  const ackTimeoutAt = ackFires === Infinity ? null : ackFires;
  return { pages, standing: { status, urgency, episode, place: named, ackers, ackTimeoutAt, workStartedAt } };
}
