/** The heartbeats that the configuration names are watched, as it says; those that nothing names any more are not. */
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Configuration, Integration } from '../domain/configuration.ts';
import { heartbeatSettings } from '../domain/heartbeatSettings.ts';
import type { HeartbeatName } from '../domain/heartbeat.ts';
import type { HeartbeatView } from '../domain/heartbeatTelling.ts';
import { tellOrWatch, tellWatched } from '../intake/heartbeats.ts';
import type { HeartbeatMemo } from '../workflows/heartbeatMessages.ts';
import { HEARTBEAT_WORKFLOW } from '../workflows/messages.ts';
import { type Looking, looking } from './looking.ts';
import { orLogged } from './orLogged.ts';

/** To be asked at the start of a worker, and after each reload of its configuration. */
export const lookAfterHeartbeats = (client: Client, configuration: () => Configuration, log: Logger): Looking =>
  looking(
    async () => {
      const ended = await arrangeHeartbeats(client, configuration(), log);
      if (ended.length > 0) log.info({ ended }, 'heartbeats that the configuration knows no more are not watched');
    },
    log,
    'the heartbeats of the configuration could not be arranged',
  );

/**
 * Begins to watch what is named, from now on, tells what is watched how it is set now, and ends the rest; resolves to the
 * names of those. Several workers may do it at once. What Temporal refuses of one is logged, and the others are arranged.
 * Throws where it cannot be reached.
 */
export async function arrangeHeartbeats(
  client: Client,
  { integrations }: Pick<Configuration, 'integrations'>,
  log: Logger,
): Promise<readonly string[]> {
  const each = ({ integration, name }: HeartbeatName, act: () => Promise<void>): Promise<void> =>
    orLogged(act, log, { integration, heartbeat: name }, 'a heartbeat could not be arranged');
  for (const integration of integrations.values()) {
    if (integration.source !== 'heartbeat') continue;
    for (const name of Object.keys(integration.heartbeats ?? {})) {
      const set = heartbeatSettings(integration, name);
      if (set === undefined) continue;
      const watch = { integration: integration.id, name, enabled: true, ...set };
      await each(watch, () => tellOrWatch(client, watch, { kind: 'arrange', ...set }));
    }
  }
  const ended: string[] = [];
  const query = `WorkflowType = '${HEARTBEAT_WORKFLOW}' AND ExecutionStatus = 'Running'`;
  for await (const { memo } of client.workflow.list({ query })) {
    const view = (memo as HeartbeatMemo | undefined)?.heartbeat;
    const why = view && whyOver(view, integrations.get(view.integration));
    if (view === undefined || why === undefined) continue;
    await each(view, async () => {
      if (await tellWatched(client, view, { kind: 'end', why, origin: view.origin })) ended.push(view.name);
    });
  }
  return ended;
}

/** Undefined where somebody may watch it still. */
function whyOver({ name, origin }: HeartbeatView, integration: Integration | undefined): string | undefined {
  if (integration?.source !== (origin === 'opsgenie' ? 'opsgenie' : 'heartbeat'))
    return 'its integration is no longer in the configuration';
  const isNamed = Object.hasOwn(integration.heartbeats ?? {}, name);
  return origin === 'configuration' && !isNamed ? 'it is no longer in the configuration' : undefined;
}
