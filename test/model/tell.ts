/** Writes scenarios and outcomes as people would tell them, so that a failing case can be read and replayed by hand. */
import { clock } from './live.ts';
import type {
  Deed,
  Member,
  Moment,
  Outage,
  Outcome,
  Policy,
  PolicyName,
  Scenario,
  Settings,
  SupportHours,
  Version,
} from './scenario.ts';
import { POLICIES } from './scenario.ts';

/** `users`, `level 1`, …, then `0:00 trigger`, `2:00 ana acks`, one line each. */
export function tell(world: Scenario): string {
  const {
    members,
    shift,
    team,
    lastTurn,
    severity,
    atFirst,
    today,
    windows,
    turnAfter,
    subscribers,
    outages,
    moments,
    until,
  } = world;
  return [
    ...Object.entries(members).map(([id, { contacts, rules, low, away, updates }]) => {
      if (contacts.length === 0) return `${id}: no contact method`;
      const more = [
        updates ? '; wants updates' : '',
        away === null ? '' : `; away from ${clock(away.from)} until ${clock(away.until)}`,
      ];
      const list = (of: Member['rules']): string =>
        of.map(({ after, contact }) => `${clock(after)} ${contact}`).join(', ') || `no rules, ${contacts[0]}`;
      return `${id}: high ${list(rules)}; low ${list(low)}${more.join('')}`;
    }),
    `team: ${team.join(', ')}`,
    `round robin gave the turn ${lastTurn} before`,
    `shift: ${shift.before ?? 'nobody'} until ${clock(shift.handOff)}, then ${shift.after}`,
    ...tellVersion(atFirst, ['own']),
    ...(moments.some(({ deed }) => deed.what === 'adopt' || deed.what === 'reassignTo')
      ? tellVersion(today, POLICIES).map((line) => `today ${line}`)
      : []),
    ...windows.map(
      ({ from, until: end }) =>
        `maintenance from ${clock(from)} until ${clock(end)}, then a turn ${clock(turnAfter)} later`,
    ),
    `subscribers: ${subscribers.join(', ') || 'none'}`,
    ...outages.map(tellOutage),
    `0:00 first fires, ${severity}`,
    ...moments.map(tellMoment),
    `${clock(until)} end`,
  ].join('\n');
}

function tellVersion({ settings, policies }: Version, named: readonly PolicyName[]): string[] {
  const { urgency, ackTimeout, resume, maxAge, holdFor, threshold, reopenWindow, autoResolve, flapping } = settings;
  return [
    ...named.flatMap((name) => tellPolicy(name, policies[name])),
    `ack timeout ${ackTimeout === null ? 'off' : `${clock(ackTimeout)}, ${resume}`}, minute zero for ${clock(maxAge)}`,
    `urgency ${typeof urgency === 'string' ? urgency : tellHours(urgency)}`,
    `hold for ${clock(holdFor)}, threshold ${threshold === null ? 'off' : `${threshold.moreThan} in ${clock(threshold.within)}`}`,
    `auto-resolve ${autoResolve === null ? 'off' : tellAutoResolve(autoResolve)}`,
    `flapping ${flapping === null ? 'off' : tellFlapping(flapping)}`,
    `reopen window ${reopenWindow === null ? 'off' : clock(reopenWindow)}`,
  ];
}

const tellAutoResolve = ({ after, fromLastEvent, includeAcknowledged }: NonNullable<Settings['autoResolve']>): string =>
  `${clock(after)} after the ${fromLastEvent ? 'last event' : 'trigger'}${includeAcknowledged ? ', acknowledged or not' : ''}`;

const tellFlapping = ({ transitions, within, quiet, digestEvery }: NonNullable<Settings['flapping']>): string =>
  `${transitions} transitions in ${clock(within)}, quiet for ${clock(quiet)}, a digest every ${clock(digestEvery)}`;

const tellHours = ({ inside, from, until, raises }: SupportHours): string =>
  `${inside} from ${clock(from)} until ${clock(until)}${raises ? ', and raises' : ''}`;

const tellPolicy = (name: string, { levels, repeat, lastResort }: Policy): string[] => [
  ...levels.map(({ targets, delay, wait, accumulate, multiAck, roundRobin }, index) => {
    const more = [
      wait && 'ifEmpty: wait',
      accumulate && 'onEscalate: accumulate',
      multiAck && 'multiAck',
      roundRobin && 'round robin',
    ];
    const whole = `${name} level ${index + 1}: ${targets.join(', ')} for ${clock(delay)}`;
    return [whole, ...more.filter(Boolean)].join(', ');
  }),
  `${name} repeat ${repeat}, last resort: ${lastResort.join(', ') || 'none'}`,
];

