/** What a notification or a notice says, whatever the channel: its parts, harmless and bounded, in the order in which they matter. */
import { shortId } from '../../domain/identity.ts';
import type { Language } from '../../domain/language.ts';
import { cut, oneLine, webAddress } from '../../domain/text.ts';
import { LINK_VALID_FOR, signAckLink } from '../../links/ackLink.ts';
import type { NotifyRequest } from '../contract.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import type { ChangeView } from '../../domain/view.ts';
import { marked } from '../../wording/drill.ts';
import { wordingOf } from '../../wording/index.ts';
import type { NameOf, Wording } from '../../wording/wording.ts';
import type { Variables } from '../../templating/variables.ts';
import { alertsLine } from './alerts.ts';
import { outline } from './details.ts';
import type { About } from './variables.ts';
import { addressOf, variablesOf } from './variables.ts';

const SUBJECT_LIMIT = 200;
const SUMMARY_LIMIT = 1_024;
const LINE_LIMIT = 500;
const LINKS = 20;

export interface MessageLink {
  readonly text: string;
  /** Absent where it is no web address: then its text alone is shown. */
  readonly href?: string;
}

/** Whoever reads it: a person, and of what is told to a group the organization. */
export interface Reader {
  /** IANA zone. */
  readonly timezone: string;
  readonly language: Language;
}

export interface Message {
  /** In the reader's language, for what the channel itself says round it. */
  readonly wording: Wording;
  /** `[#12] summary`, or `[<last 8 of the id>] summary` while there is no number (interfaces §5). */
  readonly subject: string;
  /** Of a drill it says so first, and so does the subject. */
  readonly summary: string;
  /** Label and value, one a line. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** The present state, where it has changed since. */
  readonly present: string | null;
  readonly links: readonly MessageLink[];
  /** Change events of the service shortly before, the newest first. */
  readonly changes: readonly MessageLink[];
  /** Several lines; empty where there are none. */
  readonly details: string;
  /** The phone page, the same for every attempt; null in a notice, which asks for nothing. */
  readonly ackUrl: string | null;
  /** Names incident and notification, for whoever looks into it. */
  readonly footer: string;
  /** For templates. */
  readonly variables: () => Variables;
}

const CHANGE_LIMIT = 120;

/**
 * Word of a change: what changed, and how the incident is after it. `nameOf` gives users' names.
 * The subject has the summary too, as every e-mail's has (interfaces §5).
 */
export function noticeMessageOf(
  request: NoticeAsked,
  { timezone, language, nameOf }: Reader & { nameOf: NameOf },
): Message {
  const { incident, text, at, service, entry, to } = request;
  const wording = wordingOf(language);
  const { labels } = wording;
  const said = oneLine(wording.change(request, { nameOf, zone: timezone }));
  const summary = marked(incident, incident.summary, wording);
  const saysSummary = said.length <= CHANGE_LIMIT && said.includes(oneLine(incident.summary));
  const changeAndSummary = saysSummary ? marked(incident, said, wording) : `${cut(said, CHANGE_LIMIT)}: ${summary}`;
  const facts: [string, string][] = [
    [labels.incident, summary],
    [labels.status, wording.status(incident, nameOf)],
    [labels.service, service.name],
    [labels.severity, wording.severity(incident.severity)],
    [labels.at, wording.time(at, timezone)],
    // What people wrote beside it stands in the line of the timeline alone.
    ...(said === oneLine(text) ? [] : [[labels.timeline, text] as [string, string]]),
  ];
  const message: Omit<Message, 'variables'> = {
    wording,
    subject: cut(oneLine(`[${nameInSubject(incident)}] ${changeAndSummary}`), SUBJECT_LIMIT),
    summary: cut(marked(incident, said, wording), SUMMARY_LIMIT),
    facts: facts.map(([label, value]) => [label, cut(oneLine(value), LINE_LIMIT)]),
    present: null,
    links: [],
    changes: [],
    details: '',
    ackUrl: null,
    footer: `${labels.incident} ${incident.id}${entry === null ? '' : `, ${labels.logEntry} ${entry.id}`}`,
  };
  const about = (): About => ({
    incident: incidentOf(incident, summary),
    service: serviceOf(service),
    user: to.kind === 'contact' ? { id: to.user, name: to.userName } : null,
    severity: wording.severity(incident.severity),
    since: wording.time(incident.createdAt, timezone),
    change: said,
    at: wording.time(at, timezone),
    status: wording.status(incident, nameOf),
  });
  return { ...message, variables: () => variablesOf(message, about()) };
}

