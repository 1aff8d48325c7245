/**
 * What comes back from a call of the channel `voice`: keys (4 acknowledge, 6 resolve, 5 escalate, `*` again), and how the call
 * went. Each address carries a signed token: who was called about what, and what they were shown.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Receipt } from '../../domain/commands.ts';
import type { User } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { CallToken } from '../../links/callToken.ts';
import { readCallToken, signCallToken } from '../../links/callToken.ts';
import type { Reader, Spoken } from '../../telephony/spoken.ts';
import { spokenIncident } from '../../telephony/spoken.ts';
import { twimlOf } from '../../telephony/twiml.ts';
import { VOICE_PATH, voiceAddresses } from '../../telephony/voiceAddresses.ts';
import type { VoiceWording } from '../../wording/voice.ts';
import { VOICE } from '../../wording/voice.ts';
import type { ChannelAction } from './acting.ts';
import { act, turnAway } from './acting.ts';
import { CALLBACK_ROUTE } from './callbackRoute.ts';
import type { TwilioDeps, TwilioForm } from './twilio.ts';
import { NOTHING, sendTwiml, signedByTwilio, textIn } from './twilio.ts';

/** The keys that PagerDuty and GoAlert have, too. */
const KEYS: ReadonlyMap<string, ChannelAction> = new Map([
  ['4', 'acknowledge'],
  ['6', 'resolve'],
  ['5', 'escalate'],
]);
const AGAIN = '*';
/** How often a call asks for a key before it ends. */
const ROUNDS = 5;
/** And how often where none is pressed: a voice mailbox presses none. */
const ROUNDS_OF_SILENCE = 2;

/** `POST /callbacks/twilio/voice/<token>/keys`, `/status` and `/answered-by`. Registered in a scope of its own. */
export async function twilioVoice(scope: FastifyInstance, deps: TwilioDeps): Promise<void> {
  signedByTwilio(scope, deps, ({ voice }) => voice);
  // A wildcard, for a token is longer than the 600 characters that a parameter may have.
  scope.post(`${VOICE_PATH}/*`, CALLBACK_ROUTE, async (request, reply) => {
    const { '*': rest = '' } = request.params as { '*'?: string };
    const [text = '', what] = rest.split('/');
    const handler = what === undefined ? undefined : HANDLERS.get(what);
    if (handler === undefined) return reply.callNotFound();
    const read = readCallToken(deps.secret, text, (deps.now ?? Date.now)());
    if (read.ok) return handler({ deps, token: read.token, text, request, reply });
    if (read.code === 'LINK_INVALID') throw new TocsinError('CALLBACK_REFUSED', 'its token is not one of ours');
    request.log.warn({ code: read.code }, 'a callback of Twilio is refused: its call is long over');
    const reader = deps.configuration().organization;
    return what === 'keys'
      ? speak(reply, reader, ({ expired, goodbye }) => [expired, goodbye])
      : sendTwiml(reply, NOTHING);
  });
}

