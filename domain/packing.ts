/**
 * What an incident takes along when it continues as new, written short: 500 people with 15 rules each are 7,500 entries of
 * the ledger, 5 MB as they stand, and Temporal takes 2 MiB. The two kinds that there may be thousands of become rows; all
 * others stay as they are.
 */
import { idempotencyKeyOf } from './identity.ts';
import { isSent } from './incident.ts';
import type { Attempt, IncidentState, Notification, Told } from './incident.ts';

/**
 * A notification that waits and was never begun, or one that was sent at the first attempt and of which its provider said one
 * thing later at most, without what its assignment says.
 */
type Row = readonly [
  number: number,
  assignment: number,
  user: string,
  contact: string,
  channel: Notification['channel'],
  rule: number,
  cause: Notification['cause'],
  dueAt: number,
  /** 1: owed; 2: was owed. */
  owed: 0 | 1 | 2,
  startedAt?: number | null,
  sentAt?: number,
  receipt?: Pick<Attempt, 'providerId' | 'detail'>,
  later?: Later,
];

/** What the provider said: how long after it was sent, what, and beside that. 1: of the same message, by its own id for it. */
type Later = readonly [
  after: number,
  outcome: Attempt['outcome'],
  same: 0 | 1,
  beside?: Omit<Attempt, 'at' | 'outcome'>,
];

/** A state as it is carried. One of an earlier version has neither rows nor short names of who was told. */
export interface PackedState extends Omit<IncidentState, 'told'> {
  readonly rows?: readonly Row[];
  readonly told: readonly (
    Told | readonly [user: string, contact: string, channel: Told['channel'], episode: number]
  )[];
}

export function packed(state: IncidentState): PackedState {
  const rows: Row[] = [];
  const ledger: Notification[] = [];
  for (const notification of state.ledger) {
    const row = rowOf(notification);
    // Only what comes back as it was is written short.
    if (row !== null && isSame(unpackedRow(state, row), notification)) rows.push(row);
    else ledger.push(notification);
  }
  const told = state.told.map(({ user, contact, channel, episode }) => [user, contact, channel, episode] as const);
  return { ...state, ledger, rows, told };
}

export function unpacked({ rows = [], told, ...state }: PackedState): IncidentState {
  const ledger = [...state.ledger, ...rows.map((row) => unpackedRow(state, row))];
  return {
    ...state,
    ledger: rows.length === 0 ? ledger : ledger.toSorted((one, other) => numberOf(one) - numberOf(other)),
    told: told.map((each) => {
      if (!Array.isArray(each)) return each as Told;
      const [user, contact, channel, episode] = each as readonly [string, string, Told['channel'], number];
      return { user, contact, channel, episode };
    }),
  };
}

const numberOf = ({ id }: Notification): number => Number(id.slice(1));

/** Key by key: the order in which they were written says nothing. */
const isSame = (one: Notification, other: Notification): boolean =>
  Object.keys({ ...one, ...other }).every(
    (key) => JSON.stringify(one[key as keyof Notification]) === JSON.stringify(other[key as keyof Notification]),
  );

function rowOf(notification: Notification): Row | null {
  const { user, assignment, contact, channel, rule, cause, dueAt, minuteZero, owed, status, phase } = notification;
  const { startedAt, sentAt, attempts } = notification;
  const begin = [numberOf(notification), assignment, user, contact, channel, rule, cause, dueAt] as const;
  const [first, later] = attempts;
  if (status === 'queued' && phase === 'waiting' && first === undefined) {
    return [...begin, owed ? 1 : minuteZero ? 2 : 0];
  }
  if (!isSent({ status }) || sentAt === null || first === undefined || attempts.length > 2) return null;
  const { at: _at, outcome: _outcome, ...receipt } = first;
  const row = [...begin, minuteZero ? 2 : 0, startedAt, sentAt, receipt] as const;
  return later === undefined ? row : [...row, laterOf(later, first)];
}

function laterOf({ at, outcome, ...beside }: Attempt, sent: Attempt): Later {
  const same = sent.providerId !== undefined && sent.providerId === beside.providerId;
  const { providerId: _providerId, ...others } = beside;
  const rest = same ? others : beside;
  const short = [at - sent.at, outcome, same ? 1 : 0] as const;
  return Object.keys(rest).length === 0 ? short : [...short, rest];
}

/** The attempts of one that was sent. */
function attemptsOf(at: number, receipt: Row[11], later: Row[12]): readonly Attempt[] {
  const sent: Attempt = { at, outcome: 'sent', ...receipt };
  if (later === undefined) return [sent];
  const [after, outcome, same, beside] = later;
  const { providerId } = sent;
  return [
    sent,
    { at: at + after, outcome, ...(same === 1 && providerId !== undefined ? { providerId } : {}), ...beside },
  ];
}

function unpackedRow({ id, assignments }: Pick<IncidentState, 'id' | 'assignments'>, row: Row): Notification {
  const [number, seq, user, contact, channel, rule, cause, dueAt, owed, startedAt, sentAt, receipt, later] = row;
  const place = assignments.find((each) => each.seq === seq);
  const name = `n${number}`;
  const wasSent = sentAt !== undefined;
  return {
    id: name,
    idempotencyKey: idempotencyKeyOf(id, name),
    assignment: seq,
    episode: place?.episode ?? 0,
    pass: place?.pass ?? 0,
    level: place?.level ?? null,
    user,
    contact,
    channel,
    rule,
    cause,
    owed: owed === 1,
    minuteZero: owed > 0,
    late: false,
    persistent: false,
    dueAt,
    status: !wasSent ? 'queued' : later?.[1] === 'delivered' ? 'delivered' : 'sent',
    phase: wasSent ? 'done' : 'waiting',
    nextAt: dueAt,
    giveUpAt: null,
    givenUp: false,
    startedAt: startedAt ?? null,
    sentAt: sentAt ?? null,
    reason: null,
    attempts: wasSent ? attemptsOf(sentAt, receipt, later) : [],
  };
}
