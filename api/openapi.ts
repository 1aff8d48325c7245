/** GET /openapi.json: OpenAPI 3.1, made from the routes' own schemas; and /docs, where a browser shows it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { createJsonSchemaTransform } from '@fastify/type-provider-zod';
import { z } from 'zod';
import { answersOf } from './openapiAnswers.ts';
import type { ApiServer } from './server.ts';

/** Registers the collector; call before the routes. The registry is our own: the global one would publish every schema of the process. */
export async function collectOpenApi(app: ApiServer, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tocsin',
        version: '1',
        description: 'Incident alerting and escalation. Errors are problem details (RFC 9457) with a `code`.',
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          genieKey: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: '`GenieKey <routing key of an integration of source opsgenie>`',
          },
        },
      },
      tags: [
        { name: 'events', description: 'What monitoring sources send' },
        { name: 'incidents', description: 'What people and programs do' },
        { name: 'opsgenie', description: 'Opsgenie’s own API, for its clients' },
        { name: 'heartbeats', description: 'Whose silence is an incident' },
        { name: 'people', description: 'Who is on call, and what is configured' },
        { name: 'maintenance', description: 'When new incidents are held' },
        { name: 'pagerduty', description: 'PagerDuty’s REST API v2; below /pagerduty.com, too' },
        { name: 'operations', description: 'How the process is' },
      ],
    },
    transform: createJsonSchemaTransform({ schemaRegistry: z.registry() }),
    transformObject: (made) => answersOf('openapiObject' in made ? made.openapiObject : made.swaggerObject),
  });
}

export async function openApi(app: ApiServer): Promise<void> {
  app.get(
    '/openapi.json',
    {
      schema: { tags: ['operations'], summary: 'This document', response: { 200: z.record(z.string(), z.unknown()) } },
    },
    () => app.swagger() as unknown as Record<string, unknown>,
  );
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // The document is told where it is used: a browser elsewhere asks the same origin that the page came from.
    transformSpecification: (document) => ({ ...document, servers: [{ url: '/' }] }),
    staticCSP: CONTENT_SECURITY_POLICY,
    uiHooks: {
      onRequest: (_request, reply, next) => {
        void reply.headers({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
        next();
      },
    },
  });
}

/** What the page itself loads and asks, and no more; its styles and icons are partly inline. */
const CONTENT_SECURITY_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};
