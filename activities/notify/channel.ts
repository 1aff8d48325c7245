/** What every channel is given, and what each looks up before it sends. */
import type { Channel } from '../../domain/channels.ts';
import type { Configuration, ContactMethod, User } from '../../domain/configuration.ts';
import type { Store } from '../../store/store.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import type { NotifyReceipt, NotifyRequest } from '../contract.ts';
import { terminal } from '../errors.ts';

export interface ChannelDeps {
  /** The configuration as it is now; asked anew at every attempt, for it reloads. */
  readonly configuration: () => Configuration;
  /** Where the text is kept as it was sent; a page never waits for it. */
  readonly store: Store;
  /** Signs links. */
  readonly secret: string;
  /** Base of links, `https://tocsin.example.com`. */
  readonly publicUrl: string;
  /** Where the channel `console` prints, a line at a time. */
  readonly print: (line: string) => void;
}

/** What each channel does: one attempt at a page, one at a notice. What they throw is of activities/errors.ts. */
export interface ChannelActivities {
  readonly notify: (request: NotifyRequest) => Promise<NotifyReceipt>;
  readonly tell: (request: NoticeRequest) => Promise<NotifyReceipt>;
}

/** The user and contact method as they are configured now (lifecycle §4.5). Throws CONTACT_GONE, terminal, where they no longer are. */
export function recipientOf(
  configuration: Configuration,
  channel: Channel,
  { user: userId, contact: contactId }: { readonly user: string; readonly contact: string },
): { readonly user: User; readonly contact: ContactMethod } {
  const user = configuration.users.get(userId);
  if (user === undefined) throw terminal('CONTACT_GONE', `user ${userId} is no longer in the configuration`);
  const contact = user.contacts.find(({ id }) => id === contactId);
  if (contact?.channel !== channel) {
    throw terminal('CONTACT_GONE', `user ${userId} has no contact method ${contactId} on channel ${channel} any more`);
  }
  return { user, contact };
}

/** The person a notice goes to. Throws CONTACT_GONE, terminal, also where it goes to a subscriber: the channel has no endpoints. */
export function personTold(
  configuration: Configuration,
  { channel, to }: NoticeRequest,
): { readonly user: User; readonly contact: ContactMethod } {
  if (to.kind === 'contact') return recipientOf(configuration, channel, to);
  throw terminal('CONTACT_GONE', `channel ${channel} has no endpoint ${to.endpoint} that could subscribe`);
}

/** Users' names as they are configured now; the id of one who no longer is. */
export const namesIn =
  ({ users }: Configuration) =>
  (user: string): string =>
    users.get(user)?.name ?? user;

/**
 * Keeps what was sent, as it was sent but for the token of its link, which lets its holder act. Not waited for, and where
 * the store is away the text is not kept: the page went out, and its outcome must neither wait nor fail for this.
 */
export function keepText(
  { store }: Pick<ChannelDeps, 'store'>,
  { incident, notification }: Pick<NotifyRequest, 'notification'> & { readonly incident: { readonly id: string } },
  text: string,
  ackUrl: string,
): void {
  const token = ackUrl.slice(ackUrl.lastIndexOf('/') + 1);
  store.keepText(incident.id, notification, text.replaceAll(token, '***')).catch(() => undefined);
}
