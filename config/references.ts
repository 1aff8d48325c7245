/**
 * What no single section can know: that ids are unique, and that what is named exists. Looked at in the tree itself and
 * not in what the schema makes of it, so that these errors are told together with those of the schema.
 */
import { type EndpointChannel, isEndpointChannel } from '../domain/channels.ts';
import { TOLD_AT_ONCE, TOLD_BY_MASS } from '../domain/configuration.ts';
import { checkGroupings } from './expressions.ts';
import { checkIntegrations, integrationReference } from './integrations.ts';
import { checkMappings } from './mappings.ts';
import { suggestion } from './nearest.ts';
import type { Path, Problem } from './problems.ts';
import { checkRouting } from './routing.ts';
import { phone } from './schema/channels/parts.ts';
import { readSubscriber } from './schema/subscriber.ts';
import { checkSlack } from './slack.ts';
import { address } from './schema/parts.ts';
import { checkTemplates } from './templates.ts';
import { at, maps, reference, texts } from './tree.ts';
import type { Trees } from './tree.ts';

/** All that is wrong between sections. `tree` has its `${NAME}` replaced, `written` has not. */
export function checkReferences(tree: unknown, written: unknown): readonly Problem[] {
  const trees = { tree, written };
  return [
    ...['users', 'teams', 'schedules', 'escalationPolicies', 'services', 'tokens', 'monitors'].flatMap((section) =>
      duplicateIds(trees, [section]),
    ),
    ...maps(tree, ['users']).flatMap(([path]) => checkUser(trees, path)),
    ...maps(tree, ['teams']).flatMap(([team]) =>
      texts(tree, [...team, 'members']).flatMap(([path, id]) => reference(trees, path, id, 'user', ['users'])),
    ),
    ...maps(tree, ['schedules']).flatMap(([schedule]) =>
      maps(tree, [...schedule, 'layers']).flatMap(([layer]) =>
        texts(tree, [...layer, 'users']).flatMap(([path, id]) => reference(trees, path, id, 'user', ['users'])),
      ),
    ),
    ...maps(tree, ['escalationPolicies']).flatMap(([path]) => checkPolicy(trees, path)),
    ...maps(tree, ['services']).flatMap(([path, { escalationPolicy, team }]) => [
      ...reference(trees, [...path, 'escalationPolicy'], escalationPolicy, 'policy', ['escalationPolicies']),
      ...reference(trees, [...path, 'team'], team, 'team', ['teams']),
    ]),
    ...maps(tree, ['services']).flatMap(([service]) =>
      texts(tree, [...service, 'subscribers']).flatMap(([path, text]) => {
        const { channel, endpoint } = readSubscriber(text) ?? {};
        if (channel === 'sms') return groupReference(trees, path, endpoint);
        return isEndpointChannel(channel) ? endpointReference(trees, path, endpoint, channel) : [];
      }),
    ),
    ...checkMentions(trees),
    ...maps(tree, ['tokens']).flatMap(([path, { user }]) =>
      reference(trees, [...path, 'user'], user, 'user', ['users']),
    ),
    ...checkTheirUsers(trees),
    ...checkIntegrations(trees),
    ...maps(tree, ['monitors']).flatMap(([path, { integration }]) =>
      integrationReference(trees, [...path, 'integration'], integration),
    ),
    ...checkRouting(trees),
    ...checkGroupings(trees),
    ...checkMappings(trees),
    ...checkTemplates(trees),
    ...checkSlack(trees),
  ];
}

function checkUser(trees: Trees, user: Path): readonly Problem[] {
  const contacts: Path = [...user, 'contacts'];
  const emails = maps(trees.tree, contacts).filter(([, { channel }]) => channel === 'email');
  const isConfigured = at(trees.tree, ['channels', 'email']) !== undefined;
  const sentence = 'channel email is not configured; add channels: { email: { smtp: …, from: … } }';
  return [
    ...duplicateIds(trees, contacts),
    ...emails.flatMap(([path, { to }]): Problem[] => {
      const [wrong] = address.safeParse(to).error?.issues ?? [];
      if (wrong === undefined) return [];
      const says = wrong.code === 'custom' ? { sentence: wrong.message } : { expected: wrong.message };
      return [{ path: [...path, 'to'], says }];
    }),
    ...TELEPHONY.flatMap((channel) => checkPhones(trees, contacts, channel)),
    ...maps(trees.tree, contacts).flatMap(([path, { channel, to }]) =>
      isEndpointChannel(channel) ? endpointReference(trees, [...path, 'to'], to, channel) : [],
    ),
    ...(isConfigured ? [] : emails.map(([path]) => ({ path: [...path, 'channel'], says: { sentence } }))),
    ...['high', 'low'].flatMap((urgency) =>
      maps(trees.tree, [...user, 'notificationRules', urgency]).flatMap(([path, { contact }]) =>
        reference(trees, [...path, 'contact'], contact, 'contact method of this user', contacts),
      ),
    ),
  ];
}

const TELEPHONY = ['sms', 'voice'] as const;

/** That contact methods of this channel are phone numbers, and that it is configured. */
function checkPhones({ tree }: Trees, contacts: Path, channel: (typeof TELEPHONY)[number]): readonly Problem[] {
  const isConfigured = at(tree, ['channels', channel]) !== undefined;
  const sentence = `channel ${channel} is not configured; add channels: { ${channel}: { provider: … } }`;
  return maps(tree, contacts)
    .filter(([, contact]) => contact['channel'] === channel)
    .flatMap(([path, { to }]): readonly Problem[] => {
      const [wrong] = phone.safeParse(to).error?.issues ?? [];
      return [
        ...(wrong === undefined ? [] : [{ path: [...path, 'to'], says: { expected: wrong.message } }]),
        ...(isConfigured ? [] : [{ path: [...path, 'channel'], says: { sentence } }]),
      ];
    });
}

