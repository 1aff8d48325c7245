/** The message of an incident in Slack's Block Kit (https://docs.slack.dev/reference/block-kit/blocks), with its limits: everything that others wrote only reads. */
import type { HeaderBlock, KnownBlock, MrkdwnElement, PlainTextElement } from '@slack/web-api';
import type { Link, Severity } from '../../domain/event.ts';
import { shortId } from '../../domain/identity.ts';
import { mrkdwn, mrkdwnDate, mrkdwnLines, mrkdwnLink } from '../../domain/mrkdwn.ts';
import { cut, oneLine, webAddress } from '../../domain/text.ts';
import type { Truth } from '../../domain/truth.ts';
import type { ChangeView } from '../../domain/view.ts';
import { marked } from '../../wording/drill.ts';
import { SLACK } from '../../wording/slack.ts';
import type { Wording } from '../../wording/wording.ts';
import { outline } from './details.ts';

export interface SlackCard {
  readonly incident: {
    readonly id: string;
    readonly number: number | null;
    readonly summary: string;
    readonly severity: Severity | null;
    readonly createdAt: string;
    readonly details: Readonly<Record<string, unknown>>;
    readonly links: readonly Link[];
    readonly drill?: boolean;
    readonly changes?: readonly ChangeView[];
  };
  readonly service: { readonly name: string; readonly runbook?: string };
  readonly state: Truth['state'];
  /** What is said of it, in the language of who reads: how it is, why somebody is told, where it goes on. */
  readonly said: readonly string[];
  /** mrkdwn of the operator's own, in place of links and details; null: there is none. */
  readonly body: string | null;
  /** The phone page; null where nobody in particular reads. */
  readonly viewUrl: string | null;
  /** What the buttons carry; null: there are none. */
  readonly button: string | null;
}

export interface SlackMessage {
  /** What a notification of the message says, and a screen reader. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** Characters of a header, a section's text and a field (Slack's), and ours of what is only part of one. */
const HEADER = 150;
const SECTION = 3_000;
const FIELD = 2_000;
const LINE = 500;
const DETAILS = 2_500;
const LINKS = 10;

const ICONS = { triggered: '🚨', suspended: '🚨', acknowledged: '👀', merging: '🔀', resolved: '✅' } as const;

/** At most about 11,000 characters in all; from about 13,200 Slack refuses a message. `zone`: where the time of a reader is not known. */
export function slackMessage(card: SlackCard, wording: Wording, zone: string): SlackMessage {
  const { incident, service, state } = card;
  const { labels } = wording;
  const icon = ICONS[state];
  const title = `[${nameOf(incident)}] ${oneLine(marked(incident, incident.summary, wording))}`;
  const said = card.said.map((text) => mrkdwn(text, LINE * 2));
  const since = mrkdwnDate(incident.createdAt, wording.time(incident.createdAt, zone));
  return {
    text: [`${icon} ${mrkdwn(title, LINE)}`, ...said].join('\n'),
    blocks: [
      header(cut(`${icon} ${title}`, HEADER)),
      {
        type: 'section',
        fields: [
          field(labels.incident, mrkdwn(nameOf(incident), LINE)),
          field(labels.severity, mrkdwn(wording.severity(incident.severity), LINE)),
          field(labels.service, mrkdwn(service.name, LINE)),
          field(labels.since, since),
        ],
      },
      ...said.map((text): KnownBlock => ({ type: 'section', text: written(text) })),
      ...bodyOf(card, wording, zone),
      ...actionsOf(card, wording),
      { type: 'context', elements: [written(mrkdwn(incident.id, LINE))] },
    ],
  };
}

/** A line in the thread of a message: text of ours, or mrkdwn of the operator's own. */
export function slackReply(text: string, own: string | null = null): SlackMessage {
  const line = own === null ? mrkdwnLines(text, SECTION) : short(own, SECTION);
  return { text: line, blocks: [{ type: 'section', text: written(line === '' ? '…' : line) }] };
}

function bodyOf(card: SlackCard, wording: Wording, zone: string): KnownBlock[] {
  if (card.body !== null) return [{ type: 'section', text: written(short(card.body, SECTION)) }];
  const links = linksOf(card, wording);
  const changes = changesOf(card, wording, zone);
  const details = outline(card.incident.details, wording.labels.restIsCut);
  return [
    ...(links === '' ? [] : [{ type: 'section', text: written(links) } as const]),
    ...(changes === '' ? [] : [{ type: 'section', text: written(changes) } as const]),
    ...(details === '' ? [] : [{ type: 'section', text: plain(cut(details, DETAILS)) } as const]),
  ];
}

/** Everything that is read in a message, a line each: what is kept of it, for its buttons and its links let their holder act. */
export const slackTextOf = ({ blocks }: SlackMessage): string =>
  blocks
    .flatMap((block) => {
      if (block.type === 'header') return [block.text.text];
      if (block.type !== 'section') return [];
      return [...(block.text === undefined ? [] : [block.text]), ...(block.fields ?? [])].map(({ text }) => text);
    })
    .join('\n');

const nameOf = ({ id, number }: SlackCard['incident']): string => (number === null ? shortId(id) : `#${number}`);

/** UTF-16 units count, so that a limit in characters is kept whatever a character is. */
const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: short(text, HEADER), emoji: false },
});

