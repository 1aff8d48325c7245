/** The store in SQL, the same on PGlite and PostgreSQL. */
import { sql } from 'drizzle-orm';
import { TocsinError } from '../domain/errors.ts';
import { alertGroups } from './alertGroups.ts';
import { usable, type Backend } from './backend.ts';
import { changeEvents } from './changeEvents.ts';
import { ignoredEvents } from './ignoredEvents.ts';
import { incidentNumbers } from './incidentNumbers.ts';
import { maintenanceWindows } from './maintenanceWindows.ts';
import { records } from './records.ts';
import { releaseTurns } from './releaseTurns.ts';
import { roundRobin } from './roundRobin.ts';
import type { Store } from './store.ts';

/** Opens nothing yet: the first call does. */
export function sqlStore(backend: Backend): Store {
  const use = usable(backend);
  let closing: Promise<void> | undefined;
  return {
    absent: false,
    ...incidentNumbers(use),
    ...roundRobin(use),
    ...records(use),
    ...ignoredEvents(use),
    ...changeEvents(use),
    ...maintenanceWindows(use),
    ...releaseTurns(use),
    ...alertGroups(use),
    async trouble() {
      try {
        await use(async (database) => database.execute(sql`select 1`));
        return null;
      } catch (error) {
        return error instanceof TocsinError ? error.message : String(error);
      }
    },
    close: () => (closing ??= backend.close()),
  };
}
