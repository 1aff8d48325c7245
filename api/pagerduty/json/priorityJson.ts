/** A priority, as PagerDuty shows it. Tocsin's are the same everywhere, P1 to P5. */
import type { Door } from '../door.ts';
import { headOf } from '../references.ts';

export const priorityJson = (door: Pick<Door, 'base'>, priority: string) => ({
  ...headOf(door, 'priority', priority, priority),
  name: priority,
  description: null,
});
