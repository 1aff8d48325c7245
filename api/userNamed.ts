/** A user of the configuration, by what another system calls them. */
import type { Configuration, User } from '../domain/configuration.ts';

/** The one user with that e-mail address, their own or of a contact method, in any case; undefined where there is none, or are several. */
export function userWithEmail(email: string, { users }: Pick<Configuration, 'users'>): User | undefined {
  const wanted = email.toLowerCase();
  const found = [...users.values()].filter(({ email: own, contacts }) =>
    [own, ...contacts.map(({ channel, to }) => (channel === 'email' ? to : undefined))].some(
      (address) => address?.toLowerCase() === wanted,
    ),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** By id, or else as `userWithEmail`. */
export const userNamed = (name: string, configuration: Pick<Configuration, 'users'>): User | undefined =>
  configuration.users.get(name) ?? userWithEmail(name, configuration);
