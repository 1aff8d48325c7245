/** The incident's own cheap activities: who is to be told, and what a next incident starts with (design §2.7). */
import { ApplicationFailure } from '@temporalio/common';
import type { Configuration } from '../domain/configuration.ts';
import { answer } from '../domain/lookup.ts';
import { openingFor } from '../domain/opening.ts';
import { route } from '../routing/route.ts';
import type { IncidentActivities } from './contract.ts';

/**
 * Both look at the configuration as it is when they are asked, and at the present instant. `openIncident` fails with type
 * BAD_CONFIGURATION, retryably, while the integration is not in the configuration: the incident waits until it is back.
 */
export function incidentActivities({ configuration }: { configuration: () => Configuration }): IncidentActivities {
  return {
    whoIsTold: async (policy, question) => answer(configuration(), policy, question, Date.now()),
    openIncident: async (integrationId, event) => {
      const present = configuration();
      const integration = present.integrations.get(integrationId);
      if (integration === undefined) throw missing(integrationId);
      const routed = route(present, integration, event);
      return 'suppressed' in routed ? routed : openingFor(present, routed, Date.now());
    },
  };
}

const missing = (integration: string): ApplicationFailure =>
  ApplicationFailure.retryable(
    `integration ${integration}: an alert came for it, and it is no longer in the configuration; put it back, and its incident opens`,
    'BAD_CONFIGURATION',
  );
