/** What one who opens the incident in the Temporal UI reads first (interfaces §6), in Markdown. */
import type { SourceEvent } from './event.ts';
import type { IncidentState } from './incident.ts';
import { foremost, lineOf } from './foremost.ts';
import { clock, dayAndClock, describeChange, describeNotification, describeRecipient, nameOf } from './naming.ts';
import { next } from './next.ts';
import { wantsNumber } from './recording.ts';
import { sentence } from './report.ts';

/** How it is listed in the Temporal UI: its summary, or that it is a drill. */
export const titleOf = ({ summary, drill }: Pick<SourceEvent, 'summary' | 'drill'>): string =>
  drill === true ? `DRILL: ${summary}` : summary;

/** What the incident began with, for the place beside it that never changes. */
export function openingDetails(event: SourceEvent): string {
  const { source, severity, dedupKey, details, links } = event;
  const fields = Object.entries(details ?? {}).map(([name, value]) => `${name}: ${shown(value)}`);
  const parts = [
    `**${escape(titleOf(event))}**`,
    `From ${escape(source)} · severity ${severity ?? 'none'} · dedup key ${escape(dedupKey)}`,
    ...section('Details', fields),
    ...section(
      'Links',
      (links ?? []).map(({ text, href }) => `${text ?? 'link'}: ${href}`),
    ),
  ];
  return parts.join('\n\n').slice(0, OPENING_LIMIT);
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
/** Characters; the server takes 20,000 bytes. */
const OPENING_LIMIT = 5_000;

/** Lines shown of a list; the queries `timeline` and `next` have all of them. */
const SHOWN = 10;

export function currentDetails(state: IncidentState): string {
  const { service, severity, urgency, priority, eventCount, assignees, responders, id } = state;
  const count = eventCount === 1 ? '1 event' : `${eventCount} events`;
  const parts = [
    `## ${escape(state.drill ? titleOf({ summary: state.summary, drill: true }) : state.summary)}`,
    `**${state.status.toUpperCase()}**: ${escape(sentence(state))}`,
    `Service **${escape(service.name)}** · severity ${severity ?? 'none'} · urgency ${urgency}${priority === null ? '' : ` · priority ${priority}`} · ${count} · episode ${state.episode}`,
    `Assigned to: ${assignees.length === 0 ? 'nobody' : escape(assignees.map((user) => nameOf(state, user)).join(', '))}`,
    ...(responders.length === 0
      ? []
      : [`Responders: ${escape(responders.map((user) => nameOf(state, user)).join(', '))}`]),
    `Incident ${state.number === null ? '' : `#${state.number} `}\`${id}\``,
    ...section('Changes shortly before', state.changes.map(describeChange)),
    ...section('Resolved, and still waits for', awaited(state)),
    list('What comes next', coming(state), 'nothing, unless somebody acts'),
    list('Who was told', told(state), 'nobody yet'),
    list(
      'Timeline',
      state.log.slice(-SHOWN).map(({ at, text }) => `${clock(at)} ${text}`),
    ),
  ];
  return parts.join('\n\n');
}

const coming = (state: IncidentState): readonly string[] =>
  next(state)
    .slice(0, SHOWN)
    .map(({ at, reason }) => `${dayAndClock(at)} ${reason}`);

/** Why the execution of a resolved incident has not ended: what it owes is among what comes next, but for these. */
function awaited(state: IncidentState): readonly string[] {
  if (state.status !== 'resolved') return [];
  const recipients = foremost(state).map((notice) => {
    const waiting = state.notices.filter((each) => lineOf(each) === lineOf(notice)).length;
    return `${describeRecipient(state, notice)}: ${waiting === 1 ? '1 notice' : `${waiting} notices`}`;
  });
  const window = state.reopenableUntil === null ? [] : ['the end of its reopen window'];
  const { mergedInto } = state;
  const target = mergedInto?.open === true ? [`the end of ${mergedInto.incident}, to which its events go`] : [];
  return [...window, ...target, ...(wantsNumber(state) ? ['its number, from the store'] : []), ...recipients];
}

const told = (state: IncidentState): readonly string[] =>
  state.ledger
    .filter(({ attempts, phase }) => attempts.length > 0 || phase === 'inFlight')
    .slice(-SHOWN)
    .map((notification) => {
      const { status, sentAt, phase } = notification;
      const delivered = status === 'delivered' ? ', and delivered' : '';
      const how =
        phase === 'inFlight' ? 'being sent' : sentAt === null ? status : `sent at ${clock(sentAt)}${delivered}`;
      return `${describeNotification(state, notification)}: ${how}`;
    });

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [list(title, lines)];

function list(title: string, lines: readonly string[], none = ''): string {
  const shown = lines.length === 0 ? none : lines.map((line) => `- ${escape(line)}`).join('\n');
  return `**${title}**\n\n${shown}`;
}

/** Text from an alert stays text: no Markdown, no HTML, no line of its own. */
export function escape(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[\\`*_[\]<>|#~]/gu, (mark) => `\\${mark}`);
}
