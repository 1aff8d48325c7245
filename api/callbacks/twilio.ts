/**
 * What Twilio asks of us: forms that it signs, with an HMAC-SHA1 under the account's token over the address that it called
 * and all parameters (https://www.twilio.com/docs/usage/webhooks/webhooks-security). The check is the one of its own package.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Channels, TwilioAccount } from '../../domain/channels.ts';
import type { Instant } from '../../domain/duration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { asTocsinError, prepareReply } from '../problems.ts';

/** Parameters by name; a list where one came several times. Twilio adds new ones without notice. */
export type TwilioForm = Readonly<Record<string, string | readonly string[]>>;

export interface TwilioDeps extends Pick<ApiDeps, 'incidents' | 'configuration' | 'secret' | 'publicUrl'> {
  /** Milliseconds since the epoch; the present where absent. */
  readonly now?: () => Instant;
}

const BODY_LIMIT = 64 * 1_024;
/** TwiML that does nothing: what Twilio is answered where nothing is to be said. */
export const NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/**
 * Makes a scope in which only requests arrive that the account has signed over `publicUrl` and the path with its query, with
 * or without a port, and that name this account; `request.body` is then a TwilioForm. Others are refused with 403, and
 * logged. Without such an account there is nothing here: 404, as for any unknown address. All is answered as TwiML.
 */
export function signedByTwilio(
  scope: FastifyInstance,
  { configuration, publicUrl }: TwilioDeps,
  accountOf: (channels: Channels) => TwilioAccount | undefined,
): void {
  const account = (): TwilioAccount | undefined => accountOf(configuration().channels);
  const base = publicUrl.replace(/\/+$/, '');
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, formOf(body as string)),
  );
  scope.addHook('onRequest', async (_request, reply) => {
    if (account() === undefined) return reply.callNotFound();
    return undefined;
  });
  scope.addHook('preHandler', async (request) => {
    const why = await refusedBecause(request, `${base}${request.url}`, account());
    if (why !== null) throw new TocsinError('CALLBACK_REFUSED', why);
  });
  scope.setErrorHandler<FastifyError>((error, request, reply) => {
    const known = asTocsinError(error);
    if (known.code === 'CALLBACK_REFUSED') {
      request.log.warn({ code: known.code, why: known.message }, 'a callback of Twilio is refused');
    }
    return sendTwiml(prepareReply(known, request, reply), NOTHING);
  });
}

/** Why it is not taken for Twilio's, in words that hold no secret; null where it is. */
async function refusedBecause(
  request: FastifyRequest,
  url: string,
  account: TwilioAccount | undefined,
): Promise<string | null> {
  const form = request.body as TwilioForm | undefined;
  const signature = request.headers['x-twilio-signature'];
  if (account === undefined || form === undefined) return 'it has no form';
  if (typeof signature !== 'string' || signature === '') return 'it has no signature';
  // Loaded where the first callback arrives, and nowhere else: it is a part of Twilio's package that needs nothing of the rest.
  const { validateRequest } = await import('twilio/lib/webhooks/webhooks.js');
  const { authToken, secondaryAuthToken = authToken } = account;
  const isSigned = [authToken, secondaryAuthToken].some((token) => validateRequest(token, signature, url, form));
  if (!isSigned) return 'its signature is not of this account';
  return textIn(form, 'AccountSid') === account.accountSid ? null : 'it is of another account';
}

/** A parameter that came once; undefined where it did not come, or several times. */
export function textIn(form: TwilioForm, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' ? value : undefined;
}

export const sendTwiml = (reply: FastifyReply, twiml: string): FastifyReply =>
  reply.type('text/xml; charset=utf-8').send(twiml);

function formOf(body: string): TwilioForm {
  const parameters = new URLSearchParams(body);
  // With no prototype, `__proto__` is a name like any other.
  const form = Object.create(null) as Record<string, string | readonly string[]>;
  for (const name of new Set(parameters.keys())) {
    // An array of our own: the check tells a list by `instanceof`.
    const values = [...parameters.getAll(name)];
    form[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return form;
}
