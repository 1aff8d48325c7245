/**
 * Tocsin's own incidents: a channel that fails for everybody (docs/adr/0019). Their service, policy and integration stand in
 * no configuration: what an incident asks of one is answered from the present configuration as they would have it.
 */
import type { Channel } from './channels.ts';
import { CHANNELS } from './channels.ts';
import type { ChannelWord } from './channelHealth.ts';
import { TOLD_BY_MASS } from './configuration.ts';
import type { Configuration, EscalationPolicy, Role, Service, User } from './configuration.ts';
import { days, milliseconds, minutes } from './duration.ts';
import { ERRORS } from './errors.ts';
import type { SourceEvent } from './event.ts';
import type { Route } from './route.ts';

/** The id of their integration and of their service; the configuration refuses it. */
export const OWN = 'tocsin';

/** A channel, or one endpoint of a channel that has several: each has a login of its own. */
export interface Failing {
  readonly channel: Channel;
  readonly endpoint: string | null;
}

/** `channel/email`, `channel/wecom/ops`: the dedup key, and within the policy's id what is not to be told by. */
export const failingKey = ({ channel, endpoint }: Failing): string =>
  endpoint === null ? `channel/${channel}` : `channel/${channel}/${endpoint}`;

function failingOf(key: string): Failing | null {
  const [, name, endpoint = null] = /^channel\/([a-z]+)(?:\/(.+))?$/s.exec(key) ?? [];
  const channel = CHANNELS.find((each) => each === name);
  return channel === undefined ? null : { channel, endpoint };
}

const iso = (at: number): string => new Date(at).toISOString();

/** What its incident is told: that it fails, since when and with what answer, and what to do; or that it works again. */
export function channelEvent(failing: Failing, word: ChannelWord): SourceEvent {
  const { channel, endpoint } = failing;
  const name = endpoint === null ? `Channel ${channel}` : `Channel ${channel}, endpoint ${endpoint},`;
  const event = { dedupKey: failingKey(failing), source: OWN, component: channel, at: word.at } as const;
  if (word.word === 'works') return { ...event, action: 'resolve', summary: `${name} works again` };
  const { code, detail, since, attempts } = word;
  return {
    ...event,
    action: 'trigger',
    severity: 'critical',
    summary: `${name} fails for everybody: ${ERRORS[code].title}`,
    details: {
      code,
      answer: detail,
      since: iso(since),
      attempts,
      'what to do': `Put channels.${channel} right in the configuration, or what keeps the workers from its provider; then npx tocsin send-test to a contact of this channel says whether it works, and ends this incident.`,
    },
  };
}

export const OWN_ROUTE: Route = {
  service: OWN,
  rule: null,
  severity: null,
  priority: null,
  urgency: null,
  holdFor: null,
  why: 'Tocsin watches its own channels',
  remarks: [],
};

const FLAPPING = minutes(30);
const SERVICE: Omit<Service, 'escalationPolicy'> = {
  id: OWN,
  name: 'Tocsin',
  description: 'its own channels',
  ackTimeout: { after: minutes(60), resume: 'same-level' },
  urgency: 'high',
  minuteZeroMaxAge: minutes(10),
  holdFor: milliseconds(0),
  threshold: null,
  // Workers that see different things, one with a way to the provider and one without: one incident all the same.
  reopenWindow: FLAPPING,
  flapping: { transitions: 6, within: FLAPPING, quiet: minutes(10), digestEvery: FLAPPING },
  // Nothing is sent by it any more, and so nobody will say that it works again.
  autoResolve: { after: days(1), from: 'lastEvent', includeAcknowledged: true },
  grouping: null,
  subscribers: [],
};

/** Whoever can put it right, and where there is nobody, whoever knows them. */
const TOLD: readonly Role[] = ['admin', 'manager', 'responder', 'observer'];

/**
 * The configuration as an incident of Tocsin's own is to see it, by its dedup key or its policy's id; as it is for all others. Its
 * policy tells all users of the first role of which anybody has a contact method that does not fail; users have those alone,
 * and are told by all of them at once.
 */
export function ownConfiguration(configuration: Configuration, key: string): Configuration {
  const failing = failingOf(key);
  if (failing === null) return configuration;
  const users = [...configuration.users.values()].map((user) => toldByOthers(user, failing));
  const reachable = users.filter(({ contacts }) => contacts.length > 0);
  const role = TOLD.find((each) => reachable.some((user) => user.role === each));
  const told = reachable.filter((user) => user.role === role).slice(0, TOLD_BY_MASS);
  const policy: EscalationPolicy = {
    id: key,
    name: 'Tocsin',
    repeat: 5,
    levels: [
      {
        targets: told.map(({ id }) => ({ kind: 'user', id })),
        escalateAfter: minutes(10),
        ifEmpty: 'skip',
        onEscalate: 'replace',
        multiAck: false,
        massNotification: true,
        assign: 'all',
      },
    ],
    lastResort: [],
  };
  return {
    ...configuration,
    users: new Map(users.map((user) => [user.id, user])),
    services: new Map([...configuration.services, [OWN, { ...SERVICE, escalationPolicy: key }]]),
    escalationPolicies: new Map([...configuration.escalationPolicies, [key, policy]]),
  };
}

function toldByOthers(user: User, { channel, endpoint }: Failing): User {
  const contacts = user.contacts.filter(
    (contact) => contact.channel !== channel || (endpoint !== null && contact.to !== endpoint),
  );
  const rules = contacts.map(({ id }) => ({ after: milliseconds(0), contact: id }));
  return { ...user, away: [], contacts, notificationRules: { high: rules, low: rules } };
}
