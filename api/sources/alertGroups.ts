/**
 * Notifications of groups of alerts, as Prometheus Alertmanager makes them (version "4", wire-formats §1d;
 * prometheus.io/docs/alerting/latest/configuration, webhook_config) and Grafana, whose alerting is built of it (§1e). A
 * body is what stands in one group at that moment: the group is the incident, each alert in it one event.
 */
import { TocsinError } from '../../domain/errors.ts';
import type { Link, SourceEvent } from '../../domain/event.ts';
import { SEVERITY_WORDS } from '../../domain/severityWords.ts';
import { cut } from '../../domain/text.ts';
import { sha256Hex } from '../../intake/hashes.ts';
import { withinLimits } from '../../intake/limits.ts';
import { type Members, membersOf, pick, textOf } from '../../intake/members.ts';
import { madeKeyOf } from './dedupKey.ts';
import { parseTimestamp } from './timestamp.ts';

const SUMMARIES = ['summary', 'title', 'description', 'message'] as const;
const STATUSES: readonly string[] = ['firing', 'resolved'];
const STATES: ReadonlyMap<string, string> = new Map([
  ['alerting', 'firing'],
  ['ok', 'resolved'],
]);
const ALL_RESOLVED = 'all alerts resolved';
/** More than an incident names (lifecycle §4, Limits): the rest is said to be left out, as `max_alerts` of the sender does. */
export const MAX_ALERTS = 2_000;
/** Hex digits, as many as a sender's own have. */
const HASH_LENGTH = 16;
/** Characters; a longer one is hashed, for an incident keeps the names of a thousand alerts. */
const MAX_FINGERPRINT = 64;

/** Grafana's `state` says the same in its own words. */
const statusOf = ({ status, state }: Members): string | undefined => textOf(status) ?? STATES.get(textOf(state) ?? '');

const badEvent = (text: string): TocsinError => new TocsinError('BAD_EVENT', text);

/** What is one sender's own. */
export interface Sender {
  /** As people call it: `Alertmanager`. */
  readonly name: string;
  /** What keeps its notifications in this form, which operators may replace. */
  readonly advice: string;
  /** Links of an alert beside its runbook, with their texts. */
  readonly links: readonly (readonly [text: string, member: string])[];
  /** Of an alert, kept beside its labels and annotations. */
  readonly details: readonly string[];
  /** Short texts and numbers of the group, kept with each of its alerts, and how many characters of each. */
  readonly groupDetails: readonly (readonly [member: string, limit: number])[];
}

interface Group {
  readonly sender: Sender;
  readonly details: Members;
  readonly key: string;
  readonly status: string | undefined;
  readonly alerts: readonly Members[];
  readonly host: string | undefined;
  readonly externalUrl: string | undefined;
}

function groupOf(body: unknown, sender: Sender): Group {
  const members = membersOf(body);
  if (members === undefined) throw badEvent(`the body is not a JSON object; a notification of ${sender.name} is one`);
  const key = madeKeyOf(members['groupKey']);
  const listed: readonly unknown[] = Array.isArray(members['alerts']) ? members['alerts'] : [];
  const missing = [key === undefined ? ['groupKey'] : [], listed.length === 0 ? ['alerts'] : []].flat();
  if (key === undefined || missing.length > 0) {
    throw badEvent(
      `missing or blank: ${missing.join(', ')}; every notification of ${sender.name} has both: ${sender.advice}`,
    );
  }
  const alerts = listed.map((alert, index) => {
    const item = membersOf(alert);
    if (item === undefined) throw badEvent(`alerts[${index}] is not an object; each alert of ${sender.name} is one`);
    return item;
  });
  const externalUrl = textOf(members['externalURL']);
  const host = textOf(URL.canParse(externalUrl ?? '') ? new URL(externalUrl ?? '').host : undefined);
  const details = shortOf(members, sender.groupDetails);
  return { sender, key, details, status: statusOf(members), alerts, host, externalUrl };
}

/** Cut before they are copied: with two thousand alerts a long one would weigh two thousand times. */
const shortOf = (members: Members, wanted: Sender['groupDetails']): Members =>
  Object.fromEntries(
    wanted.flatMap(([name, limit]) => {
      const value = members[name];
      const text = textOf(value);
      return text === undefined ? [] : [[name, typeof value === 'number' ? value : cut(text, limit)] as const];
    }),
  );

