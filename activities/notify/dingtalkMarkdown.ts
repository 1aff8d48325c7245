/** A message in the Markdown of DingTalk's robots, in which a single line break is a space. */
import { oneLine } from '../../domain/text.ts';
import { fittingLines, jsonBytes } from './fitting.ts';
import { linkAddress } from '../../templating/escapes.ts';
import { fullWidth } from './fullWidth.ts';
import type { Said } from './robot.ts';

/** "message too long, exceed 20000 bytes" is said of the whole message: of its body in JSON. */
const BYTES = 18_000;
const LINKS = 5;
const TITLE = 100;

/** `title` stands where the message is announced, and `text` is all of it; `mentioned`: as DingTalk finds them in the text. */
export function dingtalkMarkdown(
  { message, own, paged }: Said,
  mentioned: readonly string[],
): { readonly title: string; readonly text: string } {
  const { subject, present, facts, links, details, ackUrl } = message;
  const { labels, line } = message.wording;
  const calls = mentioned.length === 0 ? [] : [`${mentioned.map((id) => `@${id}`).join(' ')}\n`];
  const ours = [
    `### ${fullWidth(subject)}\n`,
    ...calls,
    ...(present === null ? [] : [`**${line(labels.now, fullWidth(present))}**\n`]),
    ...(ackUrl === null ? [] : [`[${labels.acknowledgeAs(fullWidth(oneLine(paged?.name ?? '')))}](${ackUrl})\n`]),
    ...facts.map(([label, value]) => `- ${line(label, fullWidth(value))}`),
    ...links
      .slice(0, LINKS)
      .map(({ text, href }) =>
        href === undefined ? `- ${fullWidth(text)}` : `- [${fullWidth(text)}](${linkAddress(href)})`,
      ),
    ...(details === '' ? [] : details.split('\n').map((each) => `- ${fullWidth(indented(each))}`)),
  ];
  const lines = own === null ? ours : [...calls, ...own.split('\n')];
  return { title: fullWidth(subject, TITLE), text: fittingLines(lines, BYTES, `- ${labels.restIsCut}`, jsonBytes) };
}

/** With spaces in front it would be code, or none of them would be seen. */
const indented = (line: string): string => line.replace(/^ +/, (spaces) => '\u3000'.repeat(spaces.length / 2));
