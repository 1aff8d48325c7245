/** HTML as a template made it: its tags are the operator's own, but what stands in an attribute may be what an alert had. */
import { markup } from '../domain/html.ts';

const ADDRESSES = /\s(?:href|src|action|formaction|background|poster|srcset|xlink:href)\s*=\s*("[^"]*"|'[^']*')/gi;
/** Also where there is nothing to follow. */
const FOLLOWED = /^\s*(?:https?:|mailto:|cid:|#|$)/i;

/** Whether every address in it is one of the web, of an e-mail, or within it. */
export const isHarmlessHtml = (html: string): boolean =>
  [...html.matchAll(ADDRESSES)].every(([, quoted = '']) => FOLLOWED.test(quoted.slice(1, -1)));

/** With the mark in front of everything that is shown. */
export function markedHtml(html: string, mark: string): string {
  const shown = markup`<p><strong>${mark}</strong></p>`.text;
  const body = /<body[^>]*>/i.exec(html);
  if (body === null) return shown + html;
  const end = body.index + body[0].length;
  return html.slice(0, end) + shown + html.slice(end);
}
