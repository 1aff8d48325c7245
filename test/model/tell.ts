/** Writes scenarios and outcomes as people would tell them, so that a failing case can be read and replayed by hand. */
import { clock } from './live.ts';
import type { Deed, Member, Moment, Outcome, Scenario } from './scenario.ts';

/** `users`, `level 1`, …, then `0:00 trigger`, `2:00 ana acks`, one line each. */
export function tell(world: Scenario): string {
  const {
    members,
    shift,
    team,
    urgency,
    severity,
    levels,
    repeat,
    lastResort,
    ackTimeout,
    resume,
    maxAge,
    moments,
    until,
  } = world;
  return [
    ...Object.entries(members).map(([id, { contacts, rules, low }]) => {
      if (contacts.length === 0) return `${id}: no contact method`;
      const list = (of: Member['rules']): string =>
        of.map(({ after, contact }) => `${clock(after)} ${contact}`).join(', ') || `no rules, ${contacts[0]}`;
      return `${id}: high ${list(rules)}; low ${list(low)}`;
    }),
    `team: ${team.join(', ')}`,
    `shift: ${shift.before ?? 'nobody'} until ${clock(shift.handOff)}, then ${shift.after}`,
    ...levels.map(({ targets, delay, wait, accumulate, multiAck }, index) => {
      const more = [wait && 'ifEmpty: wait', accumulate && 'onEscalate: accumulate', multiAck && 'multiAck'];
      return [`level ${index + 1}: ${targets.join(', ')} for ${clock(delay)}`, ...more.filter(Boolean)].join(', ');
    }),
    `repeat ${repeat}, last resort: ${lastResort.join(', ') || 'none'}`,
    `ack timeout ${ackTimeout === null ? 'off' : `${clock(ackTimeout)}, ${resume}`}, minute zero for ${clock(maxAge)}`,
    `urgency ${urgency}`,
    `0:00 first fires, ${severity}`,
    ...moments.map(tellMoment),
    `${clock(until)} end`,
  ].join('\n');
}

const tellMoment = ({ at, asleep, deed }: Moment): string =>
  `${clock(at)} ${tellDeed(deed)}${asleep ? ', the workers having been down since the moment before' : ''}`;

function tellDeed(deed: Deed): string {
  switch (deed.what) {
    case 'ack':
    case 'unack':
    case 'resolve':
      return `${deed.by} ${deed.what}s`;
    case 'reassign':
      return `${deed.by} reassigns to ${deed.to.join(', ')}`;
    case 'sourceAcks':
      return 'the source acks';
    case 'startWork':
      return `${deed.by} starts work`;
    case 'note':
      return `${deed.by} leaves a note`;
    case 'fires':
      return `${deed.alert} fires, ${deed.severity}`;
    case 'clears':
      return `${deed.alert} is resolved by its source`;
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

/** Pages in order of time, those of one instant by name, then how it stands: two outcomes are equal where this is. */
export function tellOutcome({ pages, standing }: Outcome): string[] {
  const { status, urgency, episode, place, ackers, ackTimeoutAt, workStartedAt } = standing;
  const sorted = pages.toSorted(
    (a, b) => a.at - b.at || `${a.user} ${a.contact}`.localeCompare(`${b.user} ${b.contact}`),
  );
  const timeout = ackTimeoutAt === null ? '' : ` until ${clock(ackTimeoutAt)}`;
  return [
    ...sorted.map(({ at, user, contact }) => `${clock(at)} ${user} ${contact}`),
    `${urgency}, work ${workStartedAt === null ? 'not started' : `started at ${clock(workStartedAt)}`}`,
    `${status} in episode ${episode}${status === 'resolved' ? '' : ` at ${place}`}, held by ${ackers.toSorted().join(', ') || 'nobody'}${timeout}`,
  ];
}