function tellOutage({ where, from, until, fate }: Outage): string {
  const after = fate.how === 'retryable' && fate.after > 0 ? `, and asks for ${clock(fate.after)}` : '';
  return `${where} is ${fate.how} from ${clock(from)} until ${clock(until)}${after}`;
}

const tellMoment = ({ at, asleep, deed }: Moment): string =>
  `${clock(at)} ${tellDeed(deed)}${asleep ? ', the workers having been down since the moment before' : ''}`;

function tellDeed(deed: Deed): string {
  switch (deed.what) {
    case 'ack':
    case 'unack':
    case 'resolve':
      return `${deed.by} ${deed.what}s`;
    case 'invite':
      return `${deed.by} asks ${deed.users.join(', ')} for help`;
    case 'prioritize':
      return `${deed.by} sets the priority to ${deed.priority ?? 'none'}`;
    case 'amend':
      return `${deed.by} calls it ${deed.summary}`;
    case 'rate':
      return `${deed.by} sets the urgency to ${deed.urgency}`;
    case 'leaves':
      return `${deed.user} is no user any more`;
    case 'trigger':
    case 'reopen':
      return `${deed.by} ${deed.what}s`;
    case 'snooze':
      return `${deed.by} snoozes for ${clock(deed.lasts)}`;
    case 'escalate': {
      const shown = deed.shown === 'now' ? '' : ' from how it was after the deed before';
      return `${deed.by} escalates${shown}${deed.fully ? '' : ', by its level alone'}`;
    }
    case 'reassignTo':
      return `${deed.by} reassigns to policy ${deed.policy}, level ${deed.level}`;
    case 'adopt':
      return `${deed.by} adopts policy ${deed.policy}`;
    case 'reassign':
      return `${deed.by} reassigns to ${deed.to.join(', ')}`;
    case 'sourceAcks':
      return 'the source acks';
    case 'startWork':
      return `${deed.by} starts work`;
    case 'note':
      return `${deed.by} leaves a note`;
    case 'update':
      return `${deed.by} gives a status update`;
    case 'fires': {
      const more = [deed.lasting && ', and lasts', deed.leftOut && ', another is left out'];
      return [`${deed.alert} fires, ${deed.severity}${sourceTime(deed.at)}`, ...more.filter(Boolean)].join('');
    }
    case 'clears':
      return `${deed.alert} is resolved by its source${sourceTime(deed.at)}`;
    case 'receipt':
      return `the provider says that the last page to ${deed.user} ${deed.contact} is ${deed.says}`;
    case 'again':
      return 'the same again';
    case 'lookupsStall':
      return 'who is on call is not found out from here on';
    case 'lookupsGoOn':
      return 'who is on call is found out again';
    case 'groupClears':
      return 'the group is resolved by its source';
    case 'continuesAsNew':
      return 'continues as new';
    case 'nothing':
      return 'nothing';
    default:
      return deed satisfies never;
  }
}

const sourceTime = (at: number | null): string => (at === null ? '' : ` since ${clock(at)}`);

/** Pages in order of time, those of one instant by name, then what was told to whom, and how it stands: two outcomes are equal where this is. */
export function tellOutcome({ pages, tellings, standing }: Outcome): string[] {
  const {
    status,
    transient,
    flapping,
    reopenable,
    priority,
    summary,
    responders,
    urgency,
    episode,
    place,
    ackers,
    ackTimeoutAt,
    snoozedUntil,
    workStartedAt,
  } = standing;
  const sorted = pages.toSorted(
    (a, b) => a.at - b.at || `${a.user} ${a.contact}`.localeCompare(`${b.user} ${b.contact}`),
  );
  const timeout = ackTimeoutAt === null ? '' : ` until ${clock(ackTimeoutAt)}`;
  const snooze = snoozedUntil === null ? '' : `, snoozed until ${clock(snoozedUntil)}`;
  return [
    ...sorted.map(({ at, user, contact }) => `${clock(at)} ${user} ${contact}`),
    ...tellings
      .toSorted((a, b) => a.to.localeCompare(b.to))
      .map(({ at, to, word }) => `${to} ${clock(at)} told ${word}`),
    `${urgency}, priority ${priority ?? 'none'}, called ${summary}, responders ${responders.toSorted().join(', ') || 'none'}`,
    `work ${workStartedAt === null ? 'not started' : `started at ${clock(workStartedAt)}`}`,
    `${status}${transient ? ', transient' : ''}${flapping ? ', flapping' : ''}${reopenable ? ', reopenable' : ''} in episode ${episode}${status === 'resolved' ? '' : ` at ${place}`}, held by ${ackers.toSorted().join(', ') || 'nobody'}${timeout}${snooze}`,
  ];
}