const short = (text: string, limit: number): string => {
  for (let kept = limit; ; kept -= 10) {
    const shown = cut(text, kept);
    if (shown.length <= limit) return shown;
  }
};

const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text: short(text, SECTION), emoji: false });

/** `verbatim`: what looks like a link or a name in it is not made one. */
const written = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

const field = (label: string, value: string): MrkdwnElement => written(short(`*${label}*\n${value}`, FIELD));

/** The runbook and the alert's links, a line each. */
function linksOf({ incident, service: { runbook } }: SlackCard, { labels }: Wording): string {
  const all = [...(runbook === undefined ? [] : [{ href: runbook, text: labels.runbook }]), ...incident.links];
  const lines = all.slice(0, LINKS).map(({ href, text }) => {
    const address = webAddress(href);
    return address === undefined ? mrkdwn(`${text ?? ''} ${href}`, LINE) : mrkdwnLink(address, text ?? href, LINE * 2);
  });
  return asManyAsFit(lines.filter((line) => line !== ''));
}

/** Of lines, in one section. */
function asManyAsFit(lines: readonly string[]): string {
  let left = SECTION;
  return lines.filter((line) => (left -= line.length + 1) >= 0).join('\n');
}

/** Change events of the service shortly before, a line each below their label. */
function changesOf({ incident: { changes = [] } }: SlackCard, wording: Wording, zone: string): string {
  if (changes.length === 0) return '';
  const lines = changes.map(({ at, summary, source, links: [link] }) => {
    const text = `${summary} (${source})`;
    const address = link && webAddress(link.href);
    const shown = address === undefined ? mrkdwn(text, LINE) : mrkdwnLink(address, text, LINE * 2);
    return `${mrkdwnDate(at, wording.time(at, zone))} ${shown}`;
  });
  return asManyAsFit([`*${wording.labels.changes}*`, ...lines]);
}

/** The buttons that make sense as it is: none of a resolved incident, or one that is being merged. */
function actionsOf({ state, viewUrl, button }: SlackCard, { labels, language }: Wording): KnownBlock[] {
  const acts = button !== null && state !== 'resolved' && state !== 'merging';
  const elements = [
    ...(viewUrl === null
      ? []
      : [{ type: 'button' as const, action_id: 'view_incident', text: plain(labels.view), url: viewUrl }]),
    ...(acts
      ? [
          { ...pressed('claim_incident', labels.acknowledge, button), style: 'primary' as const },
          pressed('resolve_incident', labels.resolve, button),
          pressed('escalate_incident', labels.escalate, button),
          pressed('snooze_incident', SLACK[language].snoozeAnHour, button),
        ]
      : []),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

const pressed = (action: string, label: string, value: string) => ({
  type: 'button' as const,
  action_id: action,
  text: plain(label),
  value,
});
