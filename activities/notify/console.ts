/** The channel `console`: prints the notification where Tocsin runs. For trying it out, and for a screen on the wall. */
import type { User } from '../../domain/configuration.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn, personTold, recipientOf } from './channel.ts';
import type { Message } from './message.ts';
import { messageOf, noticeMessageOf } from './message.ts';
import { templated } from './templates.ts';

const DETAIL_LINES = 6;

/** Both throw CONTACT_GONE, terminal. */
export function consoleChannel(deps: ChannelDeps): ChannelActivities {
  const { configuration, secret, publicUrl, print } = deps;
  const show = ({ id, name }: User, text: string): void => {
    print(`-- to ${name} (${id})`);
    for (const line of text.split('\n')) print(`   ${line}`);
  };
  return {
    async notify(request) {
      const present = configuration();
      const { user } = recipientOf(present, 'console', request);
      const message = messageOf(request, { ...user, secret, publicUrl });
      const own = templated(present.templates, 'console', message);
      const text = own.part('page', () => linesOf(message).join('\n'));
      show(user, text);
      keepText(deps, request, text, message.ackUrl);
      return own.told({});
    },
    async tell(request) {
      const present = configuration();
      const { user } = personTold(present, request);
      const message = noticeMessageOf(request, { ...user, nameOf: namesIn(present) });
      const own = templated(present.templates, 'console', message);
      show(
        user,
        own.part('notice', () => linesOf(message).join('\n')),
      );
      return own.told({});
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
