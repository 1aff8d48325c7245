/** The HTTP server without routes: what every request meets first (design §2.13, wire-formats §0). */
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyTypeProvider,
  type RawServerDefault,
  fastify,
  LogController,
} from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { acceptJsonOnly } from './jsonBody.ts';
import { loggedPath } from './logging.ts';
import { sendProblem } from './problems.ts';
import { answerUnreadable } from './unreadable.ts';
import { validatorCompiler } from './validation.ts';

/** What a request holds is typed by its schemas. What is answered is not: those schemas document, and a test compares. */
interface RequestTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  readonly serializer: unknown;
}

export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  RequestTypes
>;

/** For the OpenAPI document: this route wants a bearer token. */
export const SECURED = [{ token: [] }];

/** Bytes; a route with a greater one says so. */
const BODY_LIMIT = 256 * 1024;

export function createServer(logger?: FastifyBaseLogger): ApiServer {
  const app = fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    // One line a request, written below: Fastify's own two would hold the address as it came.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    // Longer than a proxy's usual 60 s, so that it is the proxy which closes an idle connection.
    keepAliveTimeout: 72_000,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    // Opsgenie's Go SDK takes a host for its address, and no path: what it asks for at the root is Opsgenie's API.
    rewriteUrl: ({ url = '/' }) => (url.startsWith('/v2/') ? `/opsgenie${url}` : url),
    // Opsgenie's clients append a slash; an alias of 512 characters is a path parameter.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 600 },
  }).withTypeProvider<RequestTypes>();
  acceptJsonOnly(app);
  // opsgenie-go-sdk-v2 sends an empty one where it has no body (wire-formats §0.4): none was meant.
  app.addHook('onRequest', async ({ raw: { headers } }) => {
    if (headers['content-type'] === '') delete headers['content-type'];
  });
  app.setValidatorCompiler(validatorCompiler);
  // Response schemas document; an answer that differs from its schema is still better than none.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  // A connection that is kept alive would keep a stopping server waiting until its client thinks better of it.
  let stopping = false;
  app.addHook('preClose', async () => void (stopping = true));
  app.addHook('onSend', async (_request, reply) => void (stopping && reply.header('Connection', 'close')));
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    request.log.info(
      { method, path: loggedPath(url), status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
  });
  return app;
}