/** That `name` is a group of numbers in `channels.sms`. */
function groupReference({ tree, written }: Trees, path: Path, name: string | undefined): readonly Problem[] {
  const names = (of: unknown): readonly string[] => Object.keys(at(of, ['channels', 'sms', 'groups']) ?? {});
  if (name === undefined || names(tree).includes(name)) return [];
  const sentence = (found: string): string =>
    `${found}: there is no such group in channels.sms.groups${suggestion(name, names(written))}`;
  return [{ path, says: { sentence } }];
}

/** That those who act in PagerDuty are users. */
function checkTheirUsers(trees: Trees): readonly Problem[] {
  const endpoints: Path = ['channels', 'pagerduty'];
  return Object.keys(at(trees.tree, endpoints) ?? {}).flatMap((name) => {
    const users: Path = [...endpoints, name, 'users'];
    return Object.entries(at(trees.tree, users) ?? {}).flatMap(([theirs, user]) =>
      reference(trees, [...users, theirs], user, 'user', ['users']),
    );
  });
}

/** That `name` is an endpoint of this channel in `channels`. */
function endpointReference(
  { tree, written }: Trees,
  path: Path,
  name: unknown,
  channel: EndpointChannel,
): readonly Problem[] {
  const names = (of: unknown): readonly string[] => Object.keys(at(of, ['channels', channel]) ?? {});
  if (typeof name !== 'string') {
    return [{ path, says: { expected: `the name of an endpoint in channels.${channel}` } }];
  }
  if (names(tree).includes(name)) return [];
  const sentence = (found: string): string =>
    `${found}: there is no such endpoint in channels.${channel}${suggestion(name, names(written))}`;
  return [{ path, says: { sentence } }];
}

/** That whom a group robot may mention are users. Of channels no value is quoted, but these are names of members. */
function checkMentions({ tree, written }: Trees): readonly Problem[] {
  const users = maps(written, ['users']).flatMap(([, { id }]) => (typeof id === 'string' ? [id] : []));
  const known = new Set(maps(tree, ['users']).map(([, { id }]) => id));
  return MENTIONING.flatMap((channel) =>
    members(tree, ['channels', channel]).flatMap((endpoint) => {
      const mentions: Path = ['channels', channel, endpoint, 'mentions'];
      const strangers = members(tree, mentions).filter((user) => !known.has(user));
      return strangers.map((user) => {
        const sentence = `there is no user ${JSON.stringify(user)}${suggestion(user, users)}`;
        return { path: [...mentions, user], says: { sentence } };
      });
    }),
  );
}

function members(tree: unknown, path: Path): readonly string[] {
  const map = at(tree, path);
  return typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.keys(map) : [];
}

const MENTIONING: readonly EndpointChannel[] = ['wecom', 'dingtalk', 'feishu'];

const TARGET = /^(user|schedule|team):(.*)$/;

function checkPolicy(trees: Trees, policy: Path): readonly Problem[] {
  const levels = maps(trees.tree, [...policy, 'levels']);
  const lastResort: Path = [...policy, 'lastResort'];
  return [
    ...[...levels.map(([level]): Path => [...level, 'targets']), lastResort].flatMap((targets) =>
      texts(trees.tree, targets).flatMap(([path, target]) => {
        const [, kind, id] = TARGET.exec(target) ?? [];
        return kind === undefined ? [] : reference(trees, path, id, kind, [`${kind}s`]);
      }),
    ),
    ...levels.flatMap(([level, { massNotification, assign }]) => {
      const targets: Path = [...level, 'targets'];
      const limit = massNotification === true ? TOLD_BY_MASS : TOLD_AT_ONCE;
      const named = texts(trees.tree, targets);
      if (assign !== 'round-robin') return tooMany(trees, targets, named, limit);
      return named.flatMap((one) => tooMany(trees, one[0], [one], limit));
    }),
    ...tooMany(trees, lastResort, texts(trees.tree, lastResort), TOLD_BY_MASS),
  ];
}

/** That these targets never are more people than that: a schedule has one on call, a team all its members. */
function tooMany({ tree }: Trees, path: Path, targets: ReturnType<typeof texts>, limit: number): readonly Problem[] {
  const people = targets.flatMap(([, target]): readonly string[] => {
    const [, kind, id] = TARGET.exec(target) ?? [];
    if (kind !== 'team') return [kind === 'user' ? String(id) : target];
    const team = maps(tree, ['teams']).find(([, fields]) => fields['id'] === id);
    return team === undefined ? [] : texts(tree, [...team[0], 'members']).map(([, member]) => member);
  });
  const count = new Set(people).size;
  if (count <= limit) return [];
  const way = limit === TOLD_AT_ONCE ? '; with massNotification: true it may' : '';
  const sentence = `this could tell ${count} people, and may tell ${limit} at most${way}`;
  return [{ path, says: { sentence } }];
}

function duplicateIds({ tree }: Trees, section: Path): readonly Problem[] {
  const seen = new Set<unknown>();
  return maps(tree, section).flatMap(([path, { id }]) => {
    if (typeof id === 'string' && seen.has(id)) return [{ path: [...path, 'id'], says: { sentence: alreadyTaken } }];
    seen.add(id);
    return [];
  });
}

const alreadyTaken = (found: string): string => `${found} is the id of another one before it; rename one of them`;
