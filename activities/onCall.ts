/** The incident's own cheap activities: who is to be told, and what a next incident starts with (design §2.7). */
import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import type { Configuration, EscalationPolicy } from '../domain/configuration.ts';
import type { Instant } from '../domain/duration.ts';
import { answer } from '../domain/lookup.ts';
import type { SourceEvent } from '../domain/event.ts';
import { changesBefore } from '../domain/changeEvent.ts';
import { heldAt } from '../domain/maintenance.ts';
import { openingFor } from '../domain/opening.ts';
import { OWN, OWN_ROUTE, ownConfiguration } from '../domain/ownIncident.ts';
import type { Asking, Question } from '../domain/question.ts';
import { turnKey } from '../domain/question.ts';
import { wantedTurn } from '../domain/roundRobin.ts';
import { suppressionReason } from '../domain/route.ts';
import type { Suppression } from '../domain/route.ts';
import { route } from '../routing/route.ts';
import { NONE_KNOWN } from '../store/known.ts';
import type { KnownChanges } from '../store/knownChanges.ts';
import type { KnownWindows } from '../store/knownWindows.ts';
import { answeredWithin } from '../store/patience.ts';
import type { Store } from '../store/store.ts';
import type { IncidentActivities } from './contract.ts';
import { heldNow } from './holding.ts';

interface IncidentDeps {
  readonly configuration: () => Configuration;
  readonly store: Store;
  /** The maintenance windows; none where absent. */
  readonly windows?: KnownWindows;
  /** The latest change events; none where absent. */
  readonly changes?: KnownChanges;
}

/**
 * Both look at the configuration as it is when they are asked, and at the present instant. `openIncident` fails with type
 * BAD_CONFIGURATION, retryably, while the integration is not in the configuration: the incident waits until it is back.
 * An event that routing suppresses is listed in the store.
 */
export function incidentActivities({
  configuration,
  store,
  windows = NONE_KNOWN,
  changes = NONE_KNOWN,
}: IncidentDeps): IncidentActivities {
  return {
    whoIsTold: async (policy, question, asking = UNKNOWN) => {
      const present = asking.service === OWN ? ownConfiguration(configuration(), policy.id) : configuration();
      const at = Date.now();
      const turns = { ...asking.turns, ...(await turnFor(store, present, policy, question, at, asking)) };
      const given = answer(present, policy, question, at, { ...asking, turns });
      if (question.kind !== 'hold' || given.hold === undefined) return given;
      return { ...given, hold: { ...given.hold, held: await heldNow(question, { store, windows }) } };
    },
    openIncident: async (incidents, event) => {
      // Alerts of a group each have their own.
      const integrationId = event.integration ?? incidents;
      if (integrationId === OWN) {
        return openingFor(ownConfiguration(configuration(), event.dedupKey), OWN_ROUTE, Date.now());
      }
      const present = configuration();
      const integration = present.integrations.get(integrationId);
      if (integration === undefined) throw missing(integrationId);
      const routed = route(present, integration, event);
      const now = Date.now();
      if (!('suppressed' in routed)) {
        const { service } = routed;
        const held = heldAt(windows.present(), service, now);
        return openingFor(present, routed, now, { held, changes: changesBefore(changes.present(), service, now) });
      }
      list(store, integrationId, event, routed);
      return routed;
    },
  };
}

/** Asked by an earlier version, which has no round robin. */
const UNKNOWN: Asking = { incident: '', service: '', urgency: 'high', turns: {} };
/** Milliseconds for the store: no page waits for it any longer. */
const TURN_WITHIN = 3_000;

/** The turn that the store gives, where one is wanted; none where it is away. */
async function turnFor(
  store: Store,
  configuration: Configuration,
  policy: EscalationPolicy,
  question: Question,
  at: Instant,
  asking: Asking,
): Promise<Asking['turns']> {
  const wanted = wantedTurn(configuration, policy, question, at, asking);
  if (wanted === null || store.absent) return {};
  const place = { incident: asking.incident, policy: policy.id, level: wanted.level };
  const target = await answeredWithin(TURN_WITHIN, store.roundRobinTarget(place, wanted.available));
  return target === undefined ? {} : { [turnKey(policy, wanted.level)]: target };
}

const missing = (integration: string): ApplicationFailure =>
  ApplicationFailure.retryable(
    `integration ${integration}: an alert came for it, and it is no longer in the configuration; put it back, and its incident opens`,
    'BAD_CONFIGURATION',
  );

/** Best effort: nothing waits for the store, and with it away, or where there is none, the event is not listed. */
function list(
  store: Store,
  integration: string,
  { dedupKey, action, summary }: SourceEvent,
  suppression: Suppression,
): void {
  if (store.absent) return;
  const suppressed = {
    id: randomUUID(),
    at: new Date().toISOString(),
    outcome: 'suppressed',
    reason: suppressionReason(suppression),
    integration,
    dedupKey,
    action,
    summary,
  } as const;
  store.recordIgnored([suppressed]).catch((error: unknown) => {
    log.warn('a suppressed event could not be listed', { integration, error });
  });
}
