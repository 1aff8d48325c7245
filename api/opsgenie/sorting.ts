/** The order of a list (github.com/opsgenie/opsgenie-oas, paths/alert.yaml). */
import type { WholeAlert } from './alertJson.ts';

type Value = string | number | boolean | undefined;

const BY = {
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  tinyId: ({ tinyId }) => Number(tinyId),
  alias: ({ alias }) => alias,
  message: ({ message }) => message,
  status: ({ status }) => status,
  acknowledged: ({ acknowledged }) => acknowledged,
  isSeen: ({ isSeen }) => isSeen,
  snoozed: ({ snoozed }) => snoozed,
  snoozedUntil: ({ snoozedUntil }) => snoozedUntil,
  count: ({ count }) => count,
  lastOccurredAt: ({ lastOccurredAt }) => lastOccurredAt,
  source: ({ source }) => source,
  owner: ({ owner }) => owner,
  'integration.name': ({ integration }) => integration.name,
  'integration.type': ({ integration }) => integration.type,
  'report.ackTime': ({ report }) => report.ackTime,
  'report.closeTime': ({ report }) => report.closeTime,
  'report.acknowledgedBy': ({ report }) => report.acknowledgedBy,
  'report.closedBy': () => undefined,
} as const satisfies Readonly<Record<string, (alert: WholeAlert) => Value>>;

export type Sort = keyof typeof BY;
export const SORTS = Object.keys(BY) as [Sort, ...Sort[]];

/** Those without a value come last, and equal ones newest first. */
export function sorted(alerts: readonly WholeAlert[], sort: Sort, order: 'asc' | 'desc'): readonly WholeAlert[] {
  const by: (alert: WholeAlert) => Value = BY[sort];
  const sign = order === 'asc' ? 1 : -1;
  return alerts.toSorted((one, other) => {
    const [a, b] = [by(one), by(other)];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    if (a !== b) return a < b ? -sign : sign;
    return other.createdAt.localeCompare(one.createdAt);
  });
}
