/** The HTML alternative of an e-mail. Styles stand at the elements, as mail programs need it; nothing is loaded from anywhere. */
import type { Html } from '../../domain/html.ts';
import { markup } from '../../domain/html.ts';
import type { Message } from './message.ts';

const FONT = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const BUTTON = [
  'display:block;padding:16px 20px;border-radius:8px;background:#b3261e;color:#ffffff',
  'font-size:18px;font-weight:bold;text-align:center;text-decoration:none',
].join(';');
const DETAILS = [
  'white-space:pre-wrap;overflow-wrap:anywhere;font-size:13px;margin:0 0 16px;padding:12px',
  'border:1px solid #888888;border-radius:8px',
].join(';');

/** A whole document. The button leads to the phone page, which asks again: following a link changes nothing. */
export function emailHtml({
  wording,
  subject,
  summary,
  present,
  facts,
  links,
  changes,
  details,
  ackUrl,
  footer,
}: Message): Html {
  const { language, line, labels } = wording;
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${subject}</title>
</head>
<body style="margin:0;padding:16px;${FONT};font-size:16px;line-height:1.45">
<div style="max-width:600px;margin:0 auto">
<h1 dir="auto" style="font-size:20px;margin:0 0 12px;overflow-wrap:anywhere">${summary}</h1>
${present === null ? null : markup`<p style="margin:0 0 12px"><strong>${line(labels.now, present)}</strong></p>`}
${ackUrl === null ? null : markup`<p style="margin:0 0 16px"><a href="${ackUrl}" style="${BUTTON}">${labels.acknowledge}…</a></p>`}
<table role="presentation" style="border-collapse:collapse;margin:0 0 16px">
${facts.map(fact)}</table>
${links.length === 0 ? null : markup`<ul style="margin:0 0 16px;padding-left:20px">${links.map(link)}</ul>`}
${
  changes.length === 0
    ? null
    : markup`<p style="margin:0 0 4px">${labels.changes}</p>
<ul style="margin:0 0 16px;padding-left:20px">${changes.map(link)}</ul>`
}
${details === '' ? null : markup`<pre dir="auto" style="${DETAILS}">${details}</pre>`}
<p style="font-size:12px;margin:0;overflow-wrap:anywhere">${footer}</p>
</div>
</body>
</html>
`;
}

const fact = ([label, value]: readonly [string, string]): Html =>
  markup`<tr><td style="padding:2px 12px 2px 0;vertical-align:top">${label}</td>
<td dir="auto" style="padding:2px 0;overflow-wrap:anywhere">${value}</td></tr>
`;

const link = ({ text, href }: Message['links'][number]): Html =>
  markup`<li dir="auto">${href === undefined ? text : markup`<a href="${href}" rel="noreferrer">${text}</a>`}</li>
`;
