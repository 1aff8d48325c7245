/** An API on stand-ins for its two ports, for the tests in which Temporal does not matter. */
import { NO_STORE } from '../../support/noStore.ts';
import { knownChanges } from '../../../store/knownChanges.ts';
import { knownWindows } from '../../../store/knownWindows.ts';
import { buildApp } from '../../../api/app.ts';
import type { ApiDeps } from '../../../api/deps.ts';
import { sha256Hex } from '../../../intake/hashes.ts';
import { createLogger } from '../../../api/logging.ts';
import type { CommandResult, FoundIncident, IncidentFilter, IncidentGateway } from '../../../api/ports.ts';
import type { IncomingEvent } from '../../../intake/ports.ts';
import { provisionalView } from '../../../api/provisionalView.ts';
import type { ApiServer } from '../../../api/server.ts';
import type { PersonsCommand } from '../../../domain/commands.ts';
import type { Configuration, Integration, Token } from '../../../domain/configuration.ts';
import type { TocsinError } from '../../../domain/errors.ts';
import type { LogEntryView, NotificationView } from '../../../domain/view.ts';
import { heldHeartbeats } from './heldHeartbeats.ts';
import { configuration, level, person, policy } from '../../support/configurations.ts';

export const API_TOKEN = 'a-token-for-everything';
export const EVENTS_KEY = 'eventskey00000000000';
export const EVENTS_V1_KEY = 'eventsv1key000000000';
export const GUANCE_KEY = 'guance-key-0000000000';
export const ALERTMANAGER_KEY = 'alertmanager-key-0000';
export const GRAFANA_KEY = 'grafana-key-000000000';
export const CLOUDWATCH_KEY = 'cloudwatch-key-000000';
export const SENTRY_KEY = 'sentry-key-0000000000';
export const SENSU_KEY = 'sensu-key-000000000000';
export const OPSGENIE_KEY = 'opsgenie-key-000000000';
export const INCIDENT_ID = `payments-events.${'a'.repeat(32)}.${'b'.repeat(32)}`;

const token = (id: string, more: Partial<Token> = {}): Token => ({
  id,
  sha256: sha256Hex(`secret-of-${id}`),
  role: 'responder',
  mayActAs: false,
  ...more,
});

export const CONFIGURATION: Configuration = {
  ...configuration({ users: [person('ana'), person('bob')], policy: policy([level('user:ana', '5m')]) }),
  tokens: [
    token('watcher', { role: 'observer' }),
    token('anas', { user: 'ana' }),
    token('bot', { mayActAs: true }),
    token('robot'),
    token('boss', { role: 'manager', user: 'bob' }),
  ],
};

/** CONFIGURATION with more integrations of its service, each told what it is. */
export const withIntegrations = (...more: readonly Omit<Integration, 'service'>[]): Configuration => ({
  ...CONFIGURATION,
  integrations: new Map([
    ...CONFIGURATION.integrations,
    ...more.map((one) => [one.id, { ...one, service: 'payments' }] as const),
  ]),
});

/** `authorized('anas')`: the header of the token of that id; without an id, of TOCSIN_API_TOKEN. */
export const authorized = (id?: string) => ({
  authorization: `Bearer ${id === undefined ? API_TOKEN : `secret-of-${id}`}`,
});

export const FOUND: FoundIncident = {
  incident: provisionalView({
    id: INCIDENT_ID,
    service: 'payments',
    summary: 'disk of db1 is full',
    dedupKey: 'db1/disk',
    urgency: 'high',
    severity: 'critical',
    assignees: ['ana'],
    details: {},
    createdAt: '2026-03-02T00:00:00.000Z',
  }),
  sentence: 'triggered; level 1, and nobody has acknowledged it',
  truth: { state: 'triggered', how: 'level', level: 1, pass: 1, flapping: null },
  policy: { id: 'policy', ofService: true },
  workflowId: `incident/payments-events/${'a'.repeat(32)}`,
  runId: 'bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb',
};

