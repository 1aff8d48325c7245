/** What Reactio is told of an incident: a name by which it is found again, what its phones read out, and a message in its timeline. */
import type { Html } from '../../domain/html.ts';
import { markup } from '../../domain/html.ts';
import { shortId } from '../../domain/identity.ts';
import { cut, oneLine } from '../../domain/text.ts';
import { marked } from '../../wording/drill.ts';
import type { NotifyRequest } from '../contract.ts';
import type { Message } from './message.ts';

type Named = Pick<NotifyRequest['incident'], 'id' | 'summary' | 'drill'>;

export interface ReactioText {
  /** Ends with the last 8 characters of our incident's id: by these it is found again, and people know it too. */
  readonly name: string;
  /** Plain, to be read out. */
  readonly spoken: string;
  /** Of what HTML Reactio takes, `b`, `br` and `a` alone. */
  readonly html: string;
}

const NAME_LIMIT = 180;
const SPOKEN_LIMIT = 300;
const DETAIL_LINES = 30;

/** `userName`: whose page it is, absent in a notice. */
export function reactioText(
  { subject, present, facts, links, details, ackUrl, wording }: Message,
  { incident, service, userName }: { readonly incident: Named; readonly service: string; readonly userName?: string },
): ReactioText {
  const { labels, line } = wording;
  const summary = oneLine(marked(incident, incident.summary, wording));
  const lines: readonly Html[] = [
    markup`<b>${subject}</b>`,
    ...(present === null ? [] : [markup`<b>${line(labels.now, present)}</b>`]),
    ...(ackUrl === null ? [] : [markup`<a href="${ackUrl}">${labels.acknowledgeAs(oneLine(userName ?? ''))}</a>`]),
    ...facts.map(([label, value]) => markup`${line(label, value)}`),
    ...links.map(({ text, href }) => (href === undefined ? markup`${text}` : markup`<a href="${href}">${text}</a>`)),
    ...(details === '' ? [] : shortened(details.split('\n'), labels.restIsCut).map((each) => markup`${each}`)),
  ];
  return {
    name: `${cut(summary, NAME_LIMIT)} [${shortId(incident.id)}]`.trim(),
    spoken: cut(line(oneLine(service), summary), SPOKEN_LIMIT),
    html: lines.map(({ text }) => text).join('<br>'),
  };
}

const shortened = (lines: readonly string[], rest: string): readonly string[] =>
  lines.length <= DETAIL_LINES ? lines : [...lines.slice(0, DETAIL_LINES), rest];
