/** Which service an event that opens an incident goes to, or that it makes none (interfaces §3, routing). */
import type { Configuration, Integration, RoutingRule } from '../domain/configuration.ts';
import type { SourceEvent } from '../domain/event.ts';
import type { Route, Suppression } from '../domain/route.ts';
import { cut, oneLine } from '../domain/text.ts';
import { celEvent } from './celEvent.ts';
import { condition } from './expression.ts';
import type { Condition } from './expression.ts';

/** Characters of an expression, and number of remarks: both stand in the incident's history. */
const MAX_SHOWN = 300;
const MAX_REMARKS = 5;

/** The rule that decides about an event, with its place, from 1. */
interface Deciding {
  readonly rule: RoutingRule;
  readonly place: number;
  readonly remarks: readonly string[];
}

// A configuration is never changed in place; a reload makes new rules.
const conditions = new WeakMap<RoutingRule, Condition>();

function conditionOf(rule: RoutingRule, when: string): Condition {
  const known = conditions.get(rule);
  if (known !== undefined) return known;
  const made = condition(when);
  conditions.set(rule, made);
  return made;
}

/** The first rule that matches; one that fails on this event does not match, and is remarked on. */
function decide({ routing }: Configuration, event: SourceEvent): Deciding | undefined {
  const seen = celEvent(event);
  const failures: string[] = [];
  for (const [index, rule] of routing.entries()) {
    const place = index + 1;
    const verdict = rule.when === null || conditionOf(rule, rule.when)(seen);
    if (verdict === true) return { rule, place, remarks: remarks(failures) };
    if (verdict !== false) failures.push(`routing rule ${place}: ${verdict.failed}`);
  }
  return undefined;
}

function remarks(failures: readonly string[]): readonly string[] {
  const more = failures.length - MAX_REMARKS;
  return more > 0 ? [...failures.slice(0, MAX_REMARKS), `and ${more} more rules failed`] : failures;
}

/**
 * The place of the rule that decides about an event, from 1; null where the integration is of a service. Events of which
 * that is the same open the same incident, or none.
 */
export function decidingRule(
  configuration: Configuration,
  integration: Integration,
  event: SourceEvent,
): number | null {
  return integration.service === null ? (decide(configuration, event)?.place ?? null) : null;
}

/**
 * Asked once, by the event that opens the incident; an integration of a service goes to that service (lifecycle §2.1).
 * Throws where no rule takes the event, which a checked configuration excludes.
 */
export function route(configuration: Configuration, integration: Integration, event: SourceEvent): Route | Suppression {
  if (integration.service !== null) return routeToOwn(integration, integration.service);
  const deciding = decide(configuration, event);
  if (deciding === undefined) throw new Error(`integration ${integration.id}: no routing rule takes its event`);
  const { rule, place } = deciding;
  const why =
    rule.when === null
      ? `no routing rule matched; rule ${place} takes the rest`
      : `routing rule ${place} matched: ${shown(rule.when)}`;
  if (rule.suppress) return { suppressed: true, rule: place, why, remarks: deciding.remarks };
  const { service, severity, priority, urgency, holdFor } = rule;
  if (service === null) throw new Error(`routing rule ${place} names no service`);
  return { service, rule: place, severity, priority, urgency, holdFor, why, remarks: deciding.remarks };
}

function routeToOwn({ id }: Integration, service: string): Route {
  const why = `integration ${id} is of service ${service}`;
  return { service, rule: null, severity: null, priority: null, urgency: null, holdFor: null, why, remarks: [] };
}

const shown = (expression: string): string => cut(oneLine(expression), MAX_SHOWN);
