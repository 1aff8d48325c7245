/** What a message gives to a template: its own parts, and what it is about. */
import { cut, harmless, oneLine, webAddress } from '../../domain/text.ts';
import { Address, LABEL_NAMES } from '../../templating/variables.ts';
import type { Variables } from '../../templating/variables.ts';
import type { Message } from './message.ts';

/** Of nested values: characters of a text, entries of a list or a map, and how deep. */
const CHARACTERS = 1_000;
const ENTRIES = 100;
const DEPTH = 8;

/** What a message has besides its own parts. */
export interface About extends Pick<Variables, 'incident' | 'service' | 'user'> {
  readonly severity: string;
  readonly since: string;
  readonly why?: string;
  readonly change?: string;
  readonly at?: string;
  readonly status?: string;
}

/** All text of others is harmless here: only what it is put into is still to be thought of. */
export function variablesOf(message: Omit<Message, 'variables'>, about: About): Variables {
  const { wording, subject, summary, facts, details, links, footer, present, ackUrl } = message;
  const { labels, language } = wording;
  const { incident, service, user } = about;
  return {
    language,
    subject,
    summary,
    facts: facts.map(([label, value]) => ({ label, value })),
    details,
    links: links.map(({ text, href }) => ({ text, href: href === undefined ? null : new Address(href) })),
    footer,
    present,
    ackUrl: ackUrl === null ? null : new Address(ackUrl),
    severity: about.severity,
    since: about.since,
    why: textOf(about.why),
    change: textOf(about.change),
    at: textOf(about.at),
    status: textOf(about.status),
    incident: {
      ...incident,
      dedupKey: shortened(incident.dedupKey),
      details: bounded(incident.details, DEPTH),
    },
    service: { ...service, name: shortened(service.name), description: textOf(service.description ?? undefined) },
    user: user === null ? null : { ...user, name: shortened(user.name) },
    labels: Object.fromEntries(LABEL_NAMES.map((name) => [name, labels[name]])) as Variables['labels'],
  };
}

const shortened = (text: string): string => cut(oneLine(text), CHARACTERS);
const textOf = (text: string | undefined): string | null => (text === undefined ? null : shortened(text));

/** Null for what is no web address, so that nobody is sent to one. */
export function addressOf(href: string | undefined): Address | null {
  const address = href === undefined ? undefined : webAddress(href);
  return address === undefined ? null : new Address(address);
}

function bounded(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cut(harmless(value), CHARACTERS);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, ENTRIES).map((one) => bounded(one, depth - 1));
  const kept = Object.entries(value).slice(0, ENTRIES);
  return Object.fromEntries(kept.map(([name, one]) => [shortened(name), bounded(one, depth - 1)]));
}
