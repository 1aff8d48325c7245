/** POST /v1/incidents: an incident opened by hand (interfaces §5). */
import { randomUUID } from 'node:crypto';
import { type Caller, actorFor, callerOf, guardedBy } from '../auth.ts';
import { byHandOf, openedNow } from '../byHand.ts';
import type { ApiDeps } from '../deps.ts';
import { sha256Hex } from '../../intake/hashes.ts';
import { incidentJson } from '../incidentJson.ts';
import { guarded, problem, recorded } from '../schemas/answers.ts';
import { incident } from '../schemas/incident.ts';
import { openByHand } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { dedupKeyOf } from '../sources/dedupKey.ts';
import { withinLimits } from '../../intake/limits.ts';

/** The same `Idempotency-Key` of one token is the same alert: a retried request opens no second incident. */
function keyed({ token }: Caller, key: string | string[] | undefined): string | undefined {
  return typeof key === 'string' && key !== '' ? sha256Hex(`${token}\n${key}`).slice(0, 32) : undefined;
}

export function openIncident(app: ApiServer, deps: ApiDeps): void {
  app.post(
    '/v1/incidents',
    {
      ...guardedBy(deps, 'command'),
      schema: {
        tags: ['incidents'],
        security: SECURED,
        summary: 'Opens an incident by hand',
        description: 'An open `dedupKey` counts as a trigger: 200 with that incident.',
        body: openByHand,
        response: { 200: incident, 201: incident, 202: recorded, 400: problem, ...guarded },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, deps, 'command');
      const { body } = request;
      const who = body.as ?? caller.user;
      const by = who === undefined ? undefined : actorFor(caller, who, deps.configuration());
      const { service, integration } = byHandOf(body.service, deps);
      const event = withinLimits({
        action: 'trigger',
        dedupKey:
          dedupKeyOf(body.dedupKey, 'dedupKey') ?? keyed(caller, request.headers['idempotency-key']) ?? randomUUID(),
        summary: body.summary,
        source: by?.name ?? `token ${caller.token}`,
        ...(by !== undefined && { by: { id: by.id, name: by.name, via: by.via } }),
        ...(body.severity !== undefined && { severity: body.severity }),
        ...(body.details !== undefined && { details: body.details }),
      });
      const [accepted] = await deps.intake.accept([{ integration, event }]);
      // Safe in Temporal, but whose it is could not be learnt just now.
      if (accepted?.incident === undefined) return reply.code(202).send({ status: 'recorded' });
      const opened = await openedNow(accepted.incident, event, service, deps);
      // Resolved just now: the event opens the next one, whose id is not known yet.
      if (!accepted.opened && opened.incident.status === 'resolved')
        return reply.code(202).send({ status: 'recorded' });
      return reply.code(accepted.opened ? 201 : 200).send(incidentJson(opened, deps));
    },
  );
}
