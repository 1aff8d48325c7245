/** Where the channels of endpoints send to: one of `channels`, named by a contact method or by a subscriber. */
import type { Channels, EndpointChannel } from '../../domain/channels.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { terminal } from '../errors.ts';
import { recipientOf } from './channel.ts';
import type { Reader } from './message.ts';

/** What is configured of one. */
export type Endpoint<Kind extends EndpointChannel> = NonNullable<Channels[Kind]>[string];

/** An endpoint, its name, and in which time zone and language it is told. */
export interface Destination<Kind extends EndpointChannel> extends Reader {
  readonly name: string;
  readonly endpoint: Endpoint<Kind>;
}

type Contact = Parameters<typeof recipientOf>[2];

/** The endpoint of a user's contact method, as it is configured now. Throws, terminal: CONTACT_GONE, CHANNEL_NOT_CONFIGURED. */
export function endpointOfContact<Kind extends EndpointChannel>(
  configuration: Configuration,
  channel: Kind,
  to: Contact,
): Destination<Kind> {
  const { user, contact } = recipientOf(configuration, channel, to);
  const name = contact.to ?? '';
  const { timezone, language } = user;
  return { name, endpoint: endpointNamed(configuration, channel, name), timezone, language };
}

/** The endpoint that a notice goes to, of a person or of a subscriber. Throws as `endpointOfContact`. */
export function endpointOfNotice<Kind extends EndpointChannel>(
  configuration: Configuration,
  channel: Kind,
  { to }: NoticeRequest,
): Destination<Kind> {
  if (to.kind === 'contact') return endpointOfContact(configuration, channel, to);
  const { timezone, language } = configuration.organization;
  return { name: to.endpoint, endpoint: endpointNamed(configuration, channel, to.endpoint), timezone, language };
}

function endpointNamed<Kind extends EndpointChannel>(
  { channels }: Configuration,
  channel: Kind,
  name: string,
): Endpoint<Kind> {
  const endpoints = (channels[channel] ?? {}) as Readonly<Record<string, Endpoint<Kind>>>;
  const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
  if (endpoint !== undefined) return endpoint;
  throw terminal('CHANNEL_NOT_CONFIGURED', `channels.${channel}.${name} is not in the configuration: give its url`);
}
