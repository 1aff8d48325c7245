/**
 * A message as a card of Feishu. All that others wrote stands in `plain_text`, which knows no markup, links or mentions;
 * https://open.feishu.cn/document/common-capabilities/message-card/message-cards-content/embedded-non-interactive-elements/text.
 */
import { oneLine } from '../../domain/text.ts';
import type { CardLink } from './fitting.ts';
import { fittingCard } from './fitting.ts';
import type { Said, Tone } from './robot.ts';
import { shownOf } from './robot.ts';

/** The whole request may have 20 KB; the signature takes some of them. */
const BYTES = 19_500;

const COLOURS: Readonly<Record<Tone, string>> = {
  critical: 'red',
  error: 'red',
  warning: 'orange',
  info: 'blue',
  acknowledged: 'grey',
  resolved: 'green',
};

/** `mentioned`: ids that Feishu has for users. */
export function feishuCard(said: Said, mentioned: readonly string[]): object {
  const { tone, paged } = said;
  const message = shownOf(said);
  const { subject, present, ackUrl } = message;
  const { labels, line } = message.wording;
  const ack: readonly object[] =
    ackUrl === null ? [] : [button(labels.acknowledgeAs(oneLine(paged?.name ?? '')), ackUrl, 'danger')];
  const at = mentioned.map((id) => `<at id=${id}></at>`).join(' ');
  const card = (lines: readonly string[], links: readonly CardLink[]): object => ({
    config: { wide_screen_mode: true },
    header: { template: COLOURS[tone], title: plain(subject) },
    elements: [
      ...(at === '' ? [] : [{ tag: 'div', text: { tag: 'lark_md', content: at } }]),
      ...(present === null ? [] : [{ tag: 'div', text: plain(line(labels.now, present)) }]),
      ...(ack.length === 0 ? [] : [{ tag: 'action', actions: ack }]),
      ...(lines.length === 0 ? [] : [{ tag: 'div', text: plain(lines.join('\n')) }]),
      ...(links.length === 0
        ? []
        : [{ tag: 'action', actions: links.map(({ text, href }) => button(text, href, 'default')) }]),
    ],
  });
  return fittingCard(message, card, BYTES);
}

const plain = (content: string) => ({ tag: 'plain_text', content });

const button = (text: string, url: string, type: string): object => ({
  tag: 'button',
  text: plain(text),
  type,
  url,
});
