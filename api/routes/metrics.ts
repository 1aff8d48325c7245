/** GET /metrics: ours and Temporal's, for Prometheus (interfaces §5, operations). */
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { callerOf } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import type { Metrics } from '../ports.ts';
import { problem } from '../schemas/answers.ts';
import { type ApiServer, SECURED } from '../server.ts';

/** Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */
const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
/** What proxies add; any of them means that the peer speaks for somebody else (RFC 7239, RFC 9110 §7.6.3, and habit). */
const FORWARDED = /^(?:x-forwarded-.+|forwarded|via|x-real-ip)$/;

export function metricsRoute(app: ApiServer, deps: ApiDeps & { readonly metrics: Metrics }): void {
  const { store, metrics } = deps;
  const storeUp = metrics.meter.createGauge('tocsin_store_up', 'int', '', '1: the store works; 0: it does not');
  app.get(
    '/metrics',
    {
      onRequest: async (request) => {
        if (!isLocal(request)) callerOf(request, deps, 'read');
      },
      schema: {
        tags: ['operations'],
        security: [...SECURED, {}],
        summary: 'Metrics for Prometheus',
        description:
          'Without a token only for this machine: where the API listens on loopback and nothing was forwarded.',
        response: { 200: z.string(), 401: problem, 403: problem },
      },
    },
    async (_request, reply) => {
      storeUp.set((await store.trouble()) === null ? 1 : 0, {});
      return reply
        .type(TEXT)
        .serializer(asItIs)
        .send(await metrics.text());
    },
  );
}

const asItIs = (text: unknown): string => String(text);

/** A peer on this machine, an API that listens to nobody else, and no proxy between. */
function isLocal({ headers, socket, server }: FastifyRequest): boolean {
  const listening = server.addresses().map((bound) => (typeof bound === 'string' ? undefined : bound.address));
  const allLoopback = listening.length > 0 && [socket.remoteAddress, ...listening].every(isLoopback);
  return allLoopback && !Object.keys(headers).some((name) => FORWARDED.test(name));
}

const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