/** An alert's own status; the group's where it has none, for that is `resolved` only when all are. */
function firing(alert: Members, index: number, group: Group): boolean {
  const status = (textOf(alert['status']) ?? group.status)?.toLowerCase();
  if (status !== undefined && STATUSES.includes(status)) return status === 'firing';
  const found = status === undefined ? 'is missing' : `is '${status.slice(0, 64)}'`;
  throw badEvent(`alerts[${index}].status ${found}; it is one of: ${STATUSES.join(', ')}`);
}

/** The texts of a label set. Own members only, so that a label may have any name. */
const labelsOf = (value: unknown): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(membersOf(value) ?? {}).flatMap(([name, written]) => {
      const text = textOf(written);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );

const byName = ([one]: readonly [string, string], [other]: readonly [string, string]): number =>
  one < other ? -1 : Number(one > other);

/** The sender's own name of a label set; else a hash of the labels, the same whatever their order. */
function fingerprintOf(alert: Members, labels: ReadonlyMap<string, string>): string {
  const given = madeKeyOf(alert['fingerprint']);
  if (given !== undefined && given.length <= MAX_FINGERPRINT) return given;
  return sha256Hex(given ?? JSON.stringify([...labels].toSorted(byName))).slice(0, HASH_LENGTH);
}

/** The first text that people wrote for people; else the alert's name and labels. */
function summaryOf(labels: ReadonlyMap<string, string>, annotations: ReadonlyMap<string, string>): string {
  for (const name of SUMMARIES) {
    const text = annotations.get(name);
    if (text !== undefined) return text;
  }
  const pairs = [...labels].filter(([name]) => name !== 'alertname').map(([name, value]) => `${name}=${value}`);
  return [labels.get('alertname') ?? 'an alert without a name', ...pairs].join(' ');
}

function linksOf(alert: Members, annotations: ReadonlyMap<string, string>, group: Group): readonly Link[] {
  const links = [
    ['Runbook', annotations.get('runbook_url')],
    ...group.sender.links.map(([text, member]) => [text, textOf(alert[member])] as const),
    [group.sender.name, group.externalUrl],
  ] as const;
  return links.flatMap(([text, href]) => (href === undefined ? [] : [{ href, text }]));
}

function eventOf(alert: Members, fires: boolean, group: Group): SourceEvent {
  const labels = labelsOf(alert['labels']);
  const annotations = labelsOf(alert['annotations']);
  const severity = SEVERITY_WORDS.get((labels.get('severity') ?? '').toLowerCase());
  const at = parseTimestamp(alert[fires ? 'startsAt' : 'endsAt']);
  return withinLimits({
    action: fires ? 'trigger' : 'resolve',
    dedupKey: fingerprintOf(alert, labels),
    groupKey: group.key,
    summary: summaryOf(labels, annotations),
    source: labels.get('instance') ?? group.host ?? group.sender.name.toLowerCase(),
    ...(at !== undefined && { at }),
    // What an alert that is resolved says of itself is known; a thousand of them would only weigh.
    ...(fires && {
      ...(severity !== undefined && { severity }),
      details: {
        labels: Object.fromEntries(labels),
        annotations: Object.fromEntries(annotations),
        ...pick(alert, group.sender.details),
        ...group.details,
      },
      links: linksOf(alert, annotations, group),
      // The time of a firing alert is when it began. It may be thought resolved meanwhile, and fire on with that beginning.
      lasting: true as const,
    }),
  });
}

function countOf(value: unknown): number {
  const count = Math.trunc(Number(textOf(value)));
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/**
 * One event an alert, those that fire first: an incident must not resolve and open again within one notification. Throws
 * BAD_EVENT for a body that is no such notification.
 */
export function eventsOfGroup(body: unknown, sender: Sender): readonly SourceEvent[] {
  const group = groupOf(body, sender);
  const alerts = group.alerts.map((alert, index) => ({ alert, fires: firing(alert, index, group) }));
  const ordered = [...alerts.filter(({ fires }) => fires), ...alerts.filter(({ fires }) => !fires)];
  const taken = ordered.slice(0, MAX_ALERTS);
  const { truncatedAlerts, notification_reason } = membersOf(body) ?? {};
  const truncated = countOf(truncatedAlerts);
  // What was truncated may fire still, whatever the status says: it is that of the alerts that were sent.
  const all = alerts.every(({ fires }) => !fires) && (truncated === 0 || notification_reason === ALL_RESOLVED);
  const leftOut = truncated + ordered.length - taken.length;
  return taken.map(({ alert, fires }, index) => ({
    ...eventOf(alert, fires, group),
    ...(all && index === taken.length - 1 && { groupResolved: true as const }),
    ...(leftOut > 0 && { leftOut }),
  }));
}
