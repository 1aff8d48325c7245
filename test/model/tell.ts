/** Writes scenarios and outcomes as people would tell them, so that a failing case can be read and replayed by hand. */
import { clock } from './live.ts';
import type { Deed, Moment, Outcome, Scenario } from './scenario.ts';

/** `users`, `level 1`, …, then `0:00 trigger`, `2:00 ana acks`, one line each. */
export function tell(world: Scenario): string {
  const { members, shift, levels, repeat, lastResort, ackTimeout, resume, maxAge, moments, until } = world;
  return [
    ...Object.entries(members).map(([id, { contacts, rules }]) => {
      const list = rules.map(({ after, contact }) => `${clock(after)} ${contact}`).join(', ');
      return `${id}: ${list || (contacts[0] === undefined ? 'no contact method' : `no rules, ${contacts.join(', ')}`)}`;
    }),
    `shift: ${shift.before ?? 'nobody'} until ${clock(shift.handOff)}, then ${shift.after}`,
    ...levels.map(({ targets, delay, wait, accumulate, multiAck }, index) => {
      const more = [wait && 'ifEmpty: wait', accumulate && 'onEscalate: accumulate', multiAck && 'multiAck'];
      return [`level ${index + 1}: ${targets.join(', ')} for ${clock(delay)}`, ...more.filter(Boolean)].join(', ');
    }),
    `repeat ${repeat}, last resort: ${lastResort.join(', ') || 'none'}`,
    `ack timeout ${ackTimeout === null ? 'off' : `${clock(ackTimeout)}, ${resume}`}, minute zero for ${clock(maxAge)}`,
    '0:00 trigger',
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
    case 'sourceResolves':
      return 'the source resolves';
    case 'triggersAgain':
      return 'trigger again';
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
  const { status, episode, place, ackers, ackTimeoutAt } = standing;
  const sorted = pages.toSorted(
    (a, b) => a.at - b.at || `${a.user} ${a.contact}`.localeCompare(`${b.user} ${b.contact}`),
  );
  const timeout = ackTimeoutAt === null ? '' : ` until ${clock(ackTimeoutAt)}`;
  return [
    ...sorted.map(({ at, user, contact }) => `${clock(at)} ${user} ${contact}`),
    `${status} in episode ${episode}${status === 'resolved' ? '' : ` at ${place}`}, held by ${ackers.toSorted().join(', ') || 'nobody'}${timeout}`,
  ];
}
