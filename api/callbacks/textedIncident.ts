/** Which incident a reply from a phone is about: told by the ledgers of the incidents alone, for nothing else is kept. */
import type { ContactMethod, User } from '../../domain/configuration.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { Instant } from '../../domain/duration.ts';
import { minutes } from '../../domain/duration.ts';
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
/** For how long a reply may be meant for one that somebody else has resolved, while it was written. */
const JUST_RESOLVED = minutes(15);
const RESOLVED_LISTED = 50;
const RESOLVED_READ = 10;

/**
 * The incident that this phone was texted about last, of those that are open; and of those that were just resolved, for who
 * answers that text must not act on another incident. Throws as the gateway does.
 */
export async function latestTexted(
  incidents: IncidentGateway,
  owners: readonly PhoneOwner[],
  now: Instant,
): Promise<Texted | undefined> {
  const texts = owners.filter(({ contact }) => contact.channel === 'sms');
  const [listed, resolved] = await Promise.all([
    incidents.list({ status: 'open', limit: LISTED }),
    incidents.list({ status: 'resolved', limit: RESOLVED_LISTED }),
  ]);
  const isOn = ({ assignees, responders }: IncidentView): boolean =>
    owners.some(({ user }) => assignees.includes(user.id) || responders.includes(user.id));
  const isNew = ({ resolvedAt }: IncidentView): boolean =>
    resolvedAt !== null && Date.parse(resolvedAt) > now - JUST_RESOLVED;
  const open = listed.incidents.map(({ incident }) => incident);
  const read = [...open.filter(isOn), ...open.filter((incident) => !isOn(incident))].slice(0, READ);
  const over = resolved.incidents.map(({ incident }) => incident).filter(isNew);
  const found = await Promise.all(
    [...read, ...over.slice(0, RESOLVED_READ)].map((incident) => lastSent(incidents, incident, texts)),
  );
  const newestFirst = found
    .flatMap((texted) => (texted === undefined ? [] : [texted]))
    .toSorted((one, other) => sentAt(other).localeCompare(sentAt(one)));
  for (const texted of newestFirst) {
    if (texted.incident.status !== 'resolved' || !(await knowsOfEnd(incidents, texted))) return texted;
  }
  return undefined;
}

/** Whoever resolved it themselves means another one by what they write then. */
async function knowsOfEnd(incidents: IncidentGateway, { incident, owner }: Texted): Promise<boolean> {
  const truth = (await incidents.read(incident.id))?.truth;
  return truth?.state !== 'resolved' || (truth.by.kind === 'person' && truth.by.name === owner.user.name);
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
