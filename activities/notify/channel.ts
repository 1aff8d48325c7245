/** What every channel is given, and what each looks up before it sends. */
import type { Channel, Configuration, ContactMethod, User } from '../../domain/configuration.ts';
import type { Store } from '../../store/store.ts';
import type { NotifyActivities, NotifyRequest } from '../contract.ts';
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

/** One attempt on one channel; what it throws is of activities/errors.ts. */
export type Notify = NotifyActivities['notify'];

/** The user and contact method as they are configured now (lifecycle §4.5). Throws CONTACT_GONE, terminal, where they no longer are. */
export function recipientOf(
  configuration: Configuration,
  channel: Channel,
  { user: userId, contact: contactId }: NotifyRequest,
): { readonly user: User; readonly contact: ContactMethod } {
  const user = configuration.users.get(userId);
  if (user === undefined) throw terminal('CONTACT_GONE', `user ${userId} is no longer in the configuration`);
  const contact = user.contacts.find(({ id }) => id === contactId);
  if (contact?.channel !== channel) {
    throw terminal('CONTACT_GONE', `user ${userId} has no contact method ${contactId} on channel ${channel} any more`);
  }
  return { user, contact };
}
