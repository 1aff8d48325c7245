/** What the routes are given; `app.ts` builds the house from it, `main.ts` and the tests fill it in. */
import type { FastifyBaseLogger } from 'fastify';
import type { Configuration } from '../domain/configuration.ts';
import type { KnownChanges } from '../store/knownChanges.ts';
import type { KnownWindows } from '../store/knownWindows.ts';
import type { Store } from '../store/store.ts';
import type { HeartbeatGateway, IncidentGateway, Metrics } from './ports.ts';
import type { Intake } from '../intake/ports.ts';

export interface ApiDeps {
  readonly intake: Intake;
  readonly incidents: IncidentGateway;
  readonly heartbeats: HeartbeatGateway;
  readonly store: Store;
  readonly windows: KnownWindows;
  readonly changes: KnownChanges;
  /** The configuration as it is now; asked anew at every request, for it reloads. */
  readonly configuration: () => Configuration;
  /** Has something done after every reload that changed the configuration. Absent: it never does. */
  readonly onReload?: (listener: () => void) => void;
  /** `TOCSIN_API_TOKEN`: all permissions, may act as anyone. Absent: only the configuration's tokens. */
  readonly apiToken?: string;
  /** Signs links and buttons. */
  readonly secret: string;
  readonly publicUrl: string;
  /** Base of the Temporal UI; `temporalUrl` is null where it is not known. */
  readonly temporalUiUrl?: string;
  readonly namespace: string;
  readonly logger?: FastifyBaseLogger;
  /** Absent: nothing is counted, and there is no /metrics. */
  readonly metrics?: Metrics;
}
