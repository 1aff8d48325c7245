/**
 * Writes down what made or found no open incident (lifecycle §2.6, §3, §11). Nobody waits for it, and no answer depends
 * on it: one write at a time, and what comes meanwhile goes together in the next. What the store does not take, being
 * away, waits for the next event, or for the list to be asked for; of more than a thousand the log says how many are lost.
 * Where there is no store, the start has said so.
 */
import type { FastifyBaseLogger } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { PersonsCommand } from '../domain/commands.ts';
import { ownerIn } from '../domain/identity.ts';
import type { IgnoredEvent, Store } from '../store/store.ts';
import type { FoundIncident, IncidentGateway } from './ports.ts';
import type { AcceptedEvent, IncomingEvent, Intake } from '../intake/ports.ts';

/** Waiting to be written; more at once is a storm, of which the first are enough to see what it is. */
const MAX_WAITING = 1_000;

export interface IgnoredEvents {
  record(events: readonly IgnoredEvent[]): void;
  /** Writes what still waits; resolves when it is written, or the store does not take it. */
  settled(): Promise<void>;
}

export function ignoredEvents(store: Store, log: Pick<FastifyBaseLogger, 'error'>): IgnoredEvents {
  /** By what they say: the same again before it is written is one, the latest. */
  let waiting = new Map<string, IgnoredEvent>();
  let left = 0;
  let away = false;
  let writing: Promise<void> | undefined;

  /** The first of them, for the next write; the rest is counted. */
  function keep(events: readonly (readonly [same: string, event: IgnoredEvent])[]): void {
    left += Math.max(0, events.length - MAX_WAITING);
    waiting = new Map(events.slice(0, MAX_WAITING));
  }

  async function write(): Promise<void> {
    while (waiting.size > 0) {
      const taken = [...waiting];
      waiting = new Map();
      try {
        await store.recordIgnored(taken.map(([, event]) => event));
        if (away) log.error({ events: taken.length }, 'ignored events are listed again: the store is back');
        away = false;
      } catch (error) {
        if (!away) log.error({ err: error }, 'ignored events are not listed for now: the store does not take them');
        away = true;
        keep([...taken, ...waiting]);
        break;
      }
      if (left > 0) log.error({ events: left }, 'ignored events are not listed: there were too many at once');
      left = 0;
    }
    writing = undefined;
  }

  return {
    record(events) {
      if (store.absent) return;
      for (const event of events) {
        const { outcome, integration, dedupKey, action, reason, incident, actor } = event;
        const same = JSON.stringify([outcome, integration, dedupKey, action, reason, incident, actor]);
        if (waiting.size < MAX_WAITING || waiting.has(same)) waiting.set(same, event);
        else left += 1;
      }
      if (waiting.size > 0) writing ??= write();
    },
    async settled() {
      if (waiting.size > 0) writing ??= write();
      await writing;
    },
  };
}

/** The same intake; what it ignores or suppresses is recorded. */
export const recordingIntake = (intake: Intake, ignored: IgnoredEvents): Intake => ({
  async accept(events) {
    const results = await intake.accept(events);
    ignored.record(
      events.flatMap((incoming, index) => {
        const result = results[index];
        return result === undefined || result.outcome === 'accepted' ? [] : [ofEvent(incoming, result)];
      }),
    );
    return results;
  },
});

function ofEvent({ integration, event }: IncomingEvent, { outcome, reason }: AcceptedEvent): IgnoredEvent {
  const { dedupKey, action, summary } = event;
  return {
    id: randomUUID(),
    at: new Date().toISOString(),
    outcome: outcome === 'suppressed' ? outcome : 'ignored',
    reason: reason ?? '',
    integration: integration.id,
    dedupKey,
    action,
    summary,
  };
}

/** The same gateway; a command that finds the incident's execution closed is recorded, with who gave it. */
export const recordingGateway = (incidents: IncidentGateway, ignored: IgnoredEvents): IncidentGateway => ({
  ...incidents,
  async command(id, command) {
    const result = await incidents.command(id, command);
    if (result.kind === 'closed') {
      ignored.record([ofCommand(command, result.found)]);
    }
    return result;
  },
});

function ofCommand(command: PersonsCommand, { incident, sentence, workflowId }: FoundIncident): IgnoredEvent {
  return {
    // The same command again is the same entry.
    id: `${incident.id}/${command.id}`,
    at: new Date().toISOString(),
    outcome: 'ignored',
    reason: sentence,
    integration: ownerIn(workflowId),
    dedupKey: incident.dedupKey,
    action: command.type,
    summary: incident.summary,
    incident: incident.id,
    ...(command.actor.id !== undefined && { actor: command.actor.id }),
  };
}
