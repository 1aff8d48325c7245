/** What all that is done with an alert has in common: the route, the alert that it names, and the 202 that keeps what came of it. */
import { z } from 'zod';
import type { Integration } from '../../domain/configuration.ts';
import type { ApiDeps } from '../deps.ts';
import { preValidation } from '../routes/incidentCommands.ts';
import { accepted, anAlert, failed, guardedByKeys, identified, takesBody } from '../schemas/opsgenie.ts';
import type { ApiServer } from '../server.ts';
import { accept } from './answers.ts';
import type { Said } from './asking.ts';
import { BODY_LIMIT, GENIE_KEY, TAGS } from './describing.ts';
import type { FindAlert, FoundAlert, IdentifierType } from './foundAlert.ts';
import { guardedByKey, integrationOf } from './genieKey.ts';
import { type Action, type Result, keyNameOf, signOutcome } from './outcome.ts';

/** One request: what it says, and of which alert. */
export interface Asked<Saying = Said> {
  readonly deps: ApiDeps;
  readonly integration: Integration;
  readonly said: Saying;
  readonly named: { readonly identifier: string; readonly type: IdentifierType };
  /** Further parameters of the path. */
  readonly params: Readonly<Record<string, string>>;
  /** As it is now. Throws as `FindAlert` does. */
  readonly find: () => Promise<FoundAlert | undefined>;
}

/** What came of it, and of which alert, as far as that is known. */
export interface Done {
  readonly result: Result;
  readonly incident?: string;
  readonly alias?: string;
}

export interface Act<Says extends z.ZodObject> {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** After the alert: `/acknowledge`; empty for the alert itself. */
  readonly path: string;
  readonly action: Action;
  readonly summary: string;
  /** What it says: in its body, or where it is deleted, in its address. */
  readonly says: Says;
  readonly params?: z.ZodObject;
  readonly perform: (asked: Asked<z.output<Says>>) => Promise<Done>;
}

/** Adds the route; `find` is one for all of them. */
export function addAct<Says extends z.ZodObject>(app: ApiServer, deps: ApiDeps, find: FindAlert, act: Act<Says>): void {
  const { method, path, action, summary, says, params = identified, perform } = act;
  const inAddress = method === 'DELETE';
  app.route({
    method,
    url: `/v2/alerts/:identifier${path}`,
    ...guardedByKey(deps),
    bodyLimit: BODY_LIMIT,
    // Clients send none, or an empty one, where all of it is optional (wire-formats §0.2).
    preValidation,
    schema: {
      tags: TAGS,
      security: GENIE_KEY,
      summary,
      description: 'What came of it is asked for by its `requestId`; so is that there is no such alert.',
      params,
      querystring: inAddress ? z.object({ ...anAlert.shape, ...says.shape }) : anAlert,
      ...(!inAddress && { body: says }),
      response: { 202: accepted, ...guardedByKeys, ...takesBody, 404: failed },
    },
    handler: async (request, reply) => {
      const integration = integrationOf(request, deps);
      const asked = request.params as Readonly<Record<string, string>>;
      const query = request.query as { readonly identifierType: IdentifierType };
      const named = { identifier: asked['identifier'] ?? '', type: query.identifierType };
      const { result, incident, alias } = await perform({
        deps,
        integration,
        said: (inAddress ? query : request.body) as z.output<Says>,
        named,
        params: asked,
        find: () => find(integration, named.identifier, named.type),
      });
      const outcome = { action, result, at: Date.now(), alertId: incident ?? '', alias: alias ? keyNameOf(alias) : '' };
      return accept(reply, signOutcome(deps.secret, integration.id, outcome));
    },
  });
}

const NO_ALERT: Done = { result: 'NOT_FOUND' };

/** Of the alert that is named, what `doing` comes to; where there is none, that. */
export async function withAlert(
  { find }: Pick<Asked, 'find'>,
  doing: (alert: FoundAlert) => Promise<Result>,
): Promise<Done> {
  const alert = await find();
  if (alert === undefined) return NO_ALERT;
  return { result: await doing(alert), incident: alert.incident.id, alias: alert.alias };
}
