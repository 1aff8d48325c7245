/**
 * The phone page behind the signed link of a notification (interfaces §5). GET shows, and changes nothing, however often
 * mail scanners follow the link; only the POST of a button acts, as the user the link was sent to, each action once a link.
 */
import { randomUUID } from 'node:crypto';
import formbody from '@fastify/formbody';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration } from '../../domain/configuration.ts';
import type { Instant } from '../../domain/duration.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { ERRORS, TocsinError } from '../../domain/errors.ts';
import type { AckLink, ReadLink } from '../../links/ackLink.ts';
import { readAckLink } from '../../links/ackLink.ts';
import { wordingOf } from '../../wording/index.ts';
import type { AckPage, LinkAction, PageReader, ShownIncident } from '../ackPageHtml.ts';
import { STYLE_HASH, ackPageHtml } from '../ackPageHtml.ts';
import type { CommandResult, FoundIncident, IncidentGateway } from '../ports.ts';

export interface AckPageOptions {
  /** What the links were signed with. */
  readonly secret: string;
  readonly incidents: IncidentGateway;
  /** For the users' and services' names, and the runbook; a user who is no longer in it may not act. */
  readonly configuration: () => Configuration;
  /** Milliseconds since the epoch; the present where absent. */
  readonly now?: () => Instant;
}

type Answer = Omit<AckPage, 'now' | 'reader'> & { readonly status: number };

