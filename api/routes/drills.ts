/** /v1/drills: an incident that nobody has, told as any other; for managers and admins (docs/guides/drill.md). */
import { randomUUID } from 'node:crypto';
import { TocsinError } from '../../domain/errors.ts';
import { DRILL_SUMMARY } from '../../wording/drill.ts';
import { actorFor, callerOf, guardedBy } from '../auth.ts';
import { byHandOf, openedNow } from '../byHand.ts';
import { configured } from '../configured.ts';
import type { ApiDeps } from '../deps.ts';
import { incidentJson } from '../incidentJson.ts';
import { guarded, problem, recorded } from '../schemas/answers.ts';
import { incident } from '../schemas/incident.ts';
import { incidentId, newDrill } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { withinLimits } from '../../intake/limits.ts';

export function drills(app: ApiServer, deps: ApiDeps): void {
  const route = { tags: ['incidents'], security: SECURED };
  app.post(
    '/v1/drills',
    {
      ...guardedBy(deps, 'tests'),
      schema: {
        ...route,
        summary: 'Begins a drill',
        description:
          'An incident that is marked DRILL wherever it is told, and goes by the policy of its service. It counts in no statistics.',
        body: newDrill,
        response: { 201: incident, 202: recorded, 400: problem, 404: problem, ...guarded },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, deps, 'tests');
      const { body } = request;
      const present = deps.configuration();
      const who = body.as ?? caller.user;
      const by = who === undefined ? undefined : actorFor(caller, who, present);
      const { service, integration } = byHandOf(body.service, deps);
      const onlyUser = body.user === undefined ? undefined : configured(present.users, body.user, 'user').id;
      const event = withinLimits({
        action: 'trigger',
        drill: true,
        dedupKey: `drill-${randomUUID()}`,
        summary: body.summary ?? DRILL_SUMMARY[present.organization.language](service.name),
        source: by?.name ?? `token ${caller.token}`,
        severity: body.severity ?? 'critical',
        ...(by !== undefined && { by: { id: by.id, name: by.name, via: by.via } }),
      });
      const [accepted] = await deps.intake.accept([
        { integration, event, ...(onlyUser !== undefined && { onlyUser }) },
      ]);
      if (accepted?.incident === undefined) return reply.code(202).send({ status: 'recorded' });
      return reply.code(201).send(incidentJson(await openedNow(accepted.incident, event, service, deps), deps));
    },
  );
  app.post(
    '/v1/drills/:id/end',
    {
      ...guardedBy(deps, 'tests'),
      schema: {
        ...route,
        summary: 'Ends a drill',
        description: 'Resolves it, in nobody’s name.',
        params: incidentId,
        response: { 202: recorded, 404: problem, ...guarded },
      },
    },
    async (request, reply) => {
      const { token } = callerOf(request, deps, 'tests');
      const { id } = request.params;
      const drill = (await deps.incidents.read(id))?.incident;
      if (drill?.drill !== true) throw new TocsinError('NOT_FOUND', `there is no drill '${id.slice(0, 255)}'`);
      const { integration } = byHandOf(drill.service, deps);
      const event = withinLimits({
        action: 'resolve',
        drill: true,
        dedupKey: drill.dedupKey,
        summary: 'The drill is over',
        source: `token ${token}`,
      });
      await deps.intake.accept([{ integration, event }]);
      return reply.code(202).send({ status: 'recorded' });
    },
  );
}
