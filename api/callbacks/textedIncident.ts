/** Which incident a reply from a phone is about: told by the ledgers of the incidents alone, for nothing else is kept. */
import type { ContactMethod, User } from '../../domain/configuration.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { IncidentView, NotificationView } from '../../domain/view.ts';
import type { IncidentGateway } from '../ports.ts';

/** A user's contact method with that number. */
export interface PhoneOwner {
  readonly user: User;
  readonly contact: ContactMethod;
}

/** Everybody whose number this is, by text or by call: a phone may be shared. */
export const ownersOf = ({ users }: Pick<Configuration, 'users'>, number: string): readonly PhoneOwner[] =>
  [...users.values()].flatMap((user) =>
    user.contacts
      .filter(({ channel, to }) => (channel === 'sms' || channel === 'voice') && to === number)
      .map((contact) => ({ user, contact })),
  );

/** An incident, and what it sent to that phone last. */
export interface Texted {
  readonly incident: IncidentView;
  readonly owner: PhoneOwner;
  readonly notification: NotificationView;
}

/** Open incidents that are looked at, newest first, and of them those whose ledgers are read: those that the phone's owners are on before all others. */
const LISTED = 250;
const READ = 40;

/** The open incident that this phone was texted about last. Throws as the gateway does. */
export async function latestTexted(
  incidents: IncidentGateway,
  owners: readonly PhoneOwner[],
): Promise<Texted | undefined> {
  const texts = owners.filter(({ contact }) => contact.channel === 'sms');
  const listed = await incidents.list({ status: 'open', limit: LISTED });
  const isOn = ({ assignees, responders }: IncidentView): boolean =>
    owners.some(({ user }) => assignees.includes(user.id) || responders.includes(user.id));
  const open = listed.incidents.map(({ incident }) => incident);
  const read = [...open.filter(isOn), ...open.filter((incident) => !isOn(incident))].slice(0, READ);
  const found = await Promise.all(read.map((incident) => lastSent(incidents, incident, texts)));
  return found
    .flatMap((texted) => (texted === undefined ? [] : [texted]))
    .reduce<Texted | undefined>(
      (last, one) => (last === undefined || sentAt(one) > sentAt(last) ? one : last),
      undefined,
    );
}

/** The incident with that number, open or not, and what it sent to this phone; `texted` is absent where it sent nothing. */
export async function numbered(
  incidents: IncidentGateway,
  number: number,
  owners: readonly PhoneOwner[],
): Promise<{ readonly incident: IncidentView; readonly texted?: Texted } | undefined> {
  const [found] = (await incidents.list({ number, limit: 1 })).incidents;
  if (found === undefined) return undefined;
  const texted = await lastSent(incidents, found.incident, owners);
  return { incident: found.incident, ...(texted === undefined ? {} : { texted }) };
}

async function lastSent(
  incidents: IncidentGateway,
  incident: IncidentView,
  owners: readonly PhoneOwner[],
): Promise<Texted | undefined> {
  const ledger = (await incidents.notifications(incident.id)) ?? [];
  return ledger
    .flatMap((notification): readonly Texted[] => {
      const owner = owners.find(
        ({ user, contact }) => user.id === notification.user && contact.id === notification.contact,
      );
      return owner === undefined || !mayHaveCome(notification) ? [] : [{ incident, owner, notification }];
    })
    .reduce<Texted | undefined>(
      (last, one) => (last === undefined || sentAt(one) >= sentAt(last) ? one : last),
      undefined,
    );
}

/** It was sent, as far as anybody knows. */
const mayHaveCome = ({ sentAt, attempts }: NotificationView): boolean =>
  sentAt !== null || attempts.some(({ outcome }) => outcome === 'unknown');

/** ISO 8601. */
const sentAt = ({ notification }: Texted): string =>
  notification.sentAt ?? notification.attempts.at(-1)?.at ?? notification.dueAt;
