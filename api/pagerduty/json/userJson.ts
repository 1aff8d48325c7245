/** A user, their contact methods and rules, as PagerDuty shows them. */
import type { ContactMethod, NotificationRule, Role, Urgency, User } from '../../../domain/configuration.ts';
import { minutes } from '../../../domain/duration.ts';
import { maySeeAddresses } from '../../peopleJson.ts';
import type { Visit } from '../door.ts';
import { asReference, headOf, placeAt, referenceTo } from '../references.ts';

/** PagerDuty's name for a role (its REST API's schema of a user). */
const ROLES: Readonly<Record<Role, string>> = {
  admin: 'admin',
  manager: 'user',
  responder: 'limited_user',
  observer: 'observer',
};

export function userJson(visit: Visit, user: User) {
  const teams = [...visit.deps.configuration().teams.values()].filter(({ members }) => members.includes(user.id));
  return {
    ...headOf(visit, 'user', user.id, user.name),
    name: user.name,
    email: maySeeAddresses(visit.caller, user.id) ? (user.email ?? null) : null,
    time_zone: user.timezone,
    color: null,
    avatar_url: null,
    billed: true,
    role: ROLES[user.role],
    description: null,
    invitation_sent: false,
    job_title: null,
    teams: teams.map(({ id, name }) => referenceTo(visit, 'team', id, name)),
    contact_methods: user.contacts.map((contact) => asReference(contactJson(visit, user, contact))),
    notification_rules: rulesOf(user).map((rule) => asReference(ruleJson(visit, user, rule))),
    coordinated_incidents: [],
  };
}

/** What PagerDuty has no channel for is a push notification to it: something that reaches the person's devices. */
const CONTACT_TYPES: Partial<Record<ContactMethod['channel'], string>> = {
  email: 'email_contact_method',
  voice: 'phone_contact_method',
  sms: 'sms_contact_method',
};

export function contactJson(visit: Visit, user: User, { id, channel, to }: ContactMethod) {
  return {
    id,
    type: CONTACT_TYPES[channel] ?? 'push_notification_contact_method',
    summary: `${channel} ${id}`,
    ...placeAt(visit, 'users', user.id, 'contact_methods', id),
    label: channel,
    address: maySeeAddresses(visit.caller, user.id) ? (to ?? null) : null,
  };
}

export interface Rule extends NotificationRule {
  readonly id: string;
  readonly urgency: Urgency;
}

/** Named by urgency and place, `high-0`: they have no ids of their own. */
export const rulesOf = ({ notificationRules }: User): readonly Rule[] =>
  (['high', 'low'] as const).flatMap((urgency) =>
    notificationRules[urgency].map((rule, place) => ({ ...rule, urgency, id: `${urgency}-${place}` })),
  );

export function ruleJson(visit: Visit, user: User, { id, urgency, after, contact }: Rule) {
  const method = user.contacts.find((each) => each.id === contact);
  // PagerDuty counts whole minutes: a shorter delay is told as the minute that it is over in.
  const delay = Math.ceil(after / minutes(1));
  return {
    id,
    type: 'assignment_notification_rule',
    summary: `${delay} minutes: channel ${contact}`,
    ...placeAt(visit, 'users', user.id, 'notification_rules', id),
    start_delay_in_minutes: delay,
    urgency,
    contact_method: method === undefined ? null : contactJson(visit, user, method),
  };
}
