/**
 * A message as an Adaptive Card. All that others wrote stands in text runs, in which there is no Markdown, and in titles of
 * buttons; https://adaptivecards.io/explorer/TextRun.html. Mentions need an entity beside the card, and there is none.
 */
import { oneLine } from '../../domain/text.ts';
import type { CardLink } from './fitting.ts';
import { fittingCard } from './fitting.ts';
import type { Said, Tone } from './robot.ts';
import { shownOf } from './robot.ts';

/** 28 KB are taken, and some that take them count two bytes a character: less by either count, with the envelope. */
const BYTES = 27_500;

const COLOURS: Readonly<Record<Tone, string>> = {
  critical: 'Attention',
  error: 'Attention',
  warning: 'Warning',
  info: 'Accent',
  acknowledged: 'Default',
  resolved: 'Good',
};

export function teamsCard(said: Said): object {
  const { tone, paged } = said;
  const message = shownOf(said);
  const { subject, present, ackUrl } = message;
  const { labels, line } = message.wording;
  const ack: readonly object[] =
    ackUrl === null ? [] : [openUrl(labels.acknowledgeAs(oneLine(paged?.name ?? '')), ackUrl)];
  const card = (lines: readonly string[], links: readonly CardLink[]): object => ({
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body: [
      text({ text: subject, weight: 'Bolder', size: 'Medium', color: COLOURS[tone] }),
      ...(present === null ? [] : [text({ text: line(labels.now, present), weight: 'Bolder' })]),
      ...lines.map((each) => ({ ...text({ text: each }), spacing: 'None' })),
    ],
    actions: [...ack, ...links.map(({ text, href }) => openUrl(text, href))],
    msteams: { width: 'full' },
  });
  return fittingCard(message, card, BYTES, bytes);
}

function bytes(card: object): number {
  const json = JSON.stringify(card);
  return Math.max(Buffer.byteLength(json), 2 * json.length);
}

const text = (run: object): object => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', ...run }] });

const openUrl = (title: string, url: string): object => ({ type: 'Action.OpenUrl', title, url });
