/**
 * The oracle of the property test: lifecycle §2.5, §2.11, §3, §4, §5, §6 and §7, written from the contract and from
 * nothing of domain/. It looks at everything again and again: no decider, no deadlines, no ledger. Who is on call is
 * looked up outside the incident (design §2.7): what is done or due at the instant of a lookup comes before its answer.
 */
import { Alerts } from './alerts.ts';
import { Bulletin } from './bulletin.ts';
import { calendarOf } from './calendar.ts';
import { Pager } from './pager.ts';
import type { Slip } from './pager.ts';
import type { Deed, Outcome, Scenario, Standing } from './scenario.ts';

/** Somebody is about to be assigned; a reassignment, for a person asked for it, outlives an ack and a resolve. */
interface Entry {
  readonly stands: boolean;
  /** Because the urgency changed: another change takes its place. */
  readonly urgency?: 'raised' | 'lowered';
  readonly take: (now: number) => void;
}

/** How people come to be assigned: in which pass, whether the level before was left for it, and whom else to tell. */
interface Way {
  readonly pass: number;
  readonly escalated: boolean;
  readonly also: readonly string[];
}

type Place = 'level' | 'direct' | 'exhausted' | 'nobody';

/** What is done to an incident that is resolved, too: words change nothing, and lookups are none of its own. */
const ALWAYS: ReadonlySet<Deed['what']> = new Set<Deed['what']>(['note', 'update', 'lookupsStall', 'lookupsGoOn']);

/** Two seconds: whatever is attempted again comes at a multiple of them. */
const STEP = 2;

