/**
 * /opsgenie/v2/heartbeats: Opsgenie's Heartbeat API (https://docs.opsgenie.com/docs/heartbeat-api), on Tocsin's heartbeats. A key
 * makes, sees and changes those of its own integration. Where Opsgenie says PONG to a name that nobody made, this says 404, as
 * its OpenAPI file does: a job that pings the wrong name must not look watched.
 */
import type { FastifyRequest } from 'fastify';
import { TocsinError } from '../../domain/errors.ts';
import type { HeartbeatMessage, HeartbeatName, HeartbeatSettings } from '../../domain/heartbeat.ts';
import type { HeartbeatView } from '../../domain/heartbeatTelling.ts';
import type { ApiDeps } from '../deps.ts';
import { failed, guardedByKeys, takesBody } from '../schemas/opsgenie.ts';
import {
  allHeartbeats,
  changedHeartbeat,
  deletedHeartbeat,
  heartbeatMeta,
  heartbeatName,
  newHeartbeat,
  oneHeartbeat,
  pong,
} from '../schemas/opsgenieHeartbeats.ts';
import type { ApiServer } from '../server.ts';
import { answer, sendUnprocessable } from './answers.ts';
import { BODY_LIMIT, GENIE_KEY, TAGS } from './describing.ts';
import { guardedByKey, integrationOf } from './genieKey.ts';
import { heartbeatJson, heartbeatMetaJson, settingsOf, writtenIn, writtenWith } from './writtenHeartbeat.ts';

/** Of a list, which has no pages there. */
const LISTED = 1_000;
const PAGE = 250;

const TOO_LONG = { interval: 'should be a year at most' };

export function heartbeats(app: ApiServer, deps: ApiDeps): void {
  const route = { ...guardedByKey(deps), bodyLimit: BODY_LIMIT };
  const describing = { tags: TAGS, security: GENIE_KEY };
  const named = { ...describing, params: heartbeatName };
  const ofOne = { ...guardedByKeys, 404: failed, 422: failed };
  const nameIn = (request: FastifyRequest): HeartbeatName => ({
    integration: integrationOf(request, deps).id,
    name: (request.params as { readonly name: string }).name,
  });
  const found = async (heartbeat: HeartbeatName): Promise<HeartbeatView> =>
    (await deps.heartbeats.read(heartbeat)) ?? unknown(heartbeat);
  const tell = async (heartbeat: HeartbeatName, message: HeartbeatMessage): Promise<void> => {
    if (!(await deps.heartbeats.tell(heartbeat, message))) unknown(heartbeat);
  };

  app.post(
    '/v2/heartbeats',
    {
      ...route,
      schema: {
        ...describing,
        summary: 'Creates a heartbeat: its expiry is an incident',
        body: newHeartbeat,
        response: { 201: oneHeartbeat, ...guardedByKeys, ...takesBody, 409: failed },
      },
    },
    async (request, reply) => {
      const { name, interval, intervalUnit, enabled, ...asked } = request.body;
      const settings = settingsOf(writtenWith({ interval, intervalUnit }, asked));
      if (settings === undefined) return sendUnprocessable(reply, TOO_LONG);
      const heartbeat = { integration: integrationOf(request, deps).id, name };
      const watch = { ...heartbeat, origin: 'opsgenie', settings, enabled: enabled === true } as const;
      if (!(await deps.heartbeats.watch(watch))) {
        throw new TocsinError('HEARTBEAT_EXISTS', `Heartbeat with name [${name}] already exists`);
      }
      return answer(reply.code(201), { data: heartbeatJson(await found(heartbeat)) });
    },
  );
  app.get(
    '/v2/heartbeats',
    {
      ...route,
      schema: {
        ...describing,
        summary: 'Lists heartbeats',
        description: 'The first 1,000; /v1/heartbeats has them all.',
        response: { 200: allHeartbeats, ...guardedByKeys },
      },
    },
    async (request, reply) =>
      answer(reply, { data: { heartbeats: await listed(deps, integrationOf(request, deps).id) } }),
  );
  app.get(
    '/v2/heartbeats/:name',
    { ...route, schema: { ...named, summary: 'One heartbeat', response: { 200: oneHeartbeat, ...ofOne } } },
    async (request, reply) => answer(reply, { data: heartbeatJson(await found(nameIn(request))) }),
  );
  app.patch(
    '/v2/heartbeats/:name',
    {
      ...route,
      schema: {
        ...named,
        summary: 'Changes a heartbeat; what is left out stays',
        body: changedHeartbeat,
        response: { 200: heartbeatMeta, ...takesBody, ...ofOne },
      },
    },
    async (request, reply) => {
      const heartbeat = nameIn(request);
      const { enabled, ...asked } = request.body;
      const settings: HeartbeatSettings | undefined = settingsOf(writtenWith(writtenIn(await found(heartbeat)), asked));
      if (settings === undefined) return sendUnprocessable(reply, TOO_LONG);
      const on = typeof enabled === 'boolean' ? { enabled } : {};
      await tell(heartbeat, { kind: 'arrange', origin: 'opsgenie', settings, ...on });
      return answer(reply, { data: heartbeatMetaJson(await found(heartbeat)) });
    },
  );
  app.delete(
    '/v2/heartbeats/:name',
    {
      ...route,
      schema: {
        ...named,
        summary: 'Deletes a heartbeat; its incident is resolved',
        response: { 200: deletedHeartbeat, ...ofOne },
      },
    },
    async (request, reply) => {
      await tell(nameIn(request), { kind: 'end', why: 'it was deleted' });
      return answer(reply, { result: 'Deleted' });
    },
  );
  for (const act of ['enable', 'disable'] as const) {
    app.post(
      `/v2/heartbeats/:name/${act}`,
      {
        ...route,
        schema: {
          ...named,
          summary:
            act === 'enable'
              ? 'Enables a heartbeat: it has a whole interval from now'
              : 'Disables a heartbeat; its incident is resolved',
          response: { 200: heartbeatMeta, ...takesBody, ...ofOne },
        },
      },
      async (request, reply) => {
        const heartbeat = nameIn(request);
        const enabled = act === 'enable';
        const { status } = await found(heartbeat);
        await tell(heartbeat, { kind: 'enable', enabled });
        return answer(reply, {
          data: { name: heartbeat.name, enabled, expired: enabled && status === 'silent' },
        });
      },
    );
  }
  // HEAD comes with GET.
  for (const method of ['GET', 'POST', 'PUT', 'PATCH'] as const) {
    app.route({
      method,
      url: '/v2/heartbeats/:name/ping',
      ...route,
      schema: {
        ...named,
        summary: 'Pings a heartbeat',
        response: { 202: pong, ...(method === 'GET' ? {} : takesBody), ...ofOne },
      },
      handler: async (request, reply) => {
        const at = Date.now();
        const heartbeat = nameIn(request);
        if (!(await deps.heartbeats.beat(heartbeat, at))) unknown(heartbeat);
        return answer(reply.code(202), { result: 'PONG - Heartbeat received' });
      },
    });
  }
}

function unknown({ name }: HeartbeatName): never {
  throw new TocsinError('NOT_FOUND', `Heartbeat with name [${name}] does not exist`);
}

async function listed({ heartbeats }: ApiDeps, integration: string) {
  const all: HeartbeatView[] = [];
  for (let cursor: string | undefined | null; cursor !== null && all.length < LISTED;) {
    const page = await heartbeats.list({ integration, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.heartbeats);
    cursor = page.nextCursor;
  }
  return all.map(heartbeatJson);
}
