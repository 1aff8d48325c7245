/** All activities, by the queue they serve. A new channel is one line here. */
import type { Channel } from '../domain/configuration.ts';
import type { IncidentActivities, NotifyActivities, RecordActivities } from './contract.ts';
import type { ChannelDeps, Notify } from './notify/channel.ts';
import { consoleNotify } from './notify/console.ts';
import { emailNotify } from './notify/email.ts';
import { incidentActivities } from './onCall.ts';
import { recordActivities } from './record.ts';

const CHANNELS: Partial<Record<Channel, (deps: ChannelDeps) => Notify>> = {
  email: emailNotify,
  console: consoleNotify,
};

export interface Activities {
  /** For the incidents' own queue. */
  readonly incidents: IncidentActivities & RecordActivities;
  /** For `queueOf(channel)`. */
  readonly channels: Readonly<Partial<Record<Channel, NotifyActivities>>>;
}

/** Secrets stay in what is given here; none goes through a workflow. `print` takes a line of the channel `console`: stdout where absent. */
export function createActivities(deps: Omit<ChannelDeps, 'print'> & Partial<Pick<ChannelDeps, 'print'>>): Activities {
  const channelDeps: ChannelDeps = { ...deps, print: deps.print ?? ((line) => console.log(line)) };
  const channels = Object.entries(CHANNELS).map(([channel, make]) => [channel, { notify: make(channelDeps) }] as const);
  return {
    incidents: { ...incidentActivities(deps), ...recordActivities(deps) },
    channels: Object.fromEntries(channels),
  };
}
