/** One command for many incidents, each with an answer of its own. */
import type { FastifyRequest } from 'fastify';
import type { Asked, GiveCommand } from './givingCommands.ts';
import type { IncidentJson } from './incidentJson.ts';
import { inLanes } from './inLanes.ts';
import { type Problem, asTocsinError, logUnexpected, problemAt } from './problems.ts';

/** As POST /v1/incidents/{id}/{command} would answer for that incident alone; `id` as it was given, an id or a number. */
export interface Result {
  readonly id: string;
  readonly status: number;
  readonly incident?: IncidentJson;
  readonly problem?: Problem & { readonly incident?: IncidentJson };
}

/** A result for each of these ids or numbers, in their order. One that is named twice is asked once. Never rejects. */
export type GiveMany = (asked: Asked, ids: readonly string[], request: FastifyRequest) => Promise<readonly Result[]>;

export function manyGiver(give: GiveCommand, idOf: (idOrNumber: string) => Promise<string>): GiveMany {
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

  return async (asked, ids, request) => {
    const once = [...new Set(ids)];
    const results = await inLanes(once, (id) => resultFor(asked, id, request));
    const byId = new Map(once.map((id, place) => [id, results[place]]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  };
}
