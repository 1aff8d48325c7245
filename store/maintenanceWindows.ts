/** Maintenance windows, which people make and take away while Tocsin runs (interfaces §5, `/v1/maintenance-windows`). */
import { eq, gt, isNull, or } from 'drizzle-orm';
import type { Use } from './backend.ts';
import { maintenanceWindows as table } from './schema.ts';
import type { Store } from './store.ts';

type Windows = Pick<Store, 'addWindow' | 'removeWindow' | 'window' | 'windows'>;

export function maintenanceWindows(use: Use): Windows {
  return {
    addWindow: (window) =>
      use(async (database) => {
        await database.insert(table).values({ id: window.id, end: window.end, window });
      }),
    removeWindow: (id) =>
      use(async (database) => {
        const [row] = await database.delete(table).where(eq(table.id, id)).returning({ window: table.window });
        return row?.window;
      }),
    window: (id) =>
      use(async (database) => {
        const [row] = await database.select().from(table).where(eq(table.id, id));
        return row?.window;
      }),
    windows: (at) =>
      use(async (database) => {
        const rows = await database
          .select()
          .from(table)
          .where(or(isNull(table.end), gt(table.end, at)));
        return rows.map(({ window }) => window).toSorted(byAge);
      }),
  };
}

const byAge = (one: { createdAt: number; id: string }, other: { createdAt: number; id: string }): number =>
  one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1);
