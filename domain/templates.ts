/** Templates of an operator's own, in place of what Tocsin says by itself: which parts of which channel's messages may have one. */
import type { Channel } from './channels.ts';
import type { Language } from './language.ts';

/**
 * What a text is put into, which decides how what others wrote is kept from acting in it: one line of plain text, or several;
 * HTML; a robot's Markdown, which knows no escape; Slack's mrkdwn.
 */
export type TextKind = 'line' | 'lines' | 'html' | 'robot' | 'mrkdwn';

export interface TemplatePart {
  readonly kind: TextKind;
  /** Characters that it may come to. Plain text is cut there; HTML cannot be, and ours is sent. */
  readonly limit: number;
}

const line = (limit: number): TemplatePart => ({ kind: 'line', limit });
const lines = (limit: number): TemplatePart => ({ kind: 'lines', limit });
const html: TemplatePart = { kind: 'html', limit: 100_000 };
const mrkdwn: TemplatePart = { kind: 'mrkdwn', limit: 3_000 };
const robot: TemplatePart = { kind: 'robot', limit: 20_000 };

/** By channel and part. What a provider's own format needs around them, buttons among it, stays ours. */
export const TEMPLATE_PARTS = {
  email: {
    subject: line(200),
    text: lines(20_000),
    html,
    noticeSubject: line(200),
    noticeText: lines(20_000),
    noticeHtml: html,
  },
  sms: { page: lines(1_000), notice: lines(1_000) },
  // Read aloud; what the keys do is always said after it.
  voice: { page: line(400), notice: line(400) },
  // Title, fields, how it is, and the buttons are always there; the notice is the line in the thread.
  slack: { page: mrkdwn, notice: mrkdwn },
  wecom: { page: robot, notice: robot },
  dingtalk: { page: robot, notice: robot },
  feishu: { page: lines(10_000), notice: lines(10_000) },
  teams: { page: lines(10_000), notice: lines(10_000) },
  ntfy: { page: lines(4_000), notice: lines(4_000) },
  console: { page: lines(4_000), notice: lines(4_000) },
  pagerduty: { summary: line(1_024), noticeSummary: line(1_024) },
  opsgenie: {
    message: line(130),
    description: lines(15_000),
    noticeMessage: line(130),
    noticeDescription: lines(15_000),
    note: lines(25_000),
  },
} as const satisfies Partial<Record<Channel, Readonly<Record<string, TemplatePart>>>>;

export type TemplatedChannel = keyof typeof TEMPLATE_PARTS;
export type PartOf<Kind extends TemplatedChannel> = keyof (typeof TEMPLATE_PARTS)[Kind] & string;

/** Liquid, by the language of whoever reads it; `any`: in every other one. */
export type Template = Readonly<Partial<Record<Language | 'any', string | undefined>>>;

/** As they are configured. */
export type Templates = {
  readonly [Kind in TemplatedChannel]?: { readonly [Part in PartOf<Kind>]?: Template | undefined } | undefined;
};
