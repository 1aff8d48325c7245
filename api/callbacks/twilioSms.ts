/**
 * What Twilio tells of text messages: what became of ours (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status),
 * and what people write back (https://www.twilio.com/docs/messaging/guides/webhook-request).
 */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Receipt } from '../../domain/commands.ts';
import type { Instant } from '../../domain/duration.ts';
import { minutes } from '../../domain/duration.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { TocsinError } from '../../domain/errors.ts';
import { shortId } from '../../domain/identity.ts';
import { maskedNumber } from '../../domain/phone.ts';
import { cut, oneLine } from '../../domain/text.ts';
import type { IncidentView } from '../../domain/view.ts';
import { SMS_STATUS_PATH, readSmsStatusToken } from '../../links/smsStatusLink.ts';
import { SMS } from '../../wording/sms.ts';
import { BoundedMap } from '../../intake/boundedMap.ts';
import type { IncidentGateway } from '../ports.ts';
import { act, turnAway } from './acting.ts';
import { readReply } from './smsReply.ts';
import type { PhoneOwner, Texted } from './textedIncident.ts';
import { latestTexted, numbered, ownersOf } from './textedIncident.ts';
import { CALLBACK_ROUTE } from './callbackRoute.ts';
import type { TwilioDeps, TwilioForm } from './twilio.ts';
import { NOTHING, sendTwiml, signedByTwilio, textIn } from './twilio.ts';

/** Texts that were answered, by their sid: one that comes again, from whomever, is answered as before and does nothing. */
const KNOWN_TEXTS = 1_000;
const KNOWN_FOR = minutes(24 * 60);
const SUMMARY_LIMIT = 60;

/** `POST /callbacks/twilio/sms` and `/callbacks/twilio/sms/status/<token>`, in a scope of their own. Nothing is there unless Twilio carries the texts. */
export async function twilioSms(scope: FastifyInstance, deps: TwilioDeps): Promise<void> {
  const { incidents, secret, now = Date.now } = deps;
  const known = new BoundedMap<string, Promise<string>>(KNOWN_TEXTS, KNOWN_FOR);
  signedByTwilio(scope, deps, ({ sms }) => (sms?.provider === 'twilio' ? sms : undefined));

  scope.post('/callbacks/twilio/sms', CALLBACK_ROUTE, async (request, reply) => {
    const form = request.body as TwilioForm;
    const sid = textIn(form, 'MessageSid') ?? '';
    const answer = known.get(sid) ?? answerTo(form, deps, { log: request.log, failed: () => known.delete(sid) });
    if (sid !== '') known.set(sid, answer);
    return sendTwiml(reply, await answer);
  });

  // A wildcard, for a token is longer than the 100 characters that Fastify takes in a parameter.
  scope.post(`${SMS_STATUS_PATH}*`, CALLBACK_ROUTE, async (request, reply) => {
    const { '*': token = '' } = request.params as { '*'?: string };
    const link = readSmsStatusToken(secret, token, now());
    if (!link.ok) throw new TocsinError('CALLBACK_REFUSED', `its address is none of ours any more: ${link.code}`);
    const receipt = receiptOf(request.body as TwilioForm, link.notification, now());
    if (receipt !== null) await incidents.hear(link.incident, { kind: 'receipt', receipt });
    return sendTwiml(reply, NOTHING);
  });
}

const OUTCOMES: Readonly<Record<string, Receipt['outcome']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};
/** The number is not one, not there, or no mobile's (21211, 21614, 30005, 30006), or its owner sent STOP (21610). */
const ADDRESS: ReadonlySet<string | undefined> = new Set(['21211', '21610', '21614', '30005', '30006']);

