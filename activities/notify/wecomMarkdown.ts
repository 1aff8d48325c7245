/** A message in the Markdown of WeCom's group robots: titles, links, quotes, mentions, three font colours, and no way to escape any of them. */
import { oneLine } from '../../domain/text.ts';
import { fittingLines } from './fitting.ts';
import { linkAddress } from '../../templating/escapes.ts';
import { fullWidth } from './fullWidth.ts';
import type { Said, Tone } from './robot.ts';

/** Bytes of UTF-8 that a message may have. */
const BYTES = 4_096;
const LINKS = 5;

/** Green, grey and orange. */
const COLOURS: Readonly<Record<Tone, 'info' | 'comment' | 'warning'>> = {
  critical: 'warning',
  error: 'warning',
  warning: 'comment',
  info: 'info',
  acknowledged: 'comment',
  resolved: 'info',
};

/** At most 4,096 bytes: what does not fit is left out by the line, from the end, and that is said. `mentioned`: userids of WeCom. */
export function wecomMarkdown({ message, own, tone, paged }: Said, mentioned: readonly string[]): string {
  const { subject, summary, present, facts, links, details, ackUrl } = message;
  const { labels, line } = message.wording;
  const [prefix = ''] = /^\[[^\]]*\]/.exec(subject) ?? [];
  const calls = mentioned.length === 0 ? [] : [mentioned.map((id) => `<@${id}>`).join(' ')];
  if (own !== null) return fittingLines([...calls, ...own.split('\n')], BYTES, `> ${labels.restIsCut}`);
  const lines = [
    `**${fullWidth(prefix)}** <font color="${COLOURS[tone]}">${fullWidth(summary)}</font>`,
    ...calls,
    ...(present === null ? [] : [`**${line(labels.now, fullWidth(present))}**`]),
    ...(ackUrl === null ? [] : [`[${labels.acknowledgeAs(fullWidth(oneLine(paged?.name ?? '')))}](${ackUrl})`]),
    ...facts.map(([label, value]) => `> ${line(label, `<font color="comment">${fullWidth(value)}</font>`)}`),
    ...links
      .slice(0, LINKS)
      .map(({ text, href }) =>
        href === undefined ? `> ${fullWidth(text)}` : `> [${fullWidth(text)}](${linkAddress(href)})`,
      ),
    ...(details === '' ? [] : details.split('\n').map((each) => `> ${fullWidth(each)}`)),
  ];
  return fittingLines(lines, BYTES, `> ${labels.restIsCut}`);
}