export function predict(world: Scenario): Outcome {
  const calendar = calendarOf(world);
  const bulletin = new Bulletin(world);
  const alerts = new Alerts(world);
  const told = new Set<string>();
  let status: Standing['status'] = 'triggered';
  let urgency = alerts.urgencyAfter('high');
  let workStartedAt: number | null = null;
  /** Whether the last assignment was of a level. */
  let ofLevel = false;
  let episode = 1;
  let place: Place = 'level';
  let level = 0;
  let pass = 1;
  /** Somebody was told in this pass; one in which nobody was is not repeated (§5.5). */
  let reached = false;
  let levelEnds = Infinity;
  let ackFires = Infinity;
  let ackers: string[] = [];
  let list = 0;
  /** Whom the last assignment told, and those of them for whom no way is left. */
  let listed: readonly string[] = [];
  let unreachable = new Set<string>();
  let assigned = new Map<string, number>();
  let staying = new Map<string, number>();
  let looksAgainAt = Infinity;
  let resolver: string | undefined;
  let coming: Entry | null = null;
  let lookups = true;

  const pager = new Pager(world, {
    triggered: () => status === 'triggered',
    isAssigned: (user) => assigned.has(user),
    levelEnds: () => levelEnds,
    sent,
    unreachable: couldNotBeReached,
  });
  const people = (): string[] => ackers.filter((user) => user !== 'source');
  const unowed = ({ owed }: Slip): boolean => !owed;

  function sent({ user, rule, episode: of, pass: inPass }: Slip): void {
    told.add(`${of} ${user}`);
    bulletin.pageSent({ at: 0, user, contact: rule.contact });
    if (inPass === pass) reached = true;
  }

  function couldNotBeReached({ user, list: of }: Slip, now: number): void {
    if (of !== list || unreachable.has(user)) return;
    unreachable.add(user);
    const runs = status === 'triggered' && coming === null && place === 'level';
    if (runs && listed.every((each) => unreachable.has(each))) endLevel(now);
  }

  /** Assigns the incident to `users` and to nobody else but `staying`. */
  function give(users: readonly string[], now: number, { pass: into, escalated }: Way, multiAck = false): void {
    list += 1;
    listed = users;
    unreachable = new Set();
    if (into !== pass) reached = false;
    pass = into;
    ofLevel = place === 'level';
    assigned = staying;
    staying = new Map();
    const owedBefore = users.filter((user) => told.has(`${episode} ${user}`) || pager.owes(user, episode));
    pager.drop((slip) => !slip.owed && users.includes(slip.user));
    if (escalated) bulletin.say('escalated', now);
    for (const user of users) {
      assigned.set(user, list);
      const { rules: high, low, contacts } = world.members[user]!;
      const own = urgency === 'high' ? high : low;
      const rules = own.length > 0 ? own : [{ after: 0, contact: contacts[0]! }];
      pager.give(user, { rules, owed: !owedBefore.includes(user), episode, pass, list, multiAck }, now);
    }
  }

  /** The level that runs is over: its own rules end, or run on with those of the levels before it. */
  function endLevel(now: number): void {
    const last = level === world.levels.length;
    const over = last && (pass > world.repeat || !reached);
    if (last && !reached) pager.persist();
    const { accumulate } = world.levels[level - 1]!;
    staying = new Map([...assigned].filter(([, of]) => accumulate || of !== list));
    if (!accumulate) pager.drop((slip) => !slip.owed && !slip.persistent && slip.list === list);
    levelEnds = Infinity;
    const way = { pass, escalated: true, also: [] };
    if (over) {
      exhaust(now);
      if (world.lastResort.length > 0) coming = { stands: false, take: (later) => tellLastResort(later, way) };
    } else if (last) {
      coming = { stands: false, take: (later) => enter(1, later, { ...way, pass: way.pass + 1 }) };
    } else {
      const next = level + 1;
      coming = { stands: false, take: (later) => enter(next, later, way) };
    }
  }

  function exhaust(now: number): void {
    place = 'exhausted';
    levelEnds = Infinity;
    bulletin.say('exhausted', now);
  }

  /** Level `from` or the first after it that is not skipped. */
  function enter(from: number, now: number, way: Way): void {
    const empty = (index: number): boolean => calendar.present(world.levels[index]!.targets, now).length === 0;
    if (from === 1 && world.levels.every((_, index) => empty(index))) {
      nobody(now, way);
      return;
    }
    for (let index = from - 1; index < world.levels.length; index += 1) {
      const { targets, delay, wait, multiAck } = world.levels[index]!;
      if (empty(index) && (!wait || urgency === 'low')) continue;
      place = 'level';
      level = index + 1;
      levelEnds = urgency === 'low' ? Infinity : now + delay;
      const users = [...new Set([...calendar.present(targets, now), ...calendar.here(way.also, now)])];
      give(users, now, way, multiAck);
      return;
    }
    if (way.pass <= world.repeat && reached) {
      enter(1, now, { ...way, pass: way.pass + 1, escalated: true });
      return;
    }
    if (!reached) pager.persist();
    exhaust(now);
    tellLastResort(now, { ...way, escalated: true });
  }

  function nobody(now: number, way: Way): void {
    place = 'nobody';
    levelEnds = Infinity;
    staying = new Map();
    bulletin.say('nobodyOnCall', now);
    looksAgainAt = calendar.lastResort([], now).length === 0 ? calendar.nextChange(now) : Infinity;
    tellLastResort(now, { ...way, escalated: false });
  }

  function tellLastResort(now: number, way: Way): void {
    const users = calendar.lastResort(way.also, now);
    if (users.length > 0) give(users, now, way);
  }

  /** Triggered again, at the level that it stood at. */
  function again(resume: Scenario['resume'], also: readonly string[]): void {
    triggered();
    startAgain(place === 'nobody' || urgency === 'low' || resume === 'first-level' ? 1 : level, also);
  }

  /** The level starts; where none runs, those who were told last are told again. */
  function startAgain(from: number, also: readonly string[], because?: 'raised'): void {
    const before = [...assigned.keys()];
    staying = new Map();
    pager.drop((slip) => !slip.owed && !(because === 'raised' && slip.persistent));
    levelEnds = Infinity;
    looksAgainAt = Infinity;
    const way = { pass, escalated: false, also };
    const take = (now: number): void => {
      if (place === 'direct') reassigned([...before, ...also], now);
      else if (place === 'exhausted') tellLastResort(now, way);
      else enter(from, now, way);
    };
    // Those to whom a person reassigned it are owed it, whatever comes before it is found out who they are.
    const stands = coming?.stands === true && place === 'direct';
    coming = { stands, take, ...(because === undefined ? {} : { urgency: because }) };
  }

  /** Those whom a person named, or who were told before: away or not. */
  function giveThem(users: readonly string[], now: number, way: Way, multiAck = false): void {
    const some = calendar.reachable(users);
    if (some.length > 0) give(some, now, way, multiAck);
  }

  /** After an event of the source (§4.6). */
  function rate(now: number): void {
    const rated = alerts.urgencyAfter(urgency);
    if (rated === urgency) return;
    urgency = rated;
    levelEnds = Infinity;
    bulletin.say('urgencyChanged', now);
    if (status !== 'triggered' || (coming !== null && coming.urgency === undefined)) return;
    if (urgency === 'high') startAgain(place === 'nobody' ? 1 : level, [], 'raised');
    else if (coming === null) lowered();
    else coming = { ...coming, urgency: 'lowered' };
  }

  function lowered(): void {
    pager.drop((slip) => !slip.owed && !slip.persistent);
    if (list === 0 || (ofLevel && place !== 'level')) return;
    const before = [...assigned.keys()];
    const multiAck = ofLevel && world.levels[level - 1]!.multiAck;
    const way = { pass, escalated: false, also: [] };
    coming = { stands: false, urgency: 'lowered', take: (now) => giveThem(before, now, way, multiAck) };
  }

  function triggered(): void {
    if (status === 'acknowledged') episode += 1;
    status = 'triggered';
    ackers = [];
    ackFires = Infinity;
  }

  /** `actor`: whom nobody need tell of it. */
  function acknowledged(by: string, actor: string | null, now: number): void {
    bulletin.say('acknowledged', now, status === 'acknowledged' ? undefined : actor);
    status = 'acknowledged';
    levelEnds = Infinity;
    looksAgainAt = Infinity;
    if (coming?.stands === false) coming = null;
    ackers = [...ackers.filter((user) => user !== by), by];
    pager.drop(({ user }) => user === by, 'own');
    pager.drop(({ owed, multiAck }) => !owed && !multiAck);
  }

  function resolved(now: number, by: string | null): void {
    resolver = by ?? undefined;
    status = 'resolved';
    levelEnds = Infinity;
    ackFires = Infinity;
    looksAgainAt = Infinity;
    if (coming?.stands === false) coming = null;
    pager.drop(({ user }) => user === by, 'own');
    pager.drop(unowed);
    bulletin.say('resolved', now, by);
  }

  function happen(deed: Deed, now: number): void {
    if (status === 'resolved' && !ALWAYS.has(deed.what)) return;
    switch (deed.what) {
      case 'note':
        bulletin.say('noted', now);
        break;
      case 'update':
        bulletin.say('statusUpdated', now, deed.by);
        break;
      case 'lookupsStall':
      case 'lookupsGoOn':
        lookups = deed.what === 'lookupsGoOn';
        break;
      case 'startWork':
        happen({ what: 'ack', by: deed.by }, now);
        if (workStartedAt === null) bulletin.say('workStarted', now);
        workStartedAt ??= now;
        break;
      case 'ack':
        acknowledged(deed.by, deed.by, now);
        if (world.ackTimeout !== null) ackFires = now + world.ackTimeout;
        break;
      case 'sourceAcks':
        if (!ackers.includes('source')) acknowledged('source', null, now);
        break;
      case 'unack':
        if (!ackers.includes(deed.by)) return;
        bulletin.say('unacknowledged', now);
        ackers = ackers.filter((user) => user !== deed.by);
        if (people().length === 0) again('same-level', []);
        break;
      case 'reassign':
        bulletin.say('reassigned', now);
        pager.drop(({ user }) => user === deed.by, 'own');
        triggered();
        staying = new Map();
        pager.drop(unowed);
        place = 'direct';
        levelEnds = Infinity;
        looksAgainAt = Infinity;
        assigned = new Map(deed.to.map((user) => [user, list]));
        coming = { stands: true, take: (later) => reassigned(deed.to, later) };
        break;
      case 'resolve':
        resolved(now, deed.by);
        break;
      case 'fires':
        alerts.fire(deed);
        rate(now);
        break;
      case 'clears':
        if (alerts.clear(deed)) resolved(now, null);
        else rate(now);
        break;
      case 'groupClears':
        resolved(now, null);
        break;
      // Delivered twice, it is done once.
      case 'again':
      case 'continuesAsNew':
      case 'nothing':
        break;
      default:
        deed satisfies never;
    }
  }

  /** An ack or a resolve that came between ends the delayed rules, and what would be owed to whoever did it. */
  function reassigned(to: readonly string[], now: number): void {
    giveThem(to, now, { pass, escalated: false, also: [] });
    if (status === 'triggered') return;
    pager.drop(({ user }) => people().includes(user) || user === resolver, 'own');
    pager.drop(unowed);
  }

  function look(now: number): void {
    for (let busy = true; busy;) {
      if (status === 'acknowledged' && now >= ackFires) {
        bulletin.say('unacknowledged', now);
        again(world.resume, people());
      }
      if (status === 'triggered' && now >= levelEnds) endLevel(now);
      const mayLook = coming === null || coming.urgency === 'lowered';
      if (status === 'triggered' && place === 'nobody' && now >= looksAgainAt && mayLook) {
        looksAgainAt = Infinity;
        coming = { stands: false, take: (later) => enter(1, later, { pass: 1, escalated: true, also: [] }) };
      }
      busy = pager.look(now);
      if (!lookups || coming === null) continue;
      const { take } = coming;
      coming = null;
      take(now);
      busy = true;
    }
    bulletin.deliver(now);
  }

  bulletin.say('triggered', 0);
  enter(1, 0, { pass: 1, escalated: false, also: [] });
  const moments = [...world.moments];
  for (let now = 0; now <= world.until; now += STEP) {
    for (; moments[0]?.at === now; moments.shift()) happen(moments[0].deed, now);
    if (!(moments[0]?.asleep ?? false)) look(now);
  }

  const named = place === 'level' ? `level ${level} pass ${pass}` : place;
  const ackTimeoutAt = ackFires === Infinity ? null : ackFires;
  const standing = { status, urgency, episode, place: named, ackers, ackTimeoutAt, workStartedAt };
  return { pages: pager.pages, tellings: bulletin.tellings, standing };
}
