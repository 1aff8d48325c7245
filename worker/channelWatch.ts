/** What the attempts of this worker's channels come to, and the incident of a channel that fails for everybody (docs/adr/0019). */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Logger } from '@temporalio/common';
import { type Channel, isEndpointChannel } from '../domain/channels.ts';
import { type ChannelHealth, type ChannelWord, UNSEEN, healthAfter, type Seen } from '../domain/channelHealth.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { NotifyRequest } from '../domain/effects.ts';
import { incidentWorkflowId } from '../domain/identity.ts';
import type { NoticeRequest } from '../domain/notice.ts';
import { type Failing, OWN, channelEvent, failingKey } from '../domain/ownIncident.ts';
import { keyHash } from '../intake/hashes.ts';
import { INCIDENTS_QUEUE, INCIDENT_WORKFLOW, type IncidentInput, eventsSignal } from '../workflows/messages.ts';

export type Attempted = { readonly sent: true } | Pick<Extract<Seen, { sent: false }>, 'sent' | 'code' | 'detail'>;

export interface ChannelWatch {
  /** Of each attempt, once it has ended. No attempt waits for what comes of it. */
  saw(channel: Channel, request: NotifyRequest | NoticeRequest, attempted: Attempted): void;
  /** Once all that was to be told is told. */
  settled(): Promise<void>;
}

export function channelWatch(client: Client, configuration: () => Configuration, log: Logger): ChannelWatch {
  const known = new Map<string, ChannelHealth>();
  const telling = new Set<Promise<void>>();
  return {
    saw(channel, request, attempted) {
      const { failing, recipient } = whom(configuration(), channel, request);
      const key = failingKey(failing);
      const { health, word } = healthAfter(known.get(key) ?? UNSEEN, { ...attempted, at: Date.now(), recipient });
      known.set(key, health);
      if (word === null) return;
      const told = tell(client, failing, word).catch((error: unknown) => {
        // The next attempt tells it.
        known.set(key, { ...(known.get(key) ?? health), said: null });
        log.error(`that channel ${channel} ${word.word} could not be told`, { channel, error });
      });
      telling.add(told);
      void told.then(() => telling.delete(told));
    },
    settled: async () => void (await Promise.all(telling)),
  };
}

function whom(
  { users }: Configuration,
  channel: Channel,
  request: NotifyRequest | NoticeRequest,
): { readonly failing: Failing; readonly recipient: string } {
  const to = 'to' in request ? request.to : { kind: 'contact' as const, ...request };
  const recipient = to.kind === 'contact' ? `${to.user}/${to.contact}` : to.endpoint;
  if (!isEndpointChannel(channel)) return { failing: { channel, endpoint: null }, recipient };
  if (to.kind === 'subscriber') return { failing: { channel, endpoint: to.endpoint }, recipient };
  const contact = users.get(to.user)?.contacts.find(({ id }) => id === to.contact);
  return { failing: { channel, endpoint: contact?.to ?? null }, recipient };
}

async function tell(client: Client, failing: Failing, word: ChannelWord): Promise<void> {
  const event = channelEvent(failing, word);
  const workflowId = incidentWorkflowId(OWN, keyHash(event.dedupKey));
  const arrivals = [{ id: randomUUID(), count: 1, event }];
  if (word.word === 'works') {
    // There is seldom one.
    await client.workflow
      .getHandle(workflowId)
      .signal(eventsSignal, arrivals)
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
    return;
  }
  // It finds the arrival in both, and counts it once.
  const input: IncidentInput = { integration: OWN, open: { arrivals, previous: null } };
  await client.workflow.signalWithStart(INCIDENT_WORKFLOW, {
    workflowId,
    taskQueue: INCIDENTS_QUEUE,
    args: [input],
    signal: eventsSignal,
    signalArgs: [arrivals],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: event.summary,
    memo: { summary: event.summary },
  });
}
