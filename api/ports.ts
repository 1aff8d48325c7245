/** What the API needs of what stands behind it. Routes know these ports; Temporal and its SDK stand behind them. */
import type { MetricMeter } from '@temporalio/common';
import type { Channel } from '../domain/channels.ts';
import type { AttemptResult, CommandOutcome, PersonsCommand, ProviderWord } from '../domain/commands.ts';
import type { NotifyRequest } from '../domain/effects.ts';
import type { HeartbeatMessage, HeartbeatName, Watch } from '../domain/heartbeat.ts';
import type { HeartbeatView } from '../domain/heartbeatTelling.ts';
import type { MaintenanceWindow } from '../domain/maintenance.ts';
import type { Truth } from '../domain/truth.ts';
import type { IncidentView, LogEntryView, NextView, NotificationView } from '../domain/view.ts';

/** An incident as it is now, where it lives in Temporal, and the present truth as a sentence. */
export interface FoundIncident {
  readonly incident: IncidentView;
  readonly sentence: string;
  readonly truth: Truth;
  /** The policy it goes by, and whether that is its service's or one that a person reassigned it to. */
  readonly policy: { readonly id: string; readonly ofService: boolean };
  readonly workflowId: string;
  /** The run that holds it now, or held it last. */
  readonly runId: string;
}

/** Of several, any. */
export type OneOrMore<T> = T | readonly T[];

export interface IncidentFilter {
  /** Of this integration, or of a group, which may have alerts of it. */
  readonly integration?: string;
  readonly status?: OneOrMore<'open' | 'suspended' | 'triggered' | 'acknowledged' | 'resolved'>;
  readonly service?: OneOrMore<string>;
  /** Of the services that are the team's now. */
  readonly team?: OneOrMore<string>;
  readonly assignee?: OneOrMore<string>;
  readonly urgency?: OneOrMore<'high' | 'low'>;
  /** Of the incident, or of an alert in a group. */
  readonly dedupKey?: string;
  readonly number?: number;
  /** ISO 8601. */
  readonly since?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** An item of a list: what the memo and the search attributes hold. */
export interface ListedIncident {
  readonly incident: IncidentView;
  readonly workflowId: string;
  readonly runId: string;
}

export type CommandResult =
  /** The workflow took it; `outcome.refused` says where it came too late. */
  | { readonly kind: 'done'; readonly outcome: CommandOutcome; readonly found: FoundIncident }
  /** The incident's execution is closed: nothing can be done any more, and this is its final truth. */
  | { readonly kind: 'closed'; readonly found: FoundIncident }
  /** No worker took it in 3 s: sent on as a durable signal with the same id (lifecycle §3). */
  | { readonly kind: 'recorded' }
  | { readonly kind: 'notFound' };

/** Incidents by id. All throw TEMPORAL_UNAVAILABLE; the reads throw NO_WORKER where no worker answers. */
export interface IncidentGateway {
  read(id: string): Promise<FoundIncident | undefined>;
  /** The open incident that an alert of this integration is in, at once and not by a list; undefined where none is open. */
  openOf(integration: string, dedupKey: string): Promise<FoundIncident | undefined>;
  list(
    filter: IncidentFilter,
  ): Promise<{ readonly incidents: readonly ListedIncident[]; readonly nextCursor: string | null }>;
  timeline(id: string): Promise<readonly LogEntryView[] | undefined>;
  notifications(id: string): Promise<readonly NotificationView[] | undefined>;
  next(id: string): Promise<readonly NextView[] | undefined>;
  command(id: string, command: PersonsCommand): Promise<CommandResult>;
  /** Word from a provider about the incident, durable with no worker alive; false where there is no such incident, or it is closed. */
  hear(id: string, word: ProviderWord): Promise<boolean>;
  /** Has the incidents that the window holds look again whether one does, from a second later on: for one that is being taken away. */
  tellHeld(window: Pick<MaintenanceWindow, 'id' | 'services'>): Promise<void>;
  /** One attempt at a message that is of no incident. Throws NO_WORKER where nobody made it within a minute. */
  sendTest(channel: Channel, request: NotifyRequest): Promise<AttemptResult>;
  /** Is Temporal reachable, and does a worker poll? `null` where all is well, else a sentence that says what is not. */
  trouble(): Promise<string | null>;
}

export interface HeartbeatFilter {
  /** An id of letters, digits, _ and - alone. */
  readonly integration?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface HeartbeatPage {
  readonly heartbeats: readonly HeartbeatView[];
  readonly nextCursor: string | null;
}

/** Heartbeats that are watched. All throw TEMPORAL_UNAVAILABLE; what is told them is durable with no worker alive. */
export interface HeartbeatGateway {
  /** A beat, taken in at an instant; beats of one moment go together. `watch`: it is begun where it is not watched. False: it is not watched. */
  beat(heartbeat: HeartbeatName, at: number, watch?: Watch): Promise<boolean>;
  /** False where it is watched already. */
  watch(watch: Watch): Promise<boolean>;
  /** False where it is not watched. */
  tell(heartbeat: HeartbeatName, message: HeartbeatMessage): Promise<boolean>;
  /** As it is now; with no worker alive, as one last wrote it down. Undefined where it is not watched. */
  read(heartbeat: HeartbeatName): Promise<HeartbeatView | undefined>;
  /** Up to half a minute behind in what moves with each beat; throws BAD_REQUEST for a cursor that is none. */
  list(filter: HeartbeatFilter): Promise<HeartbeatPage>;
}

/** Where the process's metrics go, and are read. */
export interface Metrics {
  readonly meter: MetricMeter;
  /** All of the process in Prometheus' text format 0.0.4. */
  text(): Promise<string>;
}
