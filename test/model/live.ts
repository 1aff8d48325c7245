/** Lives a scenario through the production rules, on the virtual clock of `test/support/life.ts`. */
import { WEEKDAYS } from '../../domain/configuration.ts';
import { configuration, duration, policy, service } from '../support/configurations.ts';
import { BEGIN, Life, TRIGGER, written } from '../support/life.ts';
import type { Provider } from '../support/life.ts';
import type {
  Deed,
  Fate,
  Outcome,
  Policy,
  Rule,
  Scenario,
  Settings,
  Standing,
  Step,
  SupportHours,
} from './scenario.ts';
import { SHIFT, TEAM, fateOf } from './scenario.ts';

export const clock = (at: number): string => written(BEGIN + at * 1_000);

const seconds = (count: number) => duration(`${count}s`);
const ruleOf = ({ after, contact }: Rule) => ({ after: seconds(after), contact });
const localTime = (at: number): string => new Date(BEGIN + at * 1_000).toISOString().slice(0, 19);
const KINDS: Readonly<Record<string, 'schedule' | 'team'>> = { [SHIFT]: 'schedule', [TEAM]: 'team' };
const targetOf = (name: string) => ({ kind: KINDS[name] ?? 'user', id: name }) as const;
const GROUP = 'group';

const levelOf = ({ targets, delay, wait, accumulate, multiAck }: Step) => ({
  targets: targets.map(targetOf),
  escalateAfter: seconds(delay),
  ifEmpty: wait ? ('wait' as const) : ('skip' as const),
  onEscalate: accumulate ? ('accumulate' as const) : ('replace' as const),
  multiAck,
  massNotification: false,
  assign: 'all' as const,
});
const policyOf = ({ levels, repeat, lastResort }: Policy) => ({
  ...policy(levels.map(levelOf), { repeat }),
  lastResort: lastResort.map(targetOf),
});
const timeOf = (at: number): string => new Date(BEGIN + at * 1_000).toISOString().slice(11, 16);
const hoursOf = ({ from, until, inside, raises }: SupportHours) => ({
  timezone: 'UTC',
  days: WEEKDAYS,
  from: timeOf(from),
  to: timeOf(until),
  inside,
  outside: inside === 'high' ? ('low' as const) : ('high' as const),
  raise: raises ? (inside === 'high' ? ('start' as const) : ('end' as const)) : null,
});
const serviceOf = ({ subscribers }: Scenario, { ackTimeout, resume, maxAge, urgency }: Settings) => ({
  ...service({
    ...(ackTimeout === null ? {} : { ackTimeout: `${ackTimeout}s` }),
    resume,
    minuteZeroMaxAge: `${maxAge}s`,
    urgency: typeof urgency === 'object' ? { supportHours: hoursOf(urgency) } : urgency,
  }),
  subscribers: subscribers.map((endpoint) => ({ channel: 'webhook' as const, endpoint })),
});

function configured(world: Scenario): Life {
  const { shift } = world;
  const layer = (start: string, user: string) => ({
    start,
    rotate: { every: 7, unit: 'week' } as const,
    users: [user],
    restrictions: [],
  });
  const before = shift.before === null ? [] : [layer('2026-01-01T00:00', shift.before)];
  const schedule = {
    id: SHIFT,
    name: SHIFT,
    timezone: 'UTC',
    layers: [...before, layer(localTime(shift.handOff), shift.after)],
  };
  const users = Object.entries(world.members).map(([id, { contacts, rules, low, away, updates }]) => ({
    id,
    name: id,
    timezone: 'UTC',
    role: 'responder' as const,
    statusUpdates: updates,
    away: away === null ? [] : [{ from: localTime(away.from), to: localTime(away.until) }],
    contacts: contacts.map((contact) => ({ id: contact, channel: 'console' as const })),
    notificationRules: { high: rules.map(ruleOf), low: low.map(ruleOf) },
  }));
  return new Life(
    configuration({
      users,
      policy: policyOf(world.atFirst.policies.own),
      service: serviceOf(world, world.atFirst.settings),
      schedules: [schedule],
      teams: [{ id: TEAM, name: TEAM, members: world.team }],
    }),
    { ...TRIGGER, severity: world.severity, dedupKey: 'first', groupKey: GROUP },
  );
}

