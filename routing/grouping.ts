/** Which group of its service an event is in (lifecycle §2.1). */
import type { Grouping } from '../domain/configuration.ts';
import type { SourceEvent } from '../domain/event.ts';
import { celEvent } from './celEvent.ts';
import { value } from './expression.ts';
import type { Value } from './expression.ts';

/** One of the expressions that a service groups by, with what it gives of an event, as JSON. */
export interface GroupedBy {
  readonly expression: string;
  /** `null` for an event that lacks it: all of those are in one group. */
  readonly value: string;
}

// A configuration is never changed in place; a reload makes new ones.
const compiled = new WeakMap<Grouping, readonly Value[]>();

function valuesOf(grouping: Grouping): readonly Value[] {
  const known = compiled.get(grouping);
  if (known !== undefined) return known;
  const made = grouping.by.map(value);
  compiled.set(grouping, made);
  return made;
}

/** By each of the service's expressions, in their order. Events of which all values are the same are of one group. */
export function groupedBy(grouping: Grouping, event: SourceEvent): readonly GroupedBy[] {
  const seen = celEvent(event);
  return valuesOf(grouping).map((give, index) => ({ expression: grouping.by[index] ?? '', value: give(seen) }));
}