export interface StandIns {
  readonly app: ApiServer;
  readonly events: IncomingEvent[];
  readonly commands: { readonly id: string; readonly command: PersonsCommand }[];
  readonly filters: IncidentFilter[];
  /** Maintenance windows whose incidents are to look again. */
  readonly windowsOver: string[];
  readonly log: string[];
  /** Names of the heartbeats that beat. */
  readonly beats: string[];
  /** What the ports do from here on. */
  readonly behaviour: {
    intakeError?: TocsinError | Error;
    readError?: TocsinError;
    commandError?: TocsinError;
    listError?: TocsinError;
    /** The open incident of an alert; none where absent. */
    openOf?: (integration: string, dedupKey: string) => FoundIncident | undefined;
    /** FOUND where absent. */
    found?: FoundIncident;
    opened: boolean;
    result: CommandResult;
    trouble: string | null;
    /** What the incident carries. */
    entries: readonly LogEntryView[];
    notifications: readonly NotificationView[];
  };
}

/** A gateway that knows one incident, INCIDENT_ID. */
function gateway(standIns: Omit<StandIns, 'app'>): IncidentGateway {
  const known = <T>(id: string, value: T): T | undefined => (id === INCIDENT_ID ? value : undefined);
  return {
    read: async (id) => {
      if (standIns.behaviour.readError !== undefined) throw standIns.behaviour.readError;
      return known(id, standIns.behaviour.found ?? FOUND);
    },
    openOf: async (integration, dedupKey) => {
      if (standIns.behaviour.readError !== undefined) throw standIns.behaviour.readError;
      return standIns.behaviour.openOf?.(integration, dedupKey);
    },
    list: async (filter) => {
      standIns.filters.push(filter);
      if (standIns.behaviour.listError !== undefined) throw standIns.behaviour.listError;
      return { incidents: [standIns.behaviour.found ?? FOUND], nextCursor: null };
    },
    timeline: async (id) => known(id, standIns.behaviour.entries),
    notifications: async (id) => known(id, standIns.behaviour.notifications),
    next: async (id) => known(id, []),
    hear: async (id) => id === INCIDENT_ID,
    command: async (id, command) => {
      if (standIns.behaviour.commandError !== undefined) throw standIns.behaviour.commandError;
      standIns.commands.push({ id, command });
      return known(id, standIns.behaviour.result) ?? { kind: 'notFound' };
    },
    tellHeld: async ({ id }) => void standIns.windowsOver.push(id),
    sendTest: async () => ({ outcome: 'sent', at: 0 }),
    trouble: async () => standIns.behaviour.trouble,
  };
}

export async function apiOnStandIns(
  more: Partial<ApiDeps> = {},
  { temporalUi = true }: { temporalUi?: boolean } = {},
): Promise<StandIns> {
  const log: string[] = [];
  const standIns: Omit<StandIns, 'app'> = {
    events: [],
    commands: [],
    filters: [],
    windowsOver: [],
    beats: [],
    log,
    behaviour: {
      opened: true,
      result: { kind: 'done', outcome: { refused: null, repeated: false }, found: FOUND },
      trouble: null,
      entries: [],
      notifications: [],
    },
  };
  const store = more.store ?? NO_STORE;
  const app = await buildApp({
    store,
    windows: knownWindows(store),
    changes: knownChanges(store),
    intake: {
      accept: async (events) => {
        if (standIns.behaviour.intakeError !== undefined) throw standIns.behaviour.intakeError;
        standIns.events.push(...events);
        const { opened } = standIns.behaviour;
        return events.map(({ event }) => ({
          dedupKey: event.dedupKey,
          outcome: 'accepted',
          incident: INCIDENT_ID,
          opened,
        }));
      },
    },
    incidents: gateway(standIns),
    heartbeats: heldHeartbeats(standIns.beats),
    configuration: () => CONFIGURATION,
    apiToken: API_TOKEN,
    secret: 'a-secret-for-links',
    publicUrl: 'http://127.0.0.1:8080',
    ...(temporalUi && { temporalUiUrl: 'http://127.0.0.1:8233/' }),
    namespace: 'default',
    logger: createLogger('info', { write: (line) => void log.push(line) }),
    ...more,
  });
  return { ...standIns, app };
}