const BODY_LIMIT = 1_024;
const ACTIONS: readonly LinkAction[] = ['acknowledge', 'resolve'];
const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
  'content-security-policy': `default-src 'none'; style-src ${STYLE_HASH}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
};

/**
 * `GET`, `HEAD` and `POST /ack/<token>`, all answered as HTML. A wildcard, for a token is longer than the 100 characters
 * that Fastify takes in a parameter. Registered in a scope of its own: it takes no content type but that of a form.
 */
export async function ackPage(app: FastifyInstance, options: AckPageOptions): Promise<void> {
  const now = options.now ?? Date.now;
  const send = (reply: FastifyReply, reader: PageReader, { status, ...page }: Answer): FastifyReply => {
    if (status === ERRORS.TEMPORAL_UNAVAILABLE.status) reply.header('retry-after', '5');
    return reply
      .code(status)
      .type('text/html; charset=utf-8')
      .send(ackPageHtml({ ...page, reader, now: now() }));
  };
  const readLink = (request: FastifyRequest): ReadLink => {
    const { '*': token = '' } = request.params as { '*'?: string };
    return readAckLink(options.secret, token, now());
  };
  /** The user of a link that is good, and otherwise the organization. */
  const readerOf = (request: FastifyRequest): PageReader => {
    const { users, organization } = options.configuration();
    const read = readLink(request);
    const { language, timezone } = (read.ok ? users.get(read.link.user) : undefined) ?? organization;
    return { wording: wordingOf(language), zone: timezone };
  };
  const linkOf = (request: FastifyRequest, { wording: { page } }: PageReader): AckLink => {
    const read = readLink(request);
    if (!read.ok) {
      throw new TocsinError(read.code, read.code === 'LINK_EXPIRED' ? page.linkExpiredHelp : page.linkInvalidHelp);
    }
    if (!options.configuration().users.has(read.link.user)) throw new TocsinError('FORBIDDEN', page.userGone);
    return read.link;
  };

  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: BODY_LIMIT });
  app.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const code = codeOf(error);
    if (code === 'INTERNAL') request.log.error({ err: error }, 'the phone page failed');
    const say = error instanceof TocsinError ? error.message : undefined;
    const reader = readerOf(request);
    return send(reply, reader, { ...refusal(code, reader), ...(say === undefined ? {} : { say }) });
  });

  // The page is for people, and not part of the API's description. Its address is a secret, and at `info` would be logged.
  const route = { schema: { hide: true }, logLevel: 'warn' } as const;
  app.get('/ack/*', { ...route, exposeHeadRoute: true }, async (request, reply) => {
    const reader = readerOf(request);
    return send(reply, reader, await show(options, linkOf(request, reader), reader));
  });
  app.post('/ack/*', route, async (request, reply) => {
    const reader = readerOf(request);
    const link = linkOf(request, reader);
    const { action: given } = (request.body ?? {}) as { action?: unknown };
    const action = ACTIONS.find((each) => each === given);
    if (action === undefined) throw new TocsinError('BAD_REQUEST', reader.wording.page.useTheButtons);
    return send(reply, reader, await act(options, link, action, reader));
  });
}

async function show(options: AckPageOptions, { incident }: AckLink, reader: PageReader): Promise<Answer> {
  try {
    const found = await options.incidents.read(incident);
    if (found === undefined) return refusal('NOT_FOUND', reader);
    const actions = found.incident.status === 'resolved' ? [] : ACTIONS;
    return { status: 200, title: titleOf(found, reader), incident: await shown(options, found, reader), actions };
  } catch (error) {
    if (!(error instanceof TocsinError) || error.code !== 'NO_WORKER') throw error;
    return { ...refusal('NO_WORKER', reader), say: reader.wording.page.notShown, actions: ACTIONS };
  }
}

/** As the link's user. The command's id is the link's own, so that the workflow knows a second press, by whichever door it comes. */
async function act(options: AckPageOptions, link: AckLink, action: LinkAction, reader: PageReader): Promise<Answer> {
  const { page } = reader.wording;
  const { incident, notification, user } = link;
  const name = options.configuration().users.get(user)?.name;
  const result = await options.incidents.command(incident, {
    // A new id each time: Temporal answers a known update id with what it answered then, and the link is to be refused now.
    id: `link.${notification}.${action}.${randomUUID()}`,
    type: action,
    link: notification,
    actor: { kind: 'user', id: user, via: `link ${notification}`, ...(name === undefined ? {} : { name }) },
  });
  if (result.kind === 'notFound') return refusal('NOT_FOUND', reader);
  if (result.kind === 'recorded') return { status: 202, title: page.noted, say: page.recorded, actions: [] };
  const { found } = result;
  const code = tooLate(result);
  const { status, title } = code === null ? { status: 200, title: page.done[action] } : refusal(code, reader);
  const actions = found.incident.status === 'resolved' ? [] : ACTIONS.filter((each) => each !== action);
  return { status, title: titleOf(found, reader), say: title, incident: await shown(options, found, reader), actions };
}

/** Why the command changed nothing; null where it did. */
function tooLate(result: Extract<CommandResult, { kind: 'done' | 'closed' }>): ErrorCode | null {
  if (result.kind === 'closed') return 'INCIDENT_CLOSED';
  return result.outcome.refused?.code ?? (result.outcome.repeated ? 'LINK_USED' : null);
}

async function shown(
  { incidents, configuration }: AckPageOptions,
  found: FoundIncident,
  { wording, zone }: PageReader,
): Promise<ShownIncident> {
  const { users, services } = configuration();
  const { incident: view, truth } = found;
  const service = services.get(view.service) ?? { name: view.service };
  // What comes next is a help on the page, and no reason to lose it.
  const next = await incidents.next(view.id).catch(() => null);
  const nameOf = (user: string): string => (user === 'source' ? wording.page.source : (users.get(user)?.name ?? user));
  return { view, sentence: wording.truth(truth, zone), next: next ?? null, service, nameOf };
}

const refusal = (code: ErrorCode, { wording }: PageReader): Answer => {
  const entry: { readonly status?: number; readonly title: string } = ERRORS[code];
  return { status: entry.status ?? 500, title: wording.refusal(code), actions: [] };
};

const titleOf = ({ incident }: FoundIncident, { wording: { page } }: PageReader): string =>
  page.title(incident.status, incident.service);

function codeOf(error: FastifyError): ErrorCode {
  if (error instanceof TocsinError) return error.code;
  if (error.statusCode === 415) return 'UNSUPPORTED_MEDIA_TYPE';
  if (error.statusCode === 413) return 'BODY_TOO_LARGE';
  return error.statusCode !== undefined && error.statusCode < 500 ? 'BAD_REQUEST' : 'INTERNAL';
}
