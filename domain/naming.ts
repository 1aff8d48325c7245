/** What people, places and instants are called in English, wherever an incident is told of. */
import type { RecentChange } from './changeEvent.ts';
import type { Channel } from './channels.ts';
import { formatDuration } from './duration.ts';
import type { Instant } from './duration.ts';
import type { Held, IncidentState, Notice, Notification, Suspension } from './incident.ts';

/** `10:02:11 UTC`. */
export const clock = (at: Instant): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** `2026-12-01 10:02:11 UTC`. */
export const dayAndClock = (at: Instant): string => `${new Date(at).toISOString().slice(0, 10)} ${clock(at)}`;

/** `Ana Wei` for a user whose name is known, `token grafana` for how they came. */
export function nameOf({ names }: Pick<IncidentState, 'names'>, user: string): string {
  return user === 'source' ? 'the monitoring source' : (names[user] ?? user);
}

/** "e-mail to Ana Wei", "level 2, pass 1". */
const CHANNEL_NAMES = {
  email: 'e-mail',
  sms: 'SMS',
  voice: 'call',
  slack: 'Slack message',
  wecom: 'WeCom message',
  dingtalk: 'DingTalk message',
  feishu: 'Feishu message',
  teams: 'Teams message',
  ntfy: 'ntfy message',
  webhook: 'webhook',
  pagerduty: 'PagerDuty event',
  opsgenie: 'Opsgenie alert',
  reactio: 'Reactio incident',
  console: 'console message',
} as const satisfies Record<Channel, string>;

export function describeNotification(state: IncidentState, { user, channel }: Notification): string {
  return `${CHANNEL_NAMES[channel]} to ${nameOf(state, user)}`;
}

export const describeLevel = (level: number, pass: number): string =>
  pass > 1 ? `level ${level}, pass ${pass}` : `level ${level}`;

/** "held until 10:02:11 UTC, and waits for more than 3 events in 5m". */
export function describeSuspension({ service }: IncidentState, { until, threshold, held }: Suspension): string {
  const parts = [
    ...(until === null ? [] : [`held until ${clock(until)}`]),
    ...(threshold === null || service.threshold === null
      ? []
      : [`waits for more than ${service.threshold.moreThan} events in ${formatDuration(service.threshold.within)}`]),
    ...(held === null ? [] : [describeHeld(held)]),
  ];
  return parts.length === 0 ? 'whether something holds it is being looked up' : parts.join(', and ');
}

function describeHeld({ by, description, until, turn }: Held): string {
  const window = `maintenance${description === null ? ` ${by}` : ` (${description})`}`;
  return turn
    ? `${window} is over, and it goes on in its turn at ${dayAndClock(until)}`
    : `held by ${window} until ${dayAndClock(until)}`;
}

/** `deploy 42, by ci at 10:02:11 UTC`. */
export const describeChange = ({ summary, source, at }: RecentChange): string =>
  `${summary}, by ${source} at ${clock(at)}`;

/** `webhook ops-bus`, `e-mail to Ana Wei`. */
export function describeRecipient(state: IncidentState, { channel, to }: Pick<Notice, 'channel' | 'to'>): string {
  return to.kind === 'subscriber'
    ? `${CHANNEL_NAMES[channel]} ${to.endpoint}`
    : `${CHANNEL_NAMES[channel]} to ${nameOf(state, to.user)}`;
}
