/** Alerts of Opsgenie's Alert API v2, within its limits: https://docs.opsgenie.com/docs/alert-api, wire-formats §1c. */
import type { Severity } from '../../domain/event.ts';
import type { NoticeType } from '../../domain/notice.ts';
import { cut } from '../../domain/text.ts';
import type { Wording } from '../../wording/wording.ts';
import { outline } from './details.ts';
import type { Paged, Reported } from './platform.ts';

const MESSAGE_LIMIT = 130;
const DESCRIPTION_LIMIT = 15_000;
const TAG_LIMIT = 50;
const ENTITY_LIMIT = 512;
const SOURCE_LIMIT = 100;
/** Characters of all details together, names and values. */
const DETAILS_LIMIT = 8_000;
const DETAIL_LIMIT = 1_000;
const NOTE_LIMIT = 25_000;

/** What acts in Opsgenie where Tocsin does: its webhook back says so, and nothing comes of that here. */
export const OWN_NAME = 'Tocsin';

export type AlertAction = 'create' | 'acknowledge' | 'unacknowledge' | 'close' | 'note';

/** What comes of a change; of every other a note of the alert. */
const ACTION_OF: Readonly<Partial<Record<NoticeType, AlertAction>>> = {
  'incident.triggered': 'create',
  'incident.reopened': 'create',
  'incident.acknowledged': 'acknowledge',
  'incident.workStarted': 'acknowledge',
  'incident.snoozed': 'acknowledge',
  'incident.unacknowledged': 'unacknowledge',
  'incident.resolved': 'close',
  'incident.merged': 'close',
};

export const actionOf = (type: NoticeType): AlertAction => ACTION_OF[type] ?? 'note';

/** By severity, where nobody and no route gave the incident a priority. */
const PRIORITY_OF: Readonly<Record<Severity, string>> = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' };

/** The incident's id is its alias: at most 173 characters, one for all its alerts, for every person, and over a reopening. */
export function newAlert(
  reported: Reported,
  said: { readonly message: string; readonly description: string },
): Readonly<Record<string, unknown>> {
  const { id, number, severity, details, links, service, origin } = reported;
  const { source, component, group, class: kind, priority } = origin;
  const tags = [severity, service.id, ...(group === undefined ? [] : [group]), ...(kind === undefined ? [] : [kind])];
  return {
    message: cut(said.message, MESSAGE_LIMIT),
    alias: id,
    description: cut(said.description, DESCRIPTION_LIMIT),
    tags: [...new Set(tags.map((tag) => cut(tag, TAG_LIMIT)))],
    details: strings({ incident: id, number, service: service.name, links: links.map(({ href }) => href), ...details }),
    ...(component === undefined ? {} : { entity: cut(component, ENTITY_LIMIT) }),
    source: cut(source, SOURCE_LIMIT),
    priority: priority ?? PRIORITY_OF[severity],
    user: OWN_NAME,
  };
}

/** What goes with every action on an alert. */
export const actionBody = (text: string): Readonly<Record<string, unknown>> => ({
  user: OWN_NAME,
  source: OWN_NAME,
  note: cut(text, NOTE_LIMIT),
});

/** What acknowledges stands first, so that it is not what is cut. */
export function description(
  { summary, details, links, service }: Reported,
  { labels, line }: Wording,
  page?: Paged,
): string {
  const lines = [
    summary,
    ...(page === undefined ? [] : [line(labels.acknowledgeAs(page.userName), page.ackUrl), page.why]),
    ...(service.runbook === undefined ? [] : [line(labels.runbook, service.runbook)]),
    ...links.map(({ href, text }) => (text === undefined ? href : `${text}: ${href}`)),
    outline(details, labels.restIsCut),
  ];
  return lines.join('\n').trim();
}

/** Every detail as a text; from the first that does not fit on they are left out, for the description has them too. */
function strings(details: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const kept: [string, string][] = [];
  let left = DETAILS_LIMIT;
  for (const [name, value] of Object.entries(details)) {
    if (value === null || (Array.isArray(value) && value.length === 0)) continue;
    const text = cut(typeof value === 'string' ? value : JSON.stringify(value), DETAIL_LIMIT);
    left -= name.length + text.length;
    if (left < 0) break;
    kept.push([name, text]);
  }
  return Object.fromEntries(kept);
}
