/** What an incident starts with (design §2.7): everything the first workflow task needs to send, so that it asks nobody. */
import type { Configuration, EscalationPolicy, Service } from './configuration.ts';
import type { RecentChange } from './changeEvent.ts';
import type { Instant } from './duration.ts';
import type { Held, Hours } from './incident.ts';
import { answer } from './lookup.ts';
import type { Answer, Question } from './question.ts';
import { wantedTurn } from './roundRobin.ts';
import type { Route } from './route.ts';
import { hoursAt } from './supportHours.ts';

export interface Opening {
  readonly route: Route;
  readonly service: Service;
  readonly policy: EscalationPolicy;
  readonly configuration: string;
  /** By support hours, at the trigger; null where the service's urgency does not go by them. */
  readonly hours: Hours | null;
  /** A maintenance window holds it. */
  readonly held: Held | null;
  /** Of the service, shortly before; the newest first. */
  readonly changes: readonly RecentChange[];
  /** Level 1's on-call answer at the trigger; null where that takes a turn of round robin, which the incident itself asks for. */
  readonly answer: Answer | null;
  /** A person who opened it by hand assigned it to them, and to nobody after them. */
  readonly users?: readonly string[];
}

interface Beside extends Partial<Pick<Opening, 'held' | 'changes' | 'users'>> {
  /** The id of the policy that it goes by, in the place of its service's. */
  readonly policy?: string;
}

/** The service that `route` names and its policy as they are now, pinned, and who is on call for level 1 at `at`. */
export function openingFor(
  configuration: Configuration,
  route: Route,
  at: Instant,
  { held = null, changes = [], users, policy: named }: Beside = {},
): Opening {
  const service = configuration.services.get(route.service);
  const policy = service && configuration.escalationPolicies.get(named ?? service.escalationPolicy);
  if (service === undefined || policy === undefined) {
    throw new Error(`service ${route.service}: the configuration lacks it, or its policy`);
  }
  const question: Question = users === undefined ? LEVEL_1 : { kind: 'users', users };
  const waitsForTurn = wantedTurn(configuration, policy, question, at, { urgency: 'low', turns: {} }) !== null;
  return {
    route,
    service,
    policy,
    configuration: configuration.version,
    hours: hoursAt(service.urgency, at),
    held,
    changes,
    answer: waitsForTurn ? null : answer(configuration, policy, question, at),
    ...(users !== undefined && { users }),
  };
}

const LEVEL_1: Question = { kind: 'level', level: 1, also: [] };
