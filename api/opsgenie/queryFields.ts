/** What may be asked of alerts, field by field (https://docs.opsgenie.com/docs/alerts-search-query-help). */
import { PRIORITIES } from '../../domain/commands.ts';
import type { WholeAlert } from './alertJson.ts';

/** How a value is compared: `:` and `=` are the same. */
export type Comparison = '=' | '>' | '<' | '>=' | '<=';

/** Says of an alert whether the field is so; or why nothing can be asked so. */
export type Asking = ((alert: WholeAlert) => boolean) | string;

export type Field = (comparison: Comparison, value: string) => Asking;

/** Any of its values, in any case: all of it, or with `*` for any characters. `within`: a part of it is enough. */
function text(of: (alert: WholeAlert) => readonly (string | undefined)[], within = false): Field {
  return (comparison, value) => {
    if (comparison !== '=') return 'takes `:`, and no comparison';
    const parts = value.toLowerCase().split('*');
    const wanted = within && parts.length === 1 ? ['', ...parts, ''] : parts;
    return (alert) => of(alert).some((each) => each !== undefined && fits(each.toLowerCase(), wanted));
  };
}

/** The parts in their order, the first and the last at its ends: what `a*b` says, in time that grows with the text alone. */
function fits(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > text.length - last.length) return false;
    from = at + part.length;
  }
  return true;
}

const oneOf =
  (values: readonly string[], of: (alert: WholeAlert) => string): Field =>
  (comparison, value) => {
    if (comparison !== '=') return 'takes `:`, and no comparison';
    const wanted = values.find((each) => each.toLowerCase() === value.toLowerCase());
    return wanted === undefined ? `is one of ${values.join(', ')}` : (alert) => of(alert) === wanted;
  };

const COMPARE: Readonly<Record<Comparison, (one: number, other: number) => boolean>> = {
  '=': (one, other) => one === other,
  '>': (one, other) => one > other,
  '<': (one, other) => one < other,
  '>=': (one, other) => one >= other,
  '<=': (one, other) => one <= other,
};

const number =
  (of: (alert: WholeAlert) => number): Field =>
  (comparison, value) => {
    const wanted = Number(value);
    return Number.isFinite(wanted) ? (alert) => COMPARE[comparison](of(alert), wanted) : 'is a number';
  };

/** Milliseconds since 1970, as Opsgenie has them, or ISO 8601. */
const instant =
  (of: (alert: WholeAlert) => string | undefined): Field =>
  (comparison, value) => {
    const wanted = /^\d+$/.test(value) ? Number(value) : Date.parse(value);
    if (Number.isNaN(wanted)) return 'is an instant: milliseconds since 1970, or such as 2026-03-02T09:00:00Z';
    return (alert) => {
      const at = of(alert);
      return at !== undefined && COMPARE[comparison](Date.parse(at), wanted);
    };
  };

const YES_OR_NO = ['true', 'false'];

const FIELDS = {
  alertid: text(({ id }) => [id]),
  tinyid: text(({ tinyId }) => [tinyId]),
  alias: text(({ alias }) => [alias]),
  message: text(({ message }) => [message], true),
  description: text(({ description }) => [description], true),
  entity: text(({ entity }) => [entity]),
  source: text(({ source }) => [source]),
  owner: text(({ owner }) => [owner]),
  acknowledgedby: text(({ report }) => [report.acknowledgedBy]),
  responders: text(({ responders }) => responders.map(({ id }) => id)),
  tag: text(({ tags }) => tags),
  actions: text(({ actions }) => actions),
  'details.key': text(({ details }) => Object.keys(details)),
  'details.value': text(({ details }) => Object.values(details), true),
  'integration.name': text(({ integration }) => [integration.name]),
  'integration.type': text(({ integration }) => [integration.type]),
  status: oneOf(['open', 'closed'], ({ status }) => status),
  priority: oneOf(PRIORITIES, ({ priority }) => priority),
  acknowledged: oneOf(YES_OR_NO, ({ acknowledged }) => String(acknowledged)),
  snoozed: oneOf(YES_OR_NO, ({ snoozed }) => String(snoozed)),
  isseen: oneOf(YES_OR_NO, ({ isSeen }) => String(isSeen)),
  count: number(({ count }) => count),
  createdat: instant(({ createdAt }) => createdAt),
  updatedat: instant(({ updatedAt }) => updatedAt),
  lastoccurredat: instant(({ lastOccurredAt }) => lastOccurredAt),
  snoozeduntil: instant(({ snoozedUntil }) => snoozedUntil),
} as const satisfies Readonly<Record<string, Field>>;

/** By name in lower case. */
export const QUERY_FIELDS: ReadonlyMap<string, Field> = new Map([
  ...Object.entries(FIELDS),
  ['tags', FIELDS.tag],
  ['id', FIELDS.alertid],
  ['recipients', FIELDS.responders],
]);

/** Fields whose values are users: by their ids, for alerts name them so. */
export const OF_USERS: ReadonlySet<string> = new Set(['owner', 'acknowledgedby', 'responders', 'recipients']);

/** A word that stands alone. */
export const ANYWHERE: Field = text(
  ({ message, description, alias, entity, source, tags }) => [message, description, alias, entity, source, ...tags],
  true,
);
