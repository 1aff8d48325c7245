/** POST /incidents: an incident opened by hand (PagerDuty/developer-docs, docs/REST-API/15-Incident-Creation-API.md). */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Integration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { withinLimits } from '../../intake/limits.ts';
import type { OpenedAs } from '../../intake/ports.ts';
import { byHandOf, isUnanswered, openedNow } from '../byHand.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { dedupKeyOf } from '../sources/dedupKey.ts';
import { type Requester, asking, guardedBy, requesterOf } from './acting.ts';
import type { Door } from './door.ts';
import { PagerDutyError, invalid } from './errors.ts';
import { IN_WHOSE_NAME } from './incidentChanges.ts';
import { assignments, incident, named, priority } from './incidentSchemas.ts';
import { incidentJson, incidentNamed } from './json/incidentJson.ts';
import { reference, withBody } from './schemas.ts';

/** Other members are passed over. */
const newIncident = z.looseObject({
  title: z.string().trim().min(1).max(1024),
  service: named,
  urgency: z.enum(['high', 'low']).nullish(),
  priority: priority.nullish(),
  body: z.looseObject({ details: z.string().nullish() }).nullish(),
  incident_key: z.string().nullish().describe('1 to 255 characters; one that is open is refused'),
  assignments: assignments.nullish().describe('One user, who alone is told; not with `escalation_policy`'),
  escalation_policy: named.nullish().describe('In the place of that of the service'),
});
type NewIncident = z.output<typeof newIncident>;

export function incidentCreation(app: ApiServer, door: Door): void {
  const { deps } = door;
  app.post(
    '/incidents',
    {
      ...guardedBy(deps, 'command'),
      schema: {
        tags: ['pagerduty'],
        security: SECURED,
        operationId: 'createIncident',
        summary: 'Opens an incident by hand',
        description: IN_WHOSE_NAME,
        body: z.looseObject({ incident: newIncident }).meta({
          examples: [
            {
              incident: {
                type: 'incident',
                title: 'The server is on fire',
                service: { id: 'payments', type: 'service_reference' },
              },
            },
          ],
        }),
        response: {
          201: z.looseObject({ incident }),
          202: z.looseObject({ incident: reference.nullable() }),
          ...withBody,
        },
      },
    },
    async ({ headers, body }, reply) => {
      const requester = requesterOf(headers, deps);
      const { actor, caller } = requester;
      const asked = body.incident;
      const { integration, service } = openedBy(door, asked);
      const key = asked.incident_key ?? undefined;
      const details = asked.body?.details ?? undefined;
      const event = withinLimits({
        action: 'trigger',
        dedupKey: dedupKeyOf(key, 'incident_key') ?? randomUUID(),
        summary: asked.title,
        source: actor.name,
        by: { id: actor.id, name: actor.name, via: actor.via },
        ...(details !== undefined && { details: { body: details } }),
      });
      const openedAs = howOpened(door, asked);
      if (key !== undefined && (await isOpen(door, integration, event))) throw keyIsOpen();
      const [accepted] = await deps.intake.accept([{ integration, event, openedAs }]);
      // Safe in Temporal, but whose it is could not be learnt just now.
      if (accepted?.incident === undefined) return reply.code(202).send({ incident: null });
      // Opened by another since it was looked for.
      if (!accepted.opened && key !== undefined) throw keyIsOpen();
      const visit = { ...door, caller };
      const taken = await ownAssignment(door, requester, accepted.incident, openedAs);
      if (taken === null) return reply.code(202).send({ incident: incidentNamed(visit, accepted.incident) });
      const opened = taken ?? (await openedNow(accepted.incident, event, service, deps));
      return reply.code(201).send({ incident: incidentJson(visit, opened) });
    },
  );
}

const keyIsOpen = () => invalid('Open incident with matching dedup key already exists on this service');

/** Before it is accepted, for a trigger that is refused is not to count. With nobody to say so, it is accepted. */
async function isOpen({ deps }: Door, { id }: Integration, { dedupKey }: SourceEvent): Promise<boolean> {
  try {
    return (await deps.incidents.openOf(id, dedupKey)) !== undefined;
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return false;
  }
}

function openedBy({ deps }: Door, { service: { id } }: NewIncident) {
  if (deps.configuration().services.has(id)) return byHandOf(id, deps);
  throw new PagerDutyError(5002, 'BAD_REQUEST', `there is no service '${id}' in the configuration`);
}

/** What it is opened with in the place of what its service says. Throws UNKNOWN_USER and UNKNOWN_POLICY. */
function howOpened({ deps }: Door, asked: NewIncident): OpenedAs {
  const { users, escalationPolicies } = deps.configuration();
  const assigned = (asked.assignments ?? []).map(({ assignee }) => assignee.id);
  const [user, ...others] = assigned;
  const policy = asked.escalation_policy?.id;
  const urgency = asked.urgency ?? undefined;
  const priority = asked.priority?.id;
  if (user !== undefined && policy !== undefined) throw invalid('give either assignments or escalation_policy');
  if (others.length > 0) throw invalid('assignments: only one assignee is supported');
  if (user !== undefined && !users.has(user)) {
    throw new TocsinError('UNKNOWN_USER', `there is no user '${user}' in the configuration`);
  }
  if (policy !== undefined && !escalationPolicies.has(policy)) {
    throw new TocsinError('UNKNOWN_POLICY', `there is no escalation policy '${policy}' in the configuration`);
  }
  return {
    ...(urgency !== undefined && { urgency }),
    ...(priority !== undefined && { priority }),
    ...(policy !== undefined && { policy }),
    ...(user !== undefined && { users: [user] }),
  };
}

/** Assigned by somebody to themself it is acknowledged at once; undefined where it is not, null where no worker has confirmed it. */
async function ownAssignment({ give }: Door, requester: Requester, id: string, { users = [] }: OpenedAs) {
  if (users[0] !== requester.actor.id) return undefined;
  const given = await give(asking(requester, 'acknowledge'), id);
  if (given.kind === 'refused') return undefined;
  return given.kind === 'done' ? given.found : null;
}
