/** The channel `console`: prints the notification where Tocsin runs. For trying it out, and for a screen on the wall. */
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn, personTold, recipientOf } from './channel.ts';
import type { Message } from './message.ts';
import { messageOf, noticeMessageOf } from './message.ts';

const DETAIL_LINES = 6;

/** Both throw CONTACT_GONE, terminal. */
export function consoleChannel(deps: ChannelDeps): ChannelActivities {
  const { configuration, secret, publicUrl, print } = deps;
  return {
    async notify(request) {
      const { user } = recipientOf(configuration(), 'console', request);
      const message = messageOf(request, { ...user, secret, publicUrl });
      const lines = linesOf(message);
      print(`-- to ${user.name} (${user.id})`);
      for (const line of lines) print(`   ${line}`);
      keepText(deps, request, lines.join('\n'), message.ackUrl);
      return {};
    },
    async tell(request) {
      const present = configuration();
      const { user } = personTold(present, request);
      const message = noticeMessageOf(request, { ...user, nameOf: namesIn(present) });
      print(`-- to ${user.name} (${user.id})`);
      for (const line of linesOf(message)) print(`   ${line}`);
      return {};
    },
  };
}

function linesOf({ wording, subject, present, facts, links, ...message }: Message): readonly string[] {
  const { line, labels } = wording;
  const details = message.details === '' ? [] : message.details.split('\n');
  return [
    subject,
    ...(present === null ? [] : [line(labels.now, present)]),
    ...facts.map(([label, value]) => line(label, value)),
    ...links.map(({ text, href }) => (href === undefined ? line(labels.link, text) : line(text, href))),
    ...details.slice(0, DETAIL_LINES),
    ...(details.length > DETAIL_LINES ? ['…'] : []),
    ...(message.ackUrl === null ? [] : [line(labels.acknowledge, message.ackUrl)]),
  ];
}
