/** POST /v1/incidents/{command}: one command for many incidents, each with an answer of its own (interfaces §5, Bulk). */
import type { FastifyRequest } from 'fastify';
import { PEOPLES_COMMANDS } from '../../domain/commands.ts';
import { guardedBy } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { type Asked, type GiveCommand, askedOf } from '../givingCommands.ts';
import type { IncidentJson } from '../incidentJson.ts';
import type { CommandBody } from '../personsCommand.ts';
import { type Problem, asTocsinError, logUnexpected, problemAt } from '../problems.ts';
import { bulkResults, guarded, problem } from '../schemas/answers.ts';
import { bulkBody, commandHeaders } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { SUMMARIES, preValidation } from './incidentCommands.ts';

/** Commands under way at once: with no worker to take any, 250 of them are answered within half a minute. */
const AT_ONCE = 50;

/** As POST /v1/incidents/{id}/{command} would answer for that incident alone; `id` as it was given, an id or a number. */
interface Result {
  readonly id: string;
  readonly status: number;
  readonly incident?: IncidentJson;
  readonly problem?: Problem & { readonly incident?: IncidentJson };
}

interface BulkBody extends CommandBody {
  readonly incidents: readonly (string | number)[];
}

export function bulkCommands(
  app: ApiServer,
  deps: ApiDeps,
  give: GiveCommand,
  idOf: (idOrNumber: string) => Promise<string>,
): void {
  const resultFor = async (asked: Asked, id: string, request: FastifyRequest): Promise<Result> => {
    const path = `/v1/incidents/${id}/${asked.type}`;
    try {
      const given = await give(asked, await idOf(id));
      switch (given.kind) {
        case 'recorded':
          return { id, status: 202 };
        case 'done':
          return { id, status: 200, incident: given.incident };
        case 'refused': {
          const told = problemAt(given.error, path);
          return { id, status: told.status, problem: { ...told, incident: given.incident } };
        }
        default:
          return given satisfies never;
      }
    } catch (error) {
      const known = asTocsinError(error);
      logUnexpected(known, request);
      const told = problemAt(known, path);
      return { id, status: told.status, problem: told };
    }
  };

  for (const type of PEOPLES_COMMANDS) {
    app.post(
      `/v1/incidents/${type}`,
      {
        ...guardedBy(deps, 'command'),
        preValidation,
        schema: {
          tags: ['incidents'],
          security: SECURED,
          summary: `For up to 250 incidents at once. ${SUMMARIES[type]}`,
          description:
            'Each incident has a result of its own, in the order in which they were named, with the status that it alone would have been answered.',
          headers: commandHeaders,
          body: bulkBody(type),
          response: { 200: bulkResults, 400: problem, ...guarded },
        },
      },
      async (request) => {
        const { incidents, ...body } = request.body as unknown as BulkBody;
        const asked = askedOf(request, type, body, deps);
        const results = new Map<string, Result>();
        // Named twice, it is asked once.
        const left = new Set(incidents.map(String)).values();
        const lane = async (): Promise<void> => {
          for (const id of left) results.set(id, await resultFor(asked, id, request));
        };
        await Promise.all(Array.from({ length: AT_ONCE }, lane));
        return { results: incidents.map((id) => results.get(String(id))) };
      },
    );
  }
}
