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
import type { AckLink } from '../../links/ackLink.ts';
import { readAckLink } from '../../links/ackLink.ts';
import type { AckPage, LinkAction, ShownIncident } from '../ackPageHtml.ts';
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

type Answer = Omit<AckPage, 'now'> & { readonly status: number };

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
  const send = (reply: FastifyReply, { status, ...page }: Answer): FastifyReply => {
    if (status === ERRORS.TEMPORAL_UNAVAILABLE.status) reply.header('retry-after', '5');
    return reply
      .code(status)
      .type('text/html; charset=utf-8')
      .send(ackPageHtml({ ...page, now: now() }));
  };
  const linkOf = (request: FastifyRequest): AckLink => {
    const { '*': token = '' } = request.params as { '*'?: string };
    const read = readAckLink(options.secret, token, now());
    if (!read.ok) throw new TocsinError(read.code, LINK_HELP[read.code]);
    if (!options.configuration().users.has(read.link.user)) throw new TocsinError('FORBIDDEN', GONE);
    return read.link;
  };

  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: BODY_LIMIT });
  app.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const code = codeOf(error);
    if (code === 'INTERNAL') request.log.error({ err: error }, 'the phone page failed');
    const say = error instanceof TocsinError ? error.message : undefined;
    return send(reply, { ...refusal(code), ...(say === undefined ? {} : { say }) });
  });

  // The page is for people, and not part of the API's description. Its address is a secret, and at `info` would be logged.
  const route = { schema: { hide: true }, logLevel: 'warn' } as const;
  app.get('/ack/*', { ...route, exposeHeadRoute: true }, async (request, reply) =>
    send(reply, await show(options, linkOf(request))),
  );
  app.post('/ack/*', route, async (request, reply) => {
    const link = linkOf(request);
    const { action: given } = (request.body ?? {}) as { action?: unknown };
    const action = ACTIONS.find((each) => each === given);
    if (action === undefined) throw new TocsinError('BAD_REQUEST', 'Use one of the buttons of the page.');
    return send(reply, await act(options, link, action));
  });
}

const GONE = 'The user that this link was sent to is no longer in the configuration.';
const LINK_HELP = {
  LINK_INVALID: 'It may have been cut short or changed on its way. Open it again from the message, as a whole.',
  LINK_EXPIRED: 'Links are valid for 7 days. Open a later message of the incident, or ask whoever runs Tocsin.',
} as const;
const NOT_SHOWN = 'It cannot be shown now, for no worker answers. What you press is noted, and done when one is back.';
const RECORDED = 'Noted, not yet confirmed: no worker answered in time. It is done as soon as one is back.';
const DONE: Readonly<Record<LinkAction, string>> = { acknowledge: 'Acknowledged', resolve: 'Resolved' };

async function show(options: AckPageOptions, { incident }: AckLink): Promise<Answer> {
  try {
    const found = await options.incidents.read(incident);
    if (found === undefined) return refusal('NOT_FOUND');
    const actions = found.incident.status === 'resolved' ? [] : ACTIONS;
    return { status: 200, title: titleOf(found), incident: await shown(options, found), actions };
  } catch (error) {
    if (!(error instanceof TocsinError) || error.code !== 'NO_WORKER') throw error;
    return { ...refusal('NO_WORKER'), say: NOT_SHOWN, actions: ACTIONS };
  }
}

/** As the link's user. The command's id is the link's own, so that the workflow knows a second press, by whichever door it comes. */
async function act(options: AckPageOptions, link: AckLink, action: LinkAction): Promise<Answer> {
  const { incident, notification, user } = link;
  const name = options.configuration().users.get(user)?.name;
  const result = await options.incidents.command(incident, {
    // A new id each time: Temporal answers a known update id with what it answered then, and the link is to be refused now.
    id: `link.${notification}.${action}.${randomUUID()}`,
    type: action,
    link: notification,
    actor: { kind: 'user', id: user, via: `link ${notification}`, ...(name === undefined ? {} : { name }) },
  });
  if (result.kind === 'notFound') return refusal('NOT_FOUND');
  if (result.kind === 'recorded') return { status: 202, title: 'Noted', say: RECORDED, actions: [] };
  const { found } = result;
  const code = tooLate(result);
  const { status, title } = code === null ? { status: 200, title: DONE[action] } : refusal(code);
  const actions = found.incident.status === 'resolved' ? [] : ACTIONS.filter((each) => each !== action);
  return { status, title: titleOf(found), say: title, incident: await shown(options, found), actions };
}

/** Why the command changed nothing; null where it did. */
function tooLate(result: Extract<CommandResult, { kind: 'done' | 'closed' }>): ErrorCode | null {
  if (result.kind === 'closed') return 'INCIDENT_CLOSED';
  return result.outcome.refused?.code ?? (result.outcome.repeated ? 'LINK_USED' : null);
}

async function shown({ incidents, configuration }: AckPageOptions, found: FoundIncident): Promise<ShownIncident> {
  const { users, services } = configuration();
  const { incident: view, sentence } = found;
  const service = services.get(view.service) ?? { name: view.service };
  // What comes next is a help on the page, and no reason to lose it.
  const next = await incidents.next(view.id).catch(() => null);
  const nameOf = (user: string): string =>
    user === 'source' ? 'its monitoring source' : (users.get(user)?.name ?? user);
  return { view, sentence, next: next ?? null, service, nameOf };
}

const refusal = (code: ErrorCode): Answer => {
  const entry: { readonly status?: number; readonly title: string } = ERRORS[code];
  return { status: entry.status ?? 500, title: entry.title, actions: [] };
};

const titleOf = ({ incident }: FoundIncident): string => `${incident.status}: ${incident.service}`;

function codeOf(error: FastifyError): ErrorCode {
  if (error instanceof TocsinError) return error.code;
  if (error.statusCode === 415) return 'UNSUPPORTED_MEDIA_TYPE';
  if (error.statusCode === 413) return 'BODY_TOO_LARGE';
  return error.statusCode !== undefined && error.statusCode < 500 ? 'BAD_REQUEST' : 'INTERNAL';
}
