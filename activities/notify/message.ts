/** What a notification or a notice says, whatever the channel: its parts, harmless and bounded, in the order in which they matter. */
import { shortId } from '../../domain/identity.ts';
import { cut, oneLine, webAddress } from '../../domain/text.ts';
import { LINK_VALID_FOR, signAckLink } from '../../links/ackLink.ts';
import type { NotifyRequest } from '../contract.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { wordingOf } from '../../wording/index.ts';
import { outline } from './details.ts';

const wording = wordingOf('en');

const SUBJECT_LIMIT = 200;
const SUMMARY_LIMIT = 1_024;
const LINE_LIMIT = 500;
const LINKS = 20;

export interface MessageLink {
  readonly text: string;
  /** Absent where it is no web address: then its text alone is shown. */
  readonly href?: string;
}

export interface Message {
  /** `[#12] summary`, or `[<last 8 of the id>] summary` while there is no number (interfaces §5). */
  readonly subject: string;
  readonly summary: string;
  /** Label and value, one a line. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** The present state, where it has changed since. */
  readonly present: string | null;
  readonly links: readonly MessageLink[];
  /** Several lines; empty where there are none. */
  readonly details: string;
  /** The phone page, the same for every attempt; null in a notice, which asks for nothing. */
  readonly ackUrl: string | null;
  /** Names incident and notification, for whoever looks into it. */
  readonly footer: string;
}

const CHANGE_LIMIT = 120;

/**
 * Word of a change: what changed, and how the incident is after it. `nameOf` gives users' names.
 * The subject has the summary too, as every e-mail's has (interfaces §5).
 */
export function noticeMessageOf(
  { incident, text, at, service, entry }: Omit<NoticeRequest, 'channel' | 'to'>,
  { timezone, nameOf }: { timezone: string; nameOf: (user: string) => string },
): Message {
  const facts: [string, string][] = [
    ['Incident', incident.summary],
    ['Status', statusOf(incident, nameOf)],
    ['Service', service.name],
    ['Severity', incident.severity ?? 'not given'],
    ['At', localTime(at, timezone)],
  ];
  const change = cut(oneLine(text), CHANGE_LIMIT);
  return {
    subject: cut(oneLine(`[${nameInSubject(incident)}] ${change}: ${incident.summary}`), SUBJECT_LIMIT),
    summary: cut(oneLine(text), SUMMARY_LIMIT),
    facts: facts.map(([label, value]) => [label, cut(oneLine(value), LINE_LIMIT)]),
    present: null,
    links: [],
    details: '',
    ackUrl: null,
    footer: `Incident ${incident.id}${entry === null ? '' : `, log entry ${entry.id}`}`,
  };
}

function statusOf(
  { status, acknowledgements, exhausted, nobodyOnCall }: NoticeRequest['incident'],
  nameOf: (user: string) => string,
): string {
  const by = status === 'acknowledged' ? acknowledgements.map(({ user }) => nameOf(user)).join(', ') : '';
  const marks = [...(exhausted ? ['the policy is exhausted'] : []), ...(nobodyOnCall ? ['nobody is on call'] : [])];
  return [by === '' ? status : `${status} by ${by}`, ...marks].join('; ');
}

const nameInSubject = ({ id, number }: { id: string; number: number | null }): string =>
  number === null ? shortId(id) : `#${number}`;

/** Everything but `present`, and the number once there is one, is the same for every attempt of a notification: it is made of the request alone, with no clock and no chance. */
export function messageOf(
  request: NotifyRequest,
  { secret, publicUrl, timezone }: { secret: string; publicUrl: string; timezone: string },
): Message & { readonly ackUrl: string } {
  const { incident, notification } = request;
  return {
    subject: cut(oneLine(`[${nameInSubject(incident)}] ${incident.summary}`), SUBJECT_LIMIT),
    summary: cut(oneLine(incident.summary), SUMMARY_LIMIT),
    facts: factsOf(request, timezone).map(([label, value]) => [label, cut(oneLine(value), LINE_LIMIT)]),
    present: request.present === null ? null : cut(oneLine(wording.truth(request.present)), LINE_LIMIT),
    links: linksOf(request),
    details: outline(incident.details),
    ackUrl: ackUrlOf(request, { secret, publicUrl }),
    footer: `Incident ${incident.id}, notification ${notification}`,
  };
}

/** The phone page of the user who is paged: the same for every attempt of a notification. */
export function ackUrlOf(
  { incident, notification, user, dueAt }: NotifyRequest,
  { secret, publicUrl }: { secret: string; publicUrl: string },
): string {
  const expiresAt = Date.parse(dueAt) + LINK_VALID_FOR;
  const token = signAckLink(secret, { incident: incident.id, notification, user, expiresAt });
  return `${publicUrl.replace(/\/+$/, '')}/ack/${token}`;
}

function factsOf({ incident, why }: NotifyRequest, timezone: string): [string, string][] {
  const { name, description } = incident.service;
  return [
    ['Service', description === undefined ? name : `${name} (${description})`],
    ['Severity', incident.severity ?? 'not given'],
    ['Why you', wording.why(why)],
    ['Since', localTime(incident.createdAt, timezone)],
  ];
}

function linksOf({ incident }: NotifyRequest): MessageLink[] {
  const { runbook } = incident.service;
  const given = incident.links.slice(0, LINKS);
  const all = runbook === undefined ? given : [{ href: runbook, text: 'Runbook' }, ...given];
  return all.map(({ href, text }) => {
    const address = webAddress(href);
    const shown = cut(oneLine(text ?? href), LINE_LIMIT);
    return address === undefined
      ? { text: cut(oneLine(`${text ?? ''} ${href}`), LINE_LIMIT) }
      : { text: shown, href: address };
  });
}

/** `2026-12-01 18:02:11 Asia/Shanghai (10:02:11 UTC)`, from ISO 8601 and an IANA zone. */
function localTime(iso: string, timezone: string): string {
  const utc = `${iso.slice(11, 19)} UTC`;
  // Swedish writes dates as ISO 8601 does.
  const local = new Date(iso).toLocaleString('sv-SE', { timeZone: timezone });
  return timezone === 'UTC' ? `${iso.slice(0, 10)} ${utc}` : `${local} ${timezone} (${utc})`;
}
