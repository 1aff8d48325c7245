/** The phone page as HTML (interfaces §5): one column, no script, one big button. Everything in it stays text. */
import { createHash } from 'node:crypto';
import type { Instant } from '../domain/duration.ts';
import { formatDuration } from '../domain/duration.ts';
import { Html, markup } from '../domain/html.ts';
import { shortId } from '../domain/identity.ts';
import { cut, oneLine, webAddress } from '../domain/text.ts';
import type { IncidentView, NextView } from '../domain/view.ts';

export type LinkAction = 'acknowledge' | 'resolve';

export interface ShownIncident {
  readonly view: IncidentView;
  /** The present truth, as the workflow says it. */
  readonly sentence: string;
  /** Null where it could not be had just now. */
  readonly next: readonly NextView[] | null;
  readonly service: { readonly name: string; readonly runbook?: string };
  /** A user's name; the id where it is not known. */
  readonly nameOf: (user: string) => string;
}

export interface AckPage {
  readonly title: string;
  /** What came of what was asked, or why it did not. */
  readonly say?: string;
  readonly incident?: ShownIncident;
  /** The buttons that are offered. */
  readonly actions: readonly LinkAction[];
  readonly now: Instant;
}

const SUMMARY_LIMIT = 1_024;
const LINE_LIMIT = 500;
const LINKS = 20;
const COMING = 5;
const LABELS: Readonly<Record<LinkAction, string>> = { acknowledge: 'Acknowledge', resolve: 'Resolve' };

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
export function ackPageHtml({ title, say, incident, actions, now }: AckPage): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
${incident === undefined ? markup`<h1>${title}</h1>` : head(incident)}
${say === undefined ? null : markup`<p class="say" role="status">${say}</p>`}
${incident === undefined ? null : markup`<p dir="auto">${asSentence(oneLine(incident.sentence))}</p>`}
${actions.map(button)}
${incident === undefined ? null : facts(incident, now)}
</main>
</body>
</html>
`.text;
}

const head = ({ view, service }: ShownIncident): Html =>
  markup`<p class="where">${oneLine(service.name)} · ${numberOf(view)}</p>
<h1 dir="auto">${cut(oneLine(view.summary), SUMMARY_LIMIT)}</h1>`;

// No `action`: the form goes back to the address it came from, whatever a proxy made of it.
const button = (action: LinkAction): Html => markup`<form method="post">
<input type="hidden" name="action" value="${action}">
<button class="${action}" type="submit">${LABELS[action]}</button>
</form>
`;

function facts({ view, next, service, nameOf }: ShownIncident, now: Instant): Html {
  const { runbook } = service;
  const links = [...(runbook === undefined ? [] : [{ href: runbook, text: 'Runbook' }]), ...view.links].slice(0, LINKS);
  return markup`${section('Who holds it', holders(view, nameOf))}
${section('What comes next', view.status === 'resolved' ? ['Nothing: it is resolved.'] : comingUp(next, now))}
${links.length === 0 ? null : section('Links', links.map(link))}
${section('Details', [
  `Severity: ${view.severity ?? 'not given'}`,
  `Since: ${utc(view.createdAt)}`,
  `Events: ${view.eventCount}`,
  `Incident: ${view.id}`,
])}`;
}

const section = (title: string, items: readonly (string | Html)[]): Html => markup`<h2>${title}</h2>
<ul>
${items.map((item) => markup`<li dir="auto">${item}</li>\n`)}</ul>`;

function holders({ status, acknowledgements, assignees }: IncidentView, nameOf: (user: string) => string): string[] {
  if (acknowledgements.length > 0) return acknowledgements.map(({ user, at }) => `${nameOf(user)}, since ${utc(at)}`);
  const nobody = status === 'resolved' ? 'Nobody' : 'Nobody yet';
  return [assignees.length === 0 ? nobody : `${nobody}; asked: ${assignees.map(nameOf).join(', ')}`];
}

function comingUp(next: readonly NextView[] | null, now: Instant): string[] {
  if (next === null) return ['Not known just now'];
  if (next.length === 0) return ['Nothing by itself'];
  const lines = next.slice(0, COMING).map(({ at, reason }) => {
    const left = Date.parse(at) - now;
    return `${left > 0 ? `In ${formatDuration(left)}` : 'Now'} (${utc(at)}): ${oneLine(reason)}`;
  });
  return next.length > COMING ? [...lines, `and ${next.length - COMING} more`] : lines;
}

function link({ href, text }: IncidentView['links'][number]): string | Html {
  const address = webAddress(href);
  const shown = cut(oneLine(text ?? href), LINE_LIMIT);
  return address === undefined ? shown : markup`<a href="${address}" rel="noreferrer">${shown}</a>`;
}

const numberOf = ({ id, number }: IncidentView): string => (number === null ? shortId(id) : `#${number}`);
const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
/** `2026-12-01 10:02:11 UTC`, from ISO 8601. */
const utc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
