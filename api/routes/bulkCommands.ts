/** POST /v1/incidents/{command}: one command for many incidents, each with an answer of its own (interfaces §5, Bulk). */
import { guardedBy } from '../auth.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { askedOf } from '../givingCommands.ts';
import type { GiveMany } from '../givingMany.ts';
import { type CommandBody, PLAIN_COMMANDS } from '../personsCommand.ts';
import { bulkResults, guarded, problem } from '../schemas/answers.ts';
import { bulkBody, commandHeaders } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { SUMMARIES, preValidation } from './incidentCommands.ts';

interface BulkBody extends CommandBody {
  readonly incidents: readonly (string | number)[];
}

export function bulkCommands(app: ApiServer, deps: ApiDeps, giveMany: GiveMany): void {
  for (const type of PLAIN_COMMANDS) {
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
        return { results: await giveMany(asked, incidents.map(String), request) };
      },
    );
  }
  app.post('/v1/incidents/merge', { config: { catchAll: true }, schema: { hide: true } }, () => {
    throw new TocsinError('NOT_FOUND', 'ask the incident that stays: POST /v1/incidents/{id}/merge, with `sources`');
  });
}
