/** /v1/maintenance-windows (interfaces §5): whoever reads may read them; managers and admins make them and take them away. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Configuration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { MaintenanceWindow } from '../../domain/maintenance.ts';
import { actorFor, callerOf, guardedBy } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { whenOf, windowJson } from '../maintenanceWindow.ts';
import { guarded, problem } from '../schemas/answers.ts';
import { maintenanceWindow, newWindow, windowId, windowList } from '../schemas/maintenance.ts';
import { type ApiServer, SECURED } from '../server.ts';

export function maintenanceWindows(app: ApiServer, deps: ApiDeps): void {
  const route = { tags: ['maintenance'], security: SECURED };
  const { store, windows, incidents } = deps;

  app.get(
    '/v1/maintenance-windows',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        ...route,
        summary: 'Lists maintenance windows',
        description: 'Those that are not over, the oldest first.',
        response: { 200: windowList, ...guarded },
      },
    },
    async () => {
      const now = Date.now();
      const found = await store.windows(now);
      return { maintenanceWindows: found.map((window) => windowJson(window, now)), nextCursor: null };
    },
  );
  app.get(
    '/v1/maintenance-windows/:id',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        ...route,
        summary: 'One maintenance window',
        params: windowId,
        response: { 200: maintenanceWindow, 404: problem, ...guarded },
      },
    },
    async ({ params: { id } }) => windowJson(found(await store.window(id), id), Date.now()),
  );
  app.post(
    '/v1/maintenance-windows',
    {
      ...guardedBy(deps, 'windows'),
      schema: {
        ...route,
        summary: 'Makes a maintenance window',
        description:
          'New incidents of its services are held while it is in effect. Once, with `start` and `end`; or recurring, with `timezone`, `from` and `to`.',
        body: newWindow,
        response: { 201: maintenanceWindow, 400: problem, ...guarded },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, deps, 'windows');
      const { body } = request;
      const configuration = deps.configuration();
      const who = body.as ?? caller.user;
      const user = who === undefined ? null : actorFor(caller, who, configuration).id;
      const now = Date.now();
      const window: MaintenanceWindow = {
        id: randomUUID(),
        services: checkServices(body.services, configuration),
        description: body.description ?? null,
        ...whenOf(body, now),
        createdAt: now,
        createdBy: { user, token: caller.token },
      };
      await store.addWindow(window);
      await windows.read();
      return reply.code(201).send(windowJson(window, now));
    },
  );
  app.delete(
    '/v1/maintenance-windows/:id',
    {
      ...guardedBy(deps, 'windows'),
      schema: {
        ...route,
        summary: 'Takes a maintenance window away',
        params: windowId,
        response: { 204: z.null().describe('It holds nothing any more'), 404: problem, ...guarded },
      },
    },
    async ({ params: { id } }, reply) => {
      const window = found(await store.window(id), id);
      // Durable before it is gone: else those that it holds might never hear of it.
      await incidents.tellHeld(window);
      await store.removeWindow(id);
      await windows.read();
      return reply.code(204).send();
    },
  );
}

/** What is there, or NOT_FOUND that names the id. */
function found(window: MaintenanceWindow | undefined, id: string): MaintenanceWindow {
  if (window !== undefined) return window;
  throw new TocsinError(
    'NOT_FOUND',
    `there is no maintenance window '${id.slice(0, 200)}'; GET /v1/maintenance-windows lists them`,
  );
}

/** Throws BAD_REQUEST for a service that the configuration has not. */
function checkServices(services: readonly string[], { services: known }: Configuration): readonly string[] {
  const unknown = services.find((id) => !known.has(id));
  if (unknown === undefined) return [...new Set(services)];
  throw new TocsinError(
    'BAD_REQUEST',
    `body.services: there is no service '${unknown}'; there are: ${[...known.keys()].join(', ')}`,
  );
}