interface Called {
  readonly deps: TwilioDeps;
  readonly token: CallToken;
  /** The token as it came. */
  readonly text: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const HANDLERS: ReadonlyMap<string, (called: Called) => Promise<FastifyReply>> = new Map([
  ['keys', takeKey],
  ['status', (called: Called) => takeWord(called, statusReceipt)],
  ['answered-by', (called: Called) => takeWord(called, answeredByReceipt)],
]);

async function takeKey(called: Called): Promise<FastifyReply> {
  const { deps, token, request, reply } = called;
  const form = request.body as TwilioForm;
  const key = textIn(form, 'Digits') ?? '';
  const action = KEYS.get(key);
  const user = deps.configuration().users.get(token.user);
  const contact = user?.contacts.find(({ id }) => id === token.contact);
  const via = `voice ${token.contact}`;
  const commandId = commandIdOf(token, textIn(form, 'CallSid') ?? '', action ?? 'none');
  if (user === undefined || contact?.channel !== 'voice' || contact.to !== textIn(form, 'To')) {
    const { incident } = token;
    request.log.warn({ code: 'CONTACT_GONE', incident }, 'a key is refused: the number is not on the incident');
    const stranger = { incident, action: action ?? 'acknowledge', via, commandId, code: 'CONTACT_GONE' } as const;
    const { sentence } = await turnAway(deps, stranger);
    const reader = user ?? deps.configuration().organization;
    return speak(reply, reader, (voice) => [voice.sentence(sentence), voice.goodbye]);
  }
  const voice = VOICE[user.language];
  if (key === AGAIN) return tellAgain(called, user);
  if (action === undefined) return ask(called, user, () => (key === '' ? [] : [voice.noSuchKey]));

  const acted = await Promise.all([
    act(deps, { incident: token.incident, user: user.id, action, via, commandId, shownAt: token.shownAt }),
    // A person is there who has heard it, whatever comes of the key.
    hear(called, { outcome: 'delivered', detail: `key ${key}` }),
  ]).catch((error: unknown) => {
    if (error instanceof TocsinError) return error;
    throw error;
  });
  if (acted instanceof TocsinError) {
    request.log.warn({ code: acted.code, incident: token.incident }, 'a key could not be told to its incident');
    return ask(called, user, () => [voice.again]);
  }
  const [{ sentence, ...came }] = acted;
  if (came.kind === 'tooLate' && came.found.incident.status !== 'resolved') {
    return ask(called, user, () => [voice.sentence(sentence)]);
  }
  return speak(reply, user, () => [voice.sentence(sentence), voice.goodbye]);
}

/** One act of one call, and of what was shown: pressed again, or delivered again, it is the same. */
const commandIdOf = ({ shownAt }: CallToken, call: string, action: ChannelAction | 'none'): string =>
  ['twilio', call, action, ...(shownAt === undefined ? [] : [shownAt.episode, shownAt.pass, shownAt.level])].join('.');

/** What the incident is, and how it is now; from there on the keys are about that. Where nobody can say, the keys alone are told. */
async function tellAgain(called: Called, user: User): Promise<FastifyReply> {
  const { deps, token } = called;
  const found = await deps.incidents.read(token.incident).catch(() => undefined);
  if (found === undefined) return ask(called, user, () => []);
  const { incident, truth } = found;
  const { summary, severity, level, pass, episode } = incident;
  const service = deps.configuration().services.get(incident.service)?.name ?? incident.service;
  const text = signCallToken(deps.secret, { ...token, shownAt: { level: level ?? 0, pass, episode } });
  return ask({ ...called, text }, user, (limit) =>
    spokenIncident({ service, summary, severity, drill: incident.drill, truth }, user, limit),
  );
}

/** Says it, and asks for a key once more; after too many rounds it ends. */
async function ask(
  { deps, text, request, reply }: Called,
  user: User,
  says: (limit: number) => Spoken,
): Promise<FastifyReply> {
  const form = request.body as TwilioForm;
  const { round } = request.query as { round?: unknown };
  const next = (typeof round === 'string' && /^\d$/.test(round) ? Number(round) : ROUNDS) + 1;
  const silent = (textIn(form, 'Digits') ?? '') === '';
  const { goodbye, keys } = VOICE[user.language];
  if (next > (silent ? ROUNDS_OF_SILENCE : ROUNDS)) return speak(reply, user, () => [goodbye]);
  const keysTo = voiceAddresses(deps.publicUrl, text).keys(next);
  const { language } = user;
  return sendTwiml(reply, await twimlOf({ language, says: (limit) => [...says(limit), keys], keysTo }));
}

/** Says it, and hangs up. */
async function speak(
  reply: FastifyReply,
  { language }: Pick<Reader, 'language'>,
  says: (voice: VoiceWording) => Spoken,
): Promise<FastifyReply> {
  return sendTwiml(reply, await twimlOf({ language, says: () => says(VOICE[language]), keysTo: null }));
}

type Word = Pick<Receipt, 'outcome' | 'code'> & { readonly detail: string };

/** Word of how the call goes, for the ledger. It may come in any order: each says what it says by itself. */
async function takeWord(called: Called, said: (form: TwilioForm) => Word | null): Promise<FastifyReply> {
  const word = said(called.request.body as TwilioForm);
  if (word !== null) await hear(called, word);
  return sendTwiml(called.reply, NOTHING);
}

async function hear({ deps, token, request }: Called, word: Word): Promise<void> {
  const providerId = textIn(request.body as TwilioForm, 'CallSid') ?? '';
  const { notification, incident } = token;
  const id = `twilio.${providerId}.${word.outcome}.${word.detail}`;
  const receipt = { ...word, id, notification, at: (deps.now ?? Date.now)(), providerId };
  await deps.incidents.hear(incident, { kind: 'receipt', receipt });
}

/** https://www.twilio.com/docs/voice/api/call-resource#statuscallback: `CallStatus`. That it was answered does not say by whom. */
function statusReceipt(form: TwilioForm): Word | null {
  const status = textIn(form, 'CallStatus') ?? '';
  switch (status) {
    case 'queued':
    case 'initiated':
    case 'ringing':
    case 'in-progress':
    case 'completed':
      return answeredByReceipt(form) ?? { outcome: 'sent', detail: 'initiated' };
    case 'busy':
    case 'no-answer':
    case 'canceled':
      return { outcome: 'unanswered', detail: status };
    case 'failed':
      return { outcome: 'failed', code: 'PROVIDER_REFUSED', detail: failureIn(form) };
    default:
      return null;
  }
}

const failureIn = (form: TwilioForm): string =>
  ['failed', textIn(form, 'SipResponseCode'), textIn(form, 'ErrorCode'), textIn(form, 'ErrorMessage')]
    .filter((text) => text !== undefined)
    .join(' ')
    .slice(0, 200);

/** https://www.twilio.com/docs/voice/answering-machine-detection: `AnsweredBy`. Who cannot be told for a machine is taken for a person. */
function answeredByReceipt(form: TwilioForm): Word | null {
  const by = textIn(form, 'AnsweredBy') ?? '';
  if (by === 'human' || by === 'unknown') return { outcome: 'delivered', detail: by };
  return by === 'fax' || by.startsWith('machine_') ? { outcome: 'unanswered', detail: by.slice(0, 50) } : null;
}
