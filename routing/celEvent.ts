/** An event as expressions see it: the variable `event` (interfaces §5, Shapes). */
import type { CelInput } from '@bufbuild/cel';
import type { SourceEvent } from '../domain/event.ts';

/** What the members are. All of them are always there: text that the source did not send is "". */
export const EVENT_MEMBERS = {
  action: 'text',
  dedupKey: 'text',
  summary: 'text',
  source: 'text',
  severity: 'text',
  priority: 'text',
  component: 'text',
  group: 'text',
  class: 'text',
  at: 'text',
  details: 'a map',
  links: 'a list',
} as const;

/** Deeper than this nobody looks, and a sender could make it as deep as the stack. */
const MAX_DEPTH = 32;

/**
 * Maps with no prototype, so that an expression finds only what the source sent. `at` is ISO 8601, as it stands in JSON:
 * `timestamp(event.at)` makes a time of it.
 */
export function celEvent(event: SourceEvent): CelInput {
  const { action, dedupKey, summary, source, severity, priority, component, group, class: kind } = event;
  const { details, links, at } = event;
  const members: Record<keyof typeof EVENT_MEMBERS, unknown> = {
    action,
    dedupKey,
    summary,
    source,
    severity: severity ?? '',
    priority: priority ?? '',
    component: component ?? '',
    group: group ?? '',
    class: kind ?? '',
    at: at === undefined ? '' : new Date(at).toISOString(),
    details: details ?? {},
    links: links ?? [],
  };
  return input(members, MAX_DEPTH) ?? null;
}

/** Undefined for what JSON has not, and for what lies too deep. */
function input(value: unknown, depth: number): CelInput | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    return value;
  }
  if (typeof value !== 'object' || depth === 0) return undefined;
  if (Array.isArray(value)) return value.map((each: unknown) => input(each, depth - 1) ?? null);
  return new Map(
    Object.entries(value).flatMap(([key, each]): [string, CelInput][] => {
      const found = input(each, depth - 1);
      return found === undefined ? [] : [[key, found]];
    }),
  );
}
