/** The phone page as HTML (interfaces §5): one column, no script, one big button. Everything in it stays text. */
import { createHash } from 'node:crypto';
import type { Instant } from '../domain/duration.ts';
import { formatDuration } from '../domain/duration.ts';
import { Html, markup } from '../domain/html.ts';
import { shortId } from '../domain/identity.ts';
import { cut, oneLine, webAddress } from '../domain/text.ts';
import type { ChangeView, IncidentView, NextView } from '../domain/view.ts';
import { marked } from '../wording/drill.ts';
import type { NameOf, Wording } from '../wording/wording.ts';

export type LinkAction = 'acknowledge' | 'resolve';

export interface ShownIncident {
  readonly view: IncidentView;
  /** The present truth, as the workflow says it. */
  readonly sentence: string;
  /** Null where it could not be had just now. */
  readonly next: readonly NextView[] | null;
  readonly service: { readonly name: string; readonly runbook?: string };
  readonly nameOf: NameOf;
}

/** Whoever reads the page. */
export interface PageReader {
  readonly wording: Wording;
  /** IANA zone. */
  readonly zone: string;
}

export interface AckPage {
  readonly title: string;
  /** What came of what was asked, or why it did not. */
  readonly say?: string;
  readonly incident?: ShownIncident;
  /** The buttons that are offered. */
  readonly actions: readonly LinkAction[];
  readonly reader: PageReader;
  readonly now: Instant;
}

const SUMMARY_LIMIT = 1_024;
const LINE_LIMIT = 500;
const LINKS = 20;
const COMING = 5;

const STYLE = `
:root { color-scheme: light dark; --line: #8888; --strong: #b3261e; }
body { margin: 0; padding: 16px; font: 17px/1.45 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 560px; margin: 0 auto; }
h1 { font-size: 22px; line-height: 1.3; margin: 4px 0 12px; overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 24px 0 4px; }
p, ul { margin: 0 0 12px; overflow-wrap: anywhere; }
ul { padding-left: 20px; }
a { color: LinkText; }
.where { margin: 0; }
.say { border-left: 4px solid var(--strong); padding-left: 12px; font-weight: 600; }
form { margin: 0 0 12px; }
button {
  box-sizing: border-box; width: 100%; min-height: 56px; border: 1px solid var(--line); border-radius: 12px;
  font: inherit; font-weight: 600; background: transparent; color: inherit;
}
button.acknowledge { min-height: 72px; font-size: 21px; background: var(--strong); border-color: var(--strong); color: #fff; }
`;

/** What a CSP's `style-src` allows exactly the page's own style with. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** The whole document. */
export function ackPageHtml({ title, say, incident, actions, reader, now }: AckPage): string {
  const { wording } = reader;
  return markup`<!doctype html>
<html lang="${wording.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
${incident === undefined ? markup`<h1>${title}</h1>` : head(incident, wording)}
${say === undefined ? null : markup`<p class="say" role="status">${say}</p>`}
${incident === undefined ? null : markup`<p dir="auto">${wording.sentence(oneLine(incident.sentence))}</p>`}
${actions.map((action) => button(action, wording))}
${incident === undefined ? null : facts(incident, reader, now)}
</main>
</body>
</html>
`.text;
}

const head = ({ view, service }: ShownIncident, wording: Wording): Html =>
  markup`<p class="where">${oneLine(service.name)} · ${numberOf(view)}</p>
<h1 dir="auto">${cut(oneLine(marked(view, view.summary, wording)), SUMMARY_LIMIT)}</h1>`;

// No `action`: the form goes back to the address it came from, whatever a proxy made of it.
const button = (action: LinkAction, { labels }: Wording): Html => markup`<form method="post">
<input type="hidden" name="action" value="${action}">
<button class="${action}" type="submit">${labels[action]}</button>
</form>
`;

function facts(incident: ShownIncident, reader: PageReader, now: Instant): Html {
  const { view, service } = incident;
  const { line, labels, page, severity } = reader.wording;
  const { runbook } = service;
  const links = [...(runbook === undefined ? [] : [{ href: runbook, text: labels.runbook }]), ...view.links].slice(
    0,
    LINKS,
  );
  // A worker of an earlier version answers without them.
  const changes = ((view.changes as IncidentView['changes'] | undefined) ?? []).map((change) =>
    changed(change, reader),
  );
  return markup`${section(page.whoHoldsIt, holders(incident, reader))}
${section(page.whatComesNext, view.status === 'resolved' ? [page.nothingResolved] : comingUp(incident, reader, now))}
${links.length === 0 ? null : section(labels.links, links.map(link))}
${changes.length === 0 ? null : section(labels.changes, changes)}
${section(labels.details, [
  line(labels.severity, severity(view.severity)),
  line(labels.since, page.time(view.createdAt, reader.zone)),
  line(labels.events, String(view.eventCount)),
  line(labels.incident, view.id),
])}`;
}

const section = (title: string, items: readonly (string | Html)[]): Html => markup`<h2>${title}</h2>
<ul>
${items.map((item) => markup`<li dir="auto">${item}</li>\n`)}</ul>`;

function holders({ view, nameOf }: ShownIncident, { wording: { page, list }, zone }: PageReader): string[] {
  const { status, acknowledgements, assignees } = view;
  if (acknowledgements.length > 0) {
    return acknowledgements.map(({ user, at }) => page.holder(nameOf(user), page.time(at, zone)));
  }
  return [page.nobody(status === 'resolved', assignees.length === 0 ? null : list(assignees.map(nameOf)))];
}

function comingUp(
  { next, nameOf }: ShownIncident,
  { wording: { page }, zone }: PageReader,
  now: Instant,
): readonly string[] {
  if (next === null) return [page.notKnown];
  if (next.length === 0) return [page.nothing];
  const lines = next.slice(0, COMING).map((coming) => {
    const left = Date.parse(coming.at) - now;
    const what = oneLine(page.coming(coming, nameOf));
    return page.comesIn(left > 0 ? formatDuration(left) : null, page.time(coming.at, zone), what);
  });
  return next.length > COMING ? [...lines, page.more(next.length - COMING)] : lines;
}

function link({ href, text }: IncidentView['links'][number]): string | Html {
  const address = webAddress(href);
  const shown = cut(oneLine(text ?? href), LINE_LIMIT);
  return address === undefined ? shown : markup`<a href="${address}" rel="noreferrer">${shown}</a>`;
}

function changed({ at, summary, source, links: [first] }: ChangeView, { wording, zone }: PageReader): string | Html {
  const text = wording.line(wording.page.time(at, zone), `${summary} (${source})`);
  return first === undefined ? cut(oneLine(text), LINE_LIMIT) : link({ href: first.href, text });
}

const numberOf = ({ id, number }: IncidentView): string => (number === null ? shortId(id) : `#${number}`);
