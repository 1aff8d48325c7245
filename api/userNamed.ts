/** A user of the configuration, by what another system calls them. */
import type { Configuration, User } from '../domain/configuration.ts';

/** Whether it is their own address, or one that they are told at, in any case. */
export const hasEmail = ({ email: own, contacts }: User, email: string): boolean =>
  [own, ...contacts.map(({ channel, to }) => (channel === 'email' ? to : undefined))].some(
    (address) => address?.toLowerCase() === email.toLowerCase(),
  );

/** The one user with that e-mail address, as `hasEmail`; undefined where there is none, or are several. */
export function userWithEmail(email: string, { users }: Pick<Configuration, 'users'>): User | undefined {
  const found = [...users.values()].filter((user) => hasEmail(user, email));
  return found.length === 1 ? found[0] : undefined;
}

/** By id, or else as `userWithEmail`. */
export const userNamed = (name: string, configuration: Pick<Configuration, 'users'>): User | undefined =>
  configuration.users.get(name) ?? userWithEmail(name, configuration);
