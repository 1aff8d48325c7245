/** What a page and a notice show of their incident in Slack. */
import type { NoticeRequest } from '../../domain/notice.ts';
import { BUTTON_VALID_FOR, signSlackButton } from '../../links/slackButton.ts';
import type { NameOf, Wording } from '../../wording/wording.ts';
import type { NotifyRequest } from '../contract.ts';
import { ackUrlOf } from './message.ts';
import type { SlackCard } from './slackBlocks.ts';

export interface Signing {
  readonly secret: string;
  readonly publicUrl: string;
}

export interface Reader {
  readonly wording: Wording;
  /** IANA. */
  readonly zone: string;
  /** One person alone reads it: the phone page acts as them. */
  readonly alone: boolean;
  /** Presses are heard: there is a way back. */
  readonly heard: boolean;
}

/** The same for every attempt of a page, but for how the incident is. */
export function cardOfPage(
  request: NotifyRequest,
  body: string | null,
  { secret, publicUrl }: Signing,
  reader: Reader,
): SlackCard {
  const { incident, present, why, dueAt, shownAt = { level: 0, pass: 1, episode: 1 } } = request;
  const { wording, zone, alone, heard } = reader;
  const expiresAt = Date.parse(dueAt) + BUTTON_VALID_FOR;
  return {
    incident,
    service: incident.service,
    state: present === null || typeof present === 'string' ? 'triggered' : present.state,
    said: [
      ...(present === null ? [] : [wording.line(wording.labels.now, wording.truth(present, zone))]),
      wording.line(wording.labels.whyYou, wording.why(why)),
    ],
    body,
    viewUrl: alone ? ackUrlOf(request, { secret, publicUrl }) : null,
    button: heard ? signSlackButton(secret, { incident: incident.id, ...shownAt, expiresAt }) : null,
  };
}

/** `page`: the notification whose message it is, whose phone page is still its reader's; null where there is none. */
export function cardOfNotice(
  request: NoticeRequest,
  { page, body }: { readonly page: string | null; readonly body: string | null },
  { secret, publicUrl }: Signing,
  { wording, zone, alone, heard, nameOf }: Reader & { readonly nameOf: NameOf },
): SlackCard {
  const { incident, service, at, to, type } = request;
  const { id, level, pass, episode } = incident;
  const expiresAt = Date.parse(at) + BUTTON_VALID_FOR;
  const user = to.kind === 'contact' ? to.user : null;
  return {
    incident,
    service,
    state: incident.status,
    said: [
      wording.line(wording.labels.now, wording.status(incident, nameOf)),
      ...(SAID_BY_STATUS.has(type) ? [] : [wording.change(request, { nameOf, zone })]),
    ],
    body,
    viewUrl:
      alone && user !== null && page !== null
        ? ackUrlOf({ incident, notification: page, user, dueAt: at }, { secret, publicUrl })
        : null,
    button: heard ? signSlackButton(secret, { incident: id, level: level ?? 0, pass, episode, expiresAt }) : null,
  };
}

/** What changed is how the incident is, or nothing of that. */
const SAID_BY_STATUS: ReadonlySet<NoticeRequest['type']> = new Set<NoticeRequest['type']>([
  'incident.triggered',
  'incident.acknowledged',
  'incident.noted',
  'incident.statusUpdated',
]);
