/**
 * The channel `ntfy`: a topic of an ntfy server, as `channels.ntfy` says; https://docs.ntfy.sh/publish/#publish-as-json. As JSON,
 * for a title in a header has no script but Latin; without Markdown, so that a text is text.
 */
import { retryable } from '../errors.ts';
import { fittingLines, jsonBytes } from './fitting.ts';
import type { Message } from './message.ts';
import type { Said, Tone } from './robot.ts';
import { robotChannel, shownOf } from './robot.ts';
import { bodyOf, objectIn, stranger, wrongSetting } from './answer.ts';

/** Beyond 4,096 bytes a message becomes an attachment; the JSON may have twice as many, with the link in it three times. */
const MESSAGE_BYTES = 4_096;

/** 5 rings through Do Not Disturb, 3 is the default. */
const PRIORITIES: Readonly<Record<Tone, number>> = {
  critical: 5,
  error: 4,
  warning: 3,
  info: 2,
  acknowledged: 3,
  resolved: 3,
};

export const ntfyChannel = robotChannel<'ntfy'>({
  channel: 'ntfy',
  called: 'ntfy topic',
  post(said, { url, token }) {
    const { message } = said;
    const text = textOf(shownOf(said));
    const { origin, pathname } = new URL(url);
    const slash = pathname.lastIndexOf('/');
    return {
      url: origin + pathname.slice(0, slash + 1),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body: {
        topic: pathname.slice(slash + 1),
        title: message.subject,
        message: text,
        priority: PRIORITIES[said.tone],
        ...pressed(said),
      },
      text: `${message.subject}\n${text}`,
      secrets: [pathname.slice(slash + 1), ...(token === undefined ? [] : [token])],
    };
  },
  read(answer, asked) {
    const providerId = objectIn(bodyOf(answer, asked))?.['id'];
    if (typeof providerId !== 'string') throw stranger(answer, 'ntfy', asked);
    return { providerId, detail: String(answer.status) };
  },
  refusal(answer, asked, after) {
    if (answer.status === 401 || answer.status === 403) return wrongSetting(answer, 'token', asked);
    // 507: what the topic keeps is full.
    const busy = answer.status === 507;
    return busy
      ? retryable('PROVIDER_BUSY', `${asked.what} answered ${answer.shown}`, after === undefined ? {} : { after })
      : undefined;
  },
});

/** What a press on it, and on its button, does: the page of the user who is paged, and their acknowledgement at once. */
function pressed({ message: { ackUrl, wording } }: Said): object {
  if (ackUrl === null) return {};
  const acknowledge = {
    action: 'http',
    label: wording.labels.acknowledge,
    url: ackUrl,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'action=acknowledge',
    clear: true,
  };
  return { click: ackUrl, actions: [acknowledge] };
}

function textOf(message: Message): string {
  const { summary, subject, present, facts, links, details, wording } = message;
  const { labels, line } = wording;
  const lines = [
    ...(subject.endsWith(summary) ? [] : [summary]),
    ...(present === null ? [] : [line(labels.now, present)]),
    ...facts.map(([label, value]) => line(label, value)),
    ...links.map(({ text, href }) => (href === undefined ? text : line(text, href))),
    ...(details === '' ? [] : details.split('\n')),
  ];
  return fittingLines(lines, MESSAGE_BYTES, labels.restIsCut, jsonBytes);
}
