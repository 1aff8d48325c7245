/** An event as expressions see it: the variable `event` (interfaces §5, Shapes). */
import type { CelInput } from '@bufbuild/cel';
import type { SourceEvent } from '../domain/event.ts';
import { celInput } from './celInput.ts';

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

/** `at` is ISO 8601, as it stands in JSON: `timestamp(event.at)` makes a time of it. */
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
  return celInput(members);
}
