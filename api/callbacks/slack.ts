/**
 * `POST /callbacks/slack`: buttons, as forms, and events, as JSON, both signed (interfaces §5). What
 * cannot be done is answered with an error.
 */
import type { FastifyInstance } from 'fastify';
import type { SlackChannel } from '../../domain/channels.ts';
import { TocsinError } from '../../domain/errors.ts';
import { sendProblem } from '../problems.ts';
import { CALLBACK_ROUTE } from './callbackRoute.ts';
import type { SlackDeps, SlackHandling } from './slackHandling.ts';
import { inTime } from './slackInTime.ts';
import { readSlackPayload } from './slackPayloads.ts';
import { notOfSlack } from './slackSignature.ts';

/** A press brings the whole message along, and a form takes nine bytes for a Chinese character. */
const BODY_LIMIT = 256 * 1_024;
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** In a scope of its own, for it takes raw bodies. Without `channels.slack.signingSecret` there is nothing here: 404. */
export async function slackCallbacks(scope: FastifyInstance, deps: SlackDeps, handle: SlackHandling): Promise<void> {
  const { configuration, now = Date.now } = deps;
  const underWay = new Set<Promise<unknown>>();
  const signed = (): (SlackChannel & { readonly signingSecret: string }) | undefined => {
    const { slack } = configuration().channels;
    return slack?.signingSecret === undefined ? undefined : { ...slack, signingSecret: slack.signingSecret };
  };

  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser([FORM, JSON_TYPE], { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
  scope.addHook('onRequest', async (_request, reply) => (signed() === undefined ? reply.callNotFound() : undefined));
  scope.addHook('onClose', async () => void (await Promise.allSettled(underWay)));
  scope.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));

  scope.post('/callbacks/slack', CALLBACK_ROUTE, async (request, reply) => {
    const slack = signed();
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const why =
      slack === undefined ? 'Slack is not configured' : notOfSlack(slack.signingSecret, request.headers, body, now());
    if (slack === undefined || why !== null) {
      request.log.warn({ code: 'CALLBACK_REFUSED', why }, 'a callback of Slack is refused');
      throw new TocsinError('CALLBACK_REFUSED', why ?? '');
    }
    const payload = readSlackPayload(parsed(body, request.headers['content-type'] ?? ''));
    if (payload.kind === 'challenge') return reply.send({ challenge: payload.challenge });
    const done = handle(payload, slack).finally(() => underWay.delete(done));
    underWay.add(done);
    await inTime(payload, done, (error) => request.log.error({ err: error }, 'what came from Slack could not be done'));
    return reply.send('');
  });
}

/** Of a form the field `payload`. Throws MALFORMED_JSON. */
function parsed(body: Buffer, type: string): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(type.startsWith(FORM) ? (new URLSearchParams(text).get('payload') ?? '') : text);
  } catch {
    throw new TocsinError('MALFORMED_JSON', 'the payload could not be parsed; JSON (RFC 8259) was expected');
  }
}
