/** What monitors and heartbeats find goes in by the same door as what is sent from outside: dedup, routing and grouping included. */
import { ApplicationFailure } from '@temporalio/common';
import type { Configuration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import { withinLimits } from '../intake/limits.ts';
import type { Intake } from '../intake/ports.ts';
import type { IntakeActivities } from './contract.ts';

interface TakingIn {
  readonly intake: Intake;
  readonly configuration: () => Configuration;
}

/**
 * Throws UNKNOWN_INTEGRATION for one that is not in the configuration, TEMPORAL_UNAVAILABLE and STORE_UNAVAILABLE. Each is
 * retried, as long as the caller says: a worker whose reload was refused knows an integration later than the others.
 */
export function intakeActivities({ intake, configuration }: TakingIn): IntakeActivities {
  return {
    async takeIn(id, events) {
      const integration = configuration().integrations.get(id);
      if (integration === undefined) {
        throw ApplicationFailure.retryable(`there is no integration '${id}'`, 'UNKNOWN_INTEGRATION');
      }
      try {
        const taken = await intake.accept(events.map((event) => ({ integration, event: withinLimits(event) })));
        return taken.map(({ opened: _opened, ...answer }) => answer);
      } catch (error) {
        if (error instanceof TocsinError) throw ApplicationFailure.retryable(error.message, error.code);
        throw error;
      }
    },
  };
}
