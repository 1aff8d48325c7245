/** Assigning people, and what that owes them: notification rules and the minute-zero guarantee (lifecycle §4.1, §5.1–5.4). */
import { cancelPending } from './cancelling.ts';
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import { idempotencyKeyOf } from './identity.ts';
import type { Assignment, IncidentState, Notification } from './incident.ts';
import type { Person } from './question.ts';
import { ESCALATED } from './reasons.ts';

type Place = Pick<Assignment, 'kind' | 'level' | 'pass' | 'reason'> & {
  /** The place of the target whose turn it is. */
  readonly turn?: number;
};

/** Assigns the incident to `people`, starts their rules, and, for a level, arms its timer; at low urgency none (lifecycle §4.6). */
export function assign(
  decision: Decision,
  { turn, ...place }: Place,
  people: readonly Person[],
  remarks: readonly string[],
): void {
  if (people.length === 0 && place.kind !== 'level') {
    decision.record(SYSTEM, { type: 'nobodyToTell', remarks });
    return;
  }
  const { state, now } = decision;
  const level = place.level === null ? undefined : state.policy.levels[place.level - 1];
  const users = people.map(({ id }) => id);
  const assignment: Assignment = {
    ...place,
    seq: state.counters.assignment + 1,
    at: now,
    episode: state.episode,
    users,
    multiAck: level?.multiAck ?? false,
    snapshot: { summary: state.summary, severity: state.severity },
  };
  const staying = ESCALATED.has(place.reason) ? stayingOn(state) : [];
  // The episode is over when it is acknowledged: who is asked for then is to hear of it, told before or not.
  const helps = place.kind === 'responders';
  const episodeIsOver = helps && state.status !== 'triggered';
  const told = new Set(people.filter(({ id }) => !episodeIsOver && isTold(state, id)).map(({ id }) => id));
  cancelPending(
    decision,
    'assignedAgain',
    ({ owed, persistent, user }) => !owed && !(helps && persistent) && users.includes(user),
  );
  decision.record(SYSTEM, {
    type: 'assigned',
    assignment,
    names: Object.fromEntries(people.map(({ id, name }) => [id, name])),
    statusUpdates: people.filter(({ statusUpdates }) => statusUpdates).map(({ id }) => id),
    assignees: [...new Set([...staying, ...users])],
    levelEndsAt: level === undefined || state.urgency === 'low' ? null : now + level.escalateAfter,
    remarks,
    ...(turn === undefined ? {} : { turn }),
  });
  for (const person of people) startRules(decision, assignment, person, told.has(person.id));
}

/** The people of a level that accumulates, and of those before it that did, stay assigned beside the new ones (lifecycle §4.2). */
function stayingOn({ policy, escalation, assignments, assignees }: IncidentState): readonly string[] {
  if (policy.levels[escalation.level - 1]?.onEscalate === 'accumulate') return assignees;
  const left = assignments.find(({ seq }) => seq === escalation.assignment)?.users ?? [];
  return assignees.filter((user) => !left.includes(user));
}

/** Told in this episode, or about to be, because it is owed to them still: then minute zero does not bind again (lifecycle §5.3). */
function isTold(state: IncidentState, user: string): boolean {
  const owed = state.ledger.some(
    (notification) => notification.user === user && notification.episode === state.episode && notification.owed,
  );
  return owed || state.told.some((told) => told.user === user && told.episode === state.episode);
}

/** Each rule fires at assignment + delay; one without delay is owed from this moment on. */
function startRules(decision: Decision, assignment: Assignment, person: Person, told: boolean): void {
  for (const [rule, { after, contact }] of person.rules[decision.state.urgency].entries()) {
    const channel = person.contacts.find(({ id }) => id === contact)?.channel;
    if (channel === undefined) continue;
    const place = { user: person.id, contact, channel, rule, cause: assignment.reason } as const;
    queue(decision, assignment, place, assignment.at + after, after === 0 && !told);
  }
}

/** Puts one notification into the ledger, under a name and an idempotency key that stay its own for ever. */
export function queue(
  decision: Decision,
  assignment: Pick<Assignment, 'seq' | 'episode' | 'pass' | 'level'>,
  place: Pick<Notification, 'user' | 'contact' | 'channel' | 'rule' | 'cause'>,
  dueAt: number,
  owed: boolean,
): void {
  const id = `n${decision.state.counters.notification + 1}`;
  const notification: Notification = {
    ...place,
    id,
    idempotencyKey: idempotencyKeyOf(decision.state.id, id),
    assignment: assignment.seq,
    episode: assignment.episode,
    pass: assignment.pass,
    level: assignment.level,
    owed,
    minuteZero: owed,
    late: false,
    persistent: false,
    dueAt,
    status: 'queued',
    phase: 'waiting',
    nextAt: dueAt,
    giveUpAt: null,
    givenUp: false,
    startedAt: null,
    sentAt: null,
    reason: null,
    attempts: [],
  };
  decision.record(SYSTEM, { type: 'notificationQueued', notification });
}
