/** What only several sections together can say of Slack: that whoever is written to there can be, and that a Slack user is one user. */
import type { Path, Problem } from './problems.ts';
import { readSubscriber } from './schema/subscriber.ts';
import { at, maps, texts } from './tree.ts';
import type { Trees } from './tree.ts';

/** Ids as Slack makes them, and a channel's name (https://docs.slack.dev/apis/web-api/using-the-conversations-api). */
const PERSON = /^[UW][A-Z0-9]{2,31}$/;
const CHANNEL = /^(?:[CGD][A-Z0-9]{2,31}|#[^\s/#@<>|]{1,80})$/u;
const PERSON_OR_CHANNEL =
  'the id of a Slack user or channel, such as U02ABCDEF or C02ABCDEF, or a channel’s name, such as "#incidents"';
const A_CHANNEL = 'a channel of Slack: its name or id, such as slack:#incidents or slack:C02ABCDEF';
const NOT_CONFIGURED = 'channel slack is not configured; add channels: { slack: { botToken: …, signingSecret: … } }';

/** Contact methods and subscribers on the channel `slack`. */
export function checkSlack(trees: Trees): readonly Problem[] {
  const { tree } = trees;
  const configured = at(tree, ['channels', 'slack']) !== undefined;
  const contacts = maps(tree, ['users']).flatMap(([user]) =>
    maps(tree, [...user, 'contacts']).filter(([, { channel }]) => channel === 'slack'),
  );
  const subscribers = maps(tree, ['services']).flatMap(([service]) =>
    texts(tree, [...service, 'subscribers']).filter(([, text]) => readSubscriber(text)?.channel === 'slack'),
  );
  const where: readonly Path[] = [
    ...contacts.map(([path]): Path => [...path, 'channel']),
    ...subscribers.map(([path]) => path),
  ];
  return [
    ...contacts.flatMap(([path, { to }]): Problem[] =>
      typeof to === 'string' && (PERSON.test(to) || CHANNEL.test(to))
        ? []
        : [{ path: [...path, 'to'], says: { expected: PERSON_OR_CHANNEL } }],
    ),
    ...subscribers.flatMap(([path, text]): Problem[] =>
      CHANNEL.test(readSubscriber(text)?.endpoint ?? '') ? [] : [{ path, says: { expected: A_CHANNEL } }],
    ),
    ...sharedPeople(contacts),
    ...(configured ? [] : where.map((path): Problem => ({ path, says: { sentence: NOT_CONFIGURED } }))),
  ];
}

/** Who presses a button is known by their Slack user alone, so that it is one user's. */
function sharedPeople(contacts: ReturnType<typeof maps>): readonly Problem[] {
  const owners = new Map<string, string>();
  return contacts.flatMap(([path, { to }]): Problem[] => {
    if (typeof to !== 'string' || !PERSON.test(to)) return [];
    const owner = String(path[1]);
    const other = owners.get(to);
    if (other === undefined) owners.set(to, owner);
    if (other === undefined || other === owner) return [];
    const sentence = (found: string): string =>
      `${found} is another user’s Slack user; who presses a button there must be one user`;
    return [{ path: [...path, 'to'], says: { sentence } }];
  });
}
