/** The incident workflow's name, input, and messages. Names never change: open incidents answer to them (design §2.12). */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ChangeElsewhere, CommandName, CommandOutcome, PersonsCommand, ProviderWord } from '../domain/commands.ts';
import type { Arrival } from '../domain/event.ts';
import type { Message } from '../domain/letter.ts';
import type { Opening } from '../domain/opening.ts';
import type { PackedState } from '../domain/packing.ts';
import type { Truth } from '../domain/truth.ts';
import type { IncidentView, LogEntryView, NextView, NotificationView } from '../domain/view.ts';

export const INCIDENT_WORKFLOW = 'incident';
export const DEADMAN_WORKFLOW = 'deadman';
export const KAFKA_LAG_WORKFLOW = 'kafkaLag';
export const MAINTENANCE_OVER_WORKFLOW = 'maintenanceOver';
export const HEARTBEAT_WORKFLOW = 'heartbeat';
export const SEND_TEST_WORKFLOW = 'sendTest';
/** Workflows and the cheap activities, which are dispatched eagerly there (design §2.6). */
export const INCIDENTS_QUEUE = 'incidents';

/** How a query fails that a worker cannot answer just now (workflows/interceptors.ts); asked again, it is answered. */
export const STALE_CLOCK = 'this worker has yet to catch up with the incident; ask again';

export interface IncidentInput {
  readonly integration: string;
  /** For a new incident: what it starts with, and its first events. `opening` is asked for by the workflow where it is absent. */
  readonly open?: {
    readonly opening?: Opening;
    readonly arrivals: readonly Arrival[];
    readonly previous: string | null;
  };
  /** Incidents carried over from the run before: at most one open, and resolved ones that have something unsettled. */
  readonly carried?: readonly PackedState[];
  /** Continue as new above this many history events; the server's own suggestion where absent. For tests. */
  readonly maxHistoryLength?: number;
}

/** The result of the workflow, readable with no worker alive. */
export interface IncidentResult {
  readonly incident: IncidentView;
  readonly outcome: string;
}

/** What every answer about an incident carries; null where this run does not hold the incident of that id. */
export interface IncidentReport {
  readonly incident: IncidentView;
  /** The present truth as a sentence: "already resolved by Ana at 10:02:11 UTC". */
  readonly sentence: string;
  readonly truth: Truth;
  /** The policy it goes by, and whether that is its service's or one that a person reassigned it to. */
  readonly policy: { readonly id: string; readonly ofService: boolean };
}

export interface CommandAnswer {
  readonly outcome: CommandOutcome;
  readonly report: IncidentReport;
}

/** Events from the source, in order. Durable with no worker alive. */
export const eventsSignal = defineSignal<[arrivals: readonly Arrival[]]>('events');
/** A person's command that no worker took in time; the same id as the update it was. */
export const commandSignal = defineSignal<[incidentId: string, command: PersonsCommand]>('command');
/** Something changed that may concern the present incident. */
export const changedSignal = defineSignal<[change: ChangeElsewhere]>('changed');
/** Word from a provider about a message of this incident, by its callback. */
export const providerSignal = defineSignal<[incidentId: string, word: ProviderWord]>('provider');
/** Word from another incident about their merging. Where the incident is not here any more, the present one answers. */
export const mergeSignal = defineSignal<[incidentId: string, message: Message]>('merge');
/** A person's command, under the command's own name: `acknowledge`, `resolve`, … Null where this run does not hold that incident. */
export const commandUpdate = (name: CommandName) =>
  defineUpdate<CommandAnswer | null, [incidentId: string, command: PersonsCommand]>(name);

/**
 * Of the incident with that id; of the present one where none is given (as the Temporal UI does). `ended`: the asker has seen
 * that the run has ended (workflows/interceptors.ts).
 */
export type Asking = [incidentId?: string, ended?: boolean];

export const incidentQuery = defineQuery<IncidentReport | null, Asking>('incident');
export const timelineQuery = defineQuery<readonly LogEntryView[] | null, Asking>('timeline');
export const notificationsQuery = defineQuery<readonly NotificationView[] | null, Asking>('notifications');
export const nextQuery = defineQuery<readonly NextView[] | null, Asking>('next');