/** Of either, what templates may name. */
const incidentOf = (
  incident: NotifyRequest['incident'] | NoticeRequest['incident'],
  summary: string,
): About['incident'] => ({
  id: incident.id,
  number: nameInSubject(incident),
  summary: cut(oneLine(summary), SUMMARY_LIMIT),
  severity: incident.severity,
  dedupKey: incident.dedupKey,
  details: incident.details,
  createdAt: incident.createdAt,
  drill: incident.drill === true,
});

type NoticeAsked = Omit<NoticeRequest, 'channel'>;

const nameInSubject = ({ id, number }: { id: string; number: number | null }): string =>
  number === null ? shortId(id) : `#${number}`;

/** Everything but `present`, and the number once there is one, is the same for every attempt of a notification: it is made of the request alone, with no clock and no chance. */
export function messageOf(
  request: NotifyRequest,
  { secret, publicUrl, timezone, language }: Reader & { readonly secret: string; readonly publicUrl: string },
): Message & { readonly ackUrl: string } {
  const { incident, notification, present } = request;
  const wording = wordingOf(language);
  const { labels } = wording;
  const summary = marked(incident, incident.summary, wording);
  const message: Omit<Message, 'variables'> & { readonly ackUrl: string } = {
    wording,
    subject: cut(oneLine(`[${nameInSubject(incident)}] ${summary}`), SUBJECT_LIMIT),
    summary: cut(oneLine(summary), SUMMARY_LIMIT),
    facts: factsOf(request, wording, timezone).map(([label, value]) => [label, cut(oneLine(value), LINE_LIMIT)]),
    present: present === null ? null : cut(oneLine(wording.truth(present, timezone)), LINE_LIMIT),
    links: linksOf(request, labels.runbook),
    changes: (incident.changes ?? []).map((change) => changeLink(change, wording, timezone)),
    details: outline(incident.details, labels.restIsCut),
    ackUrl: ackUrlOf(request, { secret, publicUrl }),
    footer: `${labels.incident} ${incident.id}, ${labels.notification} ${notification}`,
  };
  const about = (): About => ({
    incident: incidentOf(incident, summary),
    service: serviceOf(incident.service),
    user: { id: request.user, name: request.userName },
    severity: wording.severity(incident.severity),
    since: wording.time(incident.createdAt, timezone),
    why: wording.why(request.why),
  });
  return { ...message, variables: () => variablesOf(message, about()) };
}

const serviceOf = ({ id, name, description, runbook }: NotifyRequest['incident']['service']): About['service'] => ({
  id,
  name,
  description: description ?? null,
  runbook: addressOf(runbook),
});

/** The phone page of the user who is paged: the same for every attempt of a notification. */
export function ackUrlOf(
  {
    incident,
    notification,
    user,
    dueAt,
  }: Pick<NotifyRequest, 'notification' | 'user' | 'dueAt'> & { readonly incident: { readonly id: string } },
  { secret, publicUrl }: { secret: string; publicUrl: string },
): string {
  const expiresAt = Date.parse(dueAt) + LINK_VALID_FOR;
  const token = signAckLink(secret, { incident: incident.id, notification, user, expiresAt });
  return `${publicUrl.replace(/\/+$/, '')}/ack/${token}`;
}

function factsOf({ incident, why }: NotifyRequest, wording: Wording, timezone: string): [string, string][] {
  const { service, firing } = incident;
  const { name, description } = service;
  const { labels } = wording;
  return [
    ...(firing === undefined
      ? []
      : [[labels.alerts, alertsLine(firing, wording.page.more, LINE_LIMIT)] as [string, string]]),
    [labels.service, description === undefined ? name : `${name} (${description})`],
    [labels.severity, wording.severity(incident.severity)],
    [labels.whyYou, wording.why(why)],
    [labels.since, wording.time(incident.createdAt, timezone)],
  ];
}

function linksOf({ incident }: NotifyRequest, runbookLabel: string): MessageLink[] {
  const { runbook } = incident.service;
  const given = incident.links.slice(0, LINKS);
  const all = runbook === undefined ? given : [{ href: runbook, text: runbookLabel }, ...given];
  return all.map(({ href, text }) => {
    const address = webAddress(href);
    const shown = cut(oneLine(text ?? '') || oneLine(href), LINE_LIMIT);
    return address === undefined
      ? { text: cut(oneLine(`${text ?? ''} ${href}`), LINE_LIMIT) }
      : { text: shown, href: address };
  });
}

/** `2026-12-01 10:02:11 UTC: deploy 42 (ci)`, with where its first link leads. */
function changeLink(
  { at, summary, source, links: [link] }: ChangeView,
  wording: Wording,
  timezone: string,
): MessageLink {
  const text = cut(oneLine(wording.line(wording.time(at, timezone), `${summary} (${source})`)), LINE_LIMIT);
  const href = link && webAddress(link.href);
  return href === undefined ? { text } : { text, href };
}
