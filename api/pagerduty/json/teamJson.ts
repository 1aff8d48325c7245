/** A team, as PagerDuty shows it. */
import type { Team } from '../../../domain/configuration.ts';
import type { Visit } from '../door.ts';
import { headOf } from '../references.ts';

export const teamJson = (visit: Visit, { id, name }: Team) => ({
  ...headOf(visit, 'team', id, name),
  name,
  description: null,
  default_role: 'none',
  parent: null,
});
