/** All activities, by the queue they serve. A new channel is one line here. */
import type { Channel } from '../domain/channels.ts';
import type { DeadmanActivities, IncidentActivities, MonitorActivities, RecordActivities } from './contract.ts';
import { deadmanActivities } from './deadman.ts';
import { monitorActivities } from './monitors/kafkaLag.ts';
import type { KnownChanges } from '../store/knownChanges.ts';
import type { KnownWindows } from '../store/knownWindows.ts';
import type { ChannelActivities, ChannelDeps } from './notify/channel.ts';
import { consoleChannel } from './notify/console.ts';
import { emailChannel } from './notify/email.ts';
import { dingtalkChannel } from './notify/dingtalk.ts';
import { feishuChannel } from './notify/feishu.ts';
import { ntfyChannel } from './notify/ntfy.ts';
import { slackChannel } from './notify/slack.ts';
import { reactioChannel } from './notify/reactio.ts';
import { teamsChannel } from './notify/teams.ts';
import { smsChannel } from './notify/sms.ts';
import { opsgenieChannel } from './notify/opsgenie.ts';
import { pagerdutyChannel } from './notify/pagerduty.ts';
import { voiceChannel } from './notify/voice.ts';
import { webhookChannel } from './notify/webhook.ts';
import { wecomChannel } from './notify/wecom.ts';
import { incidentActivities } from './onCall.ts';
import { recordActivities } from './record.ts';

const CHANNELS: Readonly<Record<Channel, (deps: ChannelDeps) => ChannelActivities>> = {
  email: emailChannel,
  console: consoleChannel,
  sms: smsChannel,
  voice: voiceChannel,
  webhook: webhookChannel,
  wecom: wecomChannel,
  dingtalk: dingtalkChannel,
  feishu: feishuChannel,
  teams: teamsChannel,
  ntfy: ntfyChannel,
  reactio: reactioChannel,
  pagerduty: pagerdutyChannel,
  opsgenie: opsgenieChannel,
  slack: slackChannel,
};

export interface Activities {
  /** For the incidents' own queue. */
  readonly incidents: IncidentActivities & RecordActivities & DeadmanActivities & MonitorActivities;
  /** For `queueOf(channel)`. */
  readonly channels: Readonly<Record<Channel, ChannelActivities>>;
}

export interface ActivityDeps extends Omit<ChannelDeps, 'print'> {
  readonly print?: ChannelDeps['print'];
  /** None where absent. */
  readonly windows?: KnownWindows;
  /** None where absent. */
  readonly changes?: KnownChanges;
  /** TOCSIN_DEADMAN_URL. */
  readonly deadmanUrl?: string;
}

/** Secrets stay in what is given here; none goes through a workflow. `print` takes a line of the channel `console`: stdout where absent. */
export function createActivities(deps: ActivityDeps): Activities {
  const channelDeps: ChannelDeps = { ...deps, print: deps.print ?? ((line) => console.log(line)) };
  const channels = Object.entries(CHANNELS).map(([channel, make]) => [channel, make(channelDeps)] as const);
  return {
    incidents: {
      ...incidentActivities(deps),
      ...recordActivities(deps),
      ...deadmanActivities(deps.deadmanUrl),
      ...monitorActivities(deps),
    },
    channels: Object.fromEntries(channels) as Record<Channel, ChannelActivities>,
  };
}