/** `id`: of the command or the arrival, so that one that is delivered again is the same. */
function happen(life: Life, deed: Deed, id: string): void {
  const sourceTime = (at: number | null) => (at === null ? {} : { at: BEGIN + at * 1_000 });
  switch (deed.what) {
    case 'ack':
      life.command(deed.by, { id, type: 'acknowledge' });
      break;
    case 'unack':
      life.command(deed.by, { id, type: 'unacknowledge' });
      break;
    case 'resolve':
      life.command(deed.by, { id, type: 'resolve' });
      break;
    case 'reassign':
      life.command(deed.by, { id, type: 'reassign', users: deed.to });
      break;
    case 'snooze':
      life.command(deed.by, { id, type: 'snooze', duration: seconds(deed.lasts) });
      break;
    case 'startWork':
      life.command(deed.by, { id, type: 'start-work' });
      break;
    case 'note':
      life.command(deed.by, { id, type: 'notes', text: 'a word' } as const);
      break;
    case 'update':
      life.command(deed.by, { id, type: 'status-updates', text: 'a word' } as const);
      break;
    case 'sourceAcks':
      life.arrive({ action: 'acknowledge', dedupKey: 'first', groupKey: GROUP }, 1, id);
      break;
    case 'fires': {
      const { alert, severity, at, lasting, leftOut } = deed;
      const more = { ...(lasting && { lasting }), ...(leftOut && { leftOut: 1 }), ...sourceTime(at) };
      life.arrive({ dedupKey: alert, groupKey: GROUP, severity, ...more }, 1, id);
      break;
    }
    case 'clears':
      life.arrive({ action: 'resolve', dedupKey: deed.alert, groupKey: GROUP, ...sourceTime(deed.at) }, 1, id);
      break;
    case 'groupClears':
      life.arrive({ action: 'resolve', dedupKey: 'first', groupKey: GROUP, groupResolved: true }, 1, id);
      break;
    case 'continuesAsNew':
      life.continueAsNew();
      break;
    case 'lookupsStall':
    case 'lookupsGoOn':
      life.answers(deed.what === 'lookupsGoOn');
      break;
    case 'invite':
    case 'prioritize':
    case 'rate':
    case 'leaves':
    case 'trigger':
    case 'reopen':
    case 'escalate':
    case 'reassignTo':
    case 'adopt':
    case 'again':
    case 'nothing':
      break;
    default:
      deed satisfies never;
  }
}

interface Conduct {
  /** How its pages fare, where it is not as the scenario says. */
  readonly providing?: (life: Life) => Provider;
  /** Sees it after each moment. */
  readonly after?: (life: Life) => void;
}

const told = (fate: Fate) =>
  fate.how === 'retryable' ? ({ outcome: 'retryable', after: fate.after * 1_000 } as const) : fate.how;

/** The life of `world` to its end. */
export function live(world: Scenario, { providing, after }: Conduct = {}): Life {
  const life = configured(world);
  const faring = (where: string, at: number) => told(fateOf(world, where, (at - BEGIN) / 1_000));
  life.subscribed(({ to }, at) => faring(to.kind === 'subscriber' ? to.endpoint : `${to.user} ${to.contact}`, at));
  life.providing(providing?.(life) ?? (({ user, contact }, at) => faring(`${user} ${contact}`, at)));
  let now = 0;
  let last: { deed: Deed; id: string } = { deed: { what: 'nothing' }, id: 'd' };
  for (const [index, { at, asleep, deed }] of world.moments.entries()) {
    if (asleep) life.asleepUntil(clock(at));
    else if (at > now) life.at(clock(at));
    now = at;
    if (deed.what !== 'again') last = { deed, id: `d${index}` };
    happen(life, last.deed, last.id);
    after?.(life);
  }
  return life.through(clock(world.until));
}

export function outcomeOf({ state, attempts, notices }: Life): Outcome {
  const {
    escalation,
    status,
    transient,
    reopenableUntil,
    priority,
    responders,
    urgency,
    episode,
    acknowledgements,
    ackTimeoutAt,
    snoozedUntil,
    workStartedAt,
  } = state;
  const since = (at: number | null): number | null => (at === null ? null : (at - BEGIN) / 1_000);
  const flags: [boolean, string][] = [
    [escalation.direct, 'direct'],
    [escalation.exhausted, 'exhausted'],
    [escalation.nobodyOnCall, 'nobody'],
  ];
  const place = flags.find(([set]) => set)?.[1] ?? `level ${escalation.level} pass ${escalation.pass}`;
  const standing: Standing = {
    status,
    transient,
    reopenable: reopenableUntil !== null,
    priority,
    responders,
    urgency,
    episode,
    place,
    ackers: acknowledgements.map(({ user }) => user),
    ackTimeoutAt: since(ackTimeoutAt),
    snoozedUntil: since(snoozedUntil),
    workStartedAt: since(workStartedAt),
  };
  const pages = attempts.map(({ at, user, contact }) => ({ at: secondsOf(at), user, contact }));
  const tellings = notices.map(({ at, to, request }) => ({
    at: secondsOf(at),
    to: request.to.kind === 'subscriber' ? request.to.endpoint : to,
    word: request.type.slice('incident.'.length),
  }));
  return { pages, tellings, standing };
}

function secondsOf(at: string): number {
  const [minutes, rest] = at.split(':').map(Number);
  return minutes! * 60 + rest!;
}
