/** The heartbeat workflow's input, result and messages. Names never change: heartbeats that are watched answer to them. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { HeartbeatMessage, HeartbeatState, Watch } from '../domain/heartbeat.ts';
import type { HeartbeatView } from '../domain/heartbeatTelling.ts';

export interface HeartbeatInput {
  readonly watch: Watch;
  /** From the run before; absent where it begins to be watched. */
  readonly carried?: HeartbeatState;
  /** Continue as new above this many history events; the server's own suggestion where absent. For tests. */
  readonly maxHistoryLength?: number;
  /** Milliseconds that its integration may be unknown to whoever takes its events in; 15 minutes where absent. For tests. */
  readonly unknownFor?: number;
}

/** The result of the workflow, readable with no worker alive. */
export interface HeartbeatResult {
  readonly heartbeat: HeartbeatView;
  /** Why it is not watched any more. */
  readonly outcome: string;
}

/** What lists are made of. */
export interface HeartbeatMemo extends Record<string, unknown> {
  readonly heartbeat: HeartbeatView;
}

/** Whatever befalls it, in order. Durable with no worker alive. */
export const heartbeatSignal = defineSignal<[message: HeartbeatMessage]>('heartbeat');
export const heartbeatQuery = defineQuery<HeartbeatView>('heartbeat');