/** Null for a step on the way, of which nothing is to be said. */
function receiptOf(form: TwilioForm, notification: string, at: number): Receipt | null {
  const sid = textIn(form, 'MessageSid') ?? '';
  const status = textIn(form, 'MessageStatus') ?? '';
  const outcome = Object.hasOwn(OUTCOMES, status) ? OUTCOMES[status] : undefined;
  if (outcome === undefined) return null;
  const error = textIn(form, 'ErrorCode');
  const code: ErrorCode = ADDRESS.has(error) ? 'ADDRESS_REFUSED' : 'PROVIDER_REFUSED';
  return {
    id: cut(`${sid}.${status}`, 100),
    notification,
    outcome,
    at,
    providerId: cut(oneLine(sid), 100),
    detail: error === undefined ? `Twilio: ${status}` : `Twilio: ${status}, error ${cut(oneLine(error), 20)}`,
    ...(outcome === 'failed' ? { code } : {}),
  };
}

/** The TwiML that a text is answered with; nothing for a number that nobody has. Never throws; `failed`: it may be given again. */
async function answerTo(
  form: TwilioForm,
  deps: TwilioDeps,
  { log, failed }: { readonly log: FastifyBaseLogger; readonly failed: () => void },
): Promise<string> {
  const from = textIn(form, 'From') ?? '';
  // Twilio itself answers STOP, START and HELP.
  if (textIn(form, 'OptOutType') !== undefined) return NOTHING;
  const owners = ownersOf(deps.configuration(), from);
  const [first] = owners;
  if (first === undefined) {
    log.warn(
      { code: 'UNKNOWN_USER', from: maskedNumber(oneLine(from)) },
      'a text message is refused: the number is nobody’s',
    );
    return NOTHING;
  }
  const reply = { from, text: textIn(form, 'Body') ?? '', sid: textIn(form, 'MessageSid') ?? '' };
  try {
    return await twimlOf(await sentenceFor(reply, owners, deps));
  } catch (error) {
    failed();
    const code = error instanceof TocsinError ? error.code : 'INTERNAL';
    log.error({ code, err: error }, 'a reply to a text message could not be carried out');
    return twimlOf(SMS[first.user.language].notNow);
  }
}

interface Reply {
  readonly from: string;
  readonly text: string;
  readonly sid: string;
}

async function sentenceFor(
  { from, text, sid }: Reply,
  owners: readonly PhoneOwner[],
  { incidents, configuration, now = Date.now }: TwilioDeps,
): Promise<string> {
  const language = owners[0]?.user.language ?? configuration().organization.language;
  const phrases = SMS[language];
  const asked = readReply(text);
  if (asked === undefined) return phrases.help;
  const { action, number } = asked;
  const found = number === null ? await theLatest(incidents, owners, now()) : await numbered(incidents, number, owners);
  if (found === undefined) return number === null ? phrases.nothingOpen : phrases.unknownIncident(`#${number}`);
  const commandId = `sms.${sid}`;
  const { incident, texted } = found;
  if (texted === undefined) {
    const via = `SMS from ${maskedNumber(from)}`;
    await turnAway(
      { incidents, configuration },
      { incident: incident.id, action, via, commandId, code: 'FORBIDDEN', language },
    );
    return phrases.notTexted(nameOf(incident));
  }
  const { owner, notification } = texted;
  const acted = await act(
    { incidents, configuration },
    {
      incident: incident.id,
      user: owner.user.id,
      action,
      via: `sms ${owner.contact.id}`,
      commandId,
      shownAt: { level: notification.level ?? 0, pass: notification.pass, episode: notification.episode },
    },
  );
  const shown = 'found' in acted ? acted.found.incident : incident;
  return phrases.answer(`${nameOf(shown)} ${cut(oneLine(shown.summary), SUMMARY_LIMIT)}`, acted.sentence);
}

async function theLatest(
  incidents: IncidentGateway,
  owners: readonly PhoneOwner[],
  now: Instant,
): Promise<{ readonly incident: IncidentView; readonly texted: Texted } | undefined> {
  const texted = await latestTexted(incidents, owners, now);
  return texted && { incident: texted.incident, texted };
}

/** `#12`, or while there is no number the last 8 characters of the id: as the text message had it. */
const nameOf = ({ id, number }: IncidentView): string => (number === null ? shortId(id) : `#${number}`);

async function twimlOf(sentence: string): Promise<string> {
  const { default: MessagingResponse } = await import('twilio/lib/twiml/MessagingResponse.js');
  const response = new MessagingResponse();
  response.message(sentence);
  return response.toString();
}
