/**
 * The channel `voice`: a call by Twilio that reads the incident in the language of who is called, and takes keys. What it
 * says goes with the request, so that it is heard with no way back to us; the keys, and how the call went, come back to
 * api/callbacks/twilioVoice.ts.
 */
import type { VoiceChannel } from '../../domain/channels.ts';
import type { ContactMethod, User } from '../../domain/configuration.ts';
import { minutes } from '../../domain/duration.ts';
import type { NotifyRequest } from '../../domain/effects.ts';
import { signCallToken } from '../../links/callToken.ts';
import { readable, spokenIncident } from '../../telephony/spoken.ts';
import { twimlOf } from '../../telephony/twiml.ts';
import { voiceAddresses } from '../../telephony/voiceAddresses.ts';
import { VOICE } from '../../wording/voice.ts';
import { wordingOf } from '../../wording/index.ts';
import type { NotifyReceipt } from '../contract.ts';
import { terminal } from '../errors.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn, personTold, recipientOf } from './channel.ts';
import type { PhoneCall } from './twilioCalls.ts';
import { callMadeAt, makeCall } from './twilioCalls.ts';

/** How long the keys of a call are taken, from the attempt on: it may wait at Twilio, ring, and be asked for again. */
const KEYS_FOR = minutes(60);
/** Calls of this process that are remembered. */
const REMEMBERED = 1_000;

/** Both throw as `recipientOf`, `makeCall` and `callMadeAt` do, and CHANNEL_NOT_CONFIGURED, terminal. */
export function voiceChannel(deps: Omit<ChannelDeps, 'print'> & { readonly timeout?: number }): ChannelActivities {
  const { configuration, secret, publicUrl, timeout } = deps;
  /** Whose each call is, by Twilio's id of it: Twilio itself cannot say what a call was about. */
  const madeFor = new Map<string, string>();

  async function ring(account: VoiceChannel, { idempotencyKey, mayHaveBeenSent = null }: Owed, call: PhoneCall) {
    const isAnothers = (sid: string): boolean => ![undefined, idempotencyKey].includes(madeFor.get(sid));
    const made =
      mayHaveBeenSent === null
        ? undefined
        : await callMadeAt(account, call.to, Date.parse(mayHaveBeenSent), isAnothers);
    const receipt: NotifyReceipt = made ?? (await makeCall(account, call, mayHaveBeenSent === null ? timeout : SECOND));
    if (receipt.providerId !== undefined) madeFor.set(receipt.providerId, idempotencyKey);
    const [oldest] = madeFor.size > REMEMBERED ? madeFor.keys() : [];
    if (oldest !== undefined) madeFor.delete(oldest);
    return receipt;
  }

  return {
    async notify(request) {
      const present = configuration();
      const { user, contact } = recipientOf(present, 'voice', request);
      const account = accountIn(present.channels.voice);
      const token = signCallToken(secret, { ...tokenOf(request), expiresAt: Date.now() + KEYS_FOR });
      const { keys, status, answeredBy } = voiceAddresses(publicUrl, token);
      const { language } = user;
      const says = (limit: number) => [...page(request, user, limit), VOICE[language].keys];
      const twiml = await twimlOf({ language, says, keysTo: keys(1) });
      const withoutKeys = (limit: number) => page(request, user, limit);
      const twimlWithout = await twimlOf({ language, says: withoutKeys, keysTo: null });
      const call = { to: numberOf(contact), twiml, tells: { status, answeredBy, twimlWithout }, secrets: [token] };
      const receipt = await ring(account, request, call);
      keepText(deps, request, says(1_024).join('\n'), keys(1));
      return receipt;
    },
    async tell(request) {
      const present = configuration();
      const { user, contact } = personTold(present, request);
      const account = accountIn(present.channels.voice);
      const wording = wordingOf(user.language);
      const change = wording.change(request, { nameOf: namesIn(present), zone: user.timezone });
      const voice = VOICE[user.language];
      const twiml = await twimlOf({
        language: user.language,
        says: (limit) => [
          ...(isDrill(request.incident) ? [voice.drill] : []),
          voice.notice(readable(request.service.name, limit), readable(change, limit)),
          voice.title(readable(request.incident.summary, limit)),
        ],
        keysTo: null,
      });
      return ring(account, request, { to: numberOf(contact), twiml, tells: null, secrets: [] });
    },
  };
}

/** Milliseconds for the call, where it was asked for one before. */
const SECOND = 5_000;

type Owed = Pick<NotifyRequest, 'idempotencyKey' | 'mayHaveBeenSent'>;

const tokenOf = ({ incident, notification, user, contact, shownAt }: NotifyRequest) => ({
  incident: incident.id,
  notification,
  user,
  contact,
  shownAt,
});

const page = ({ incident, present }: NotifyRequest, user: User, limit: number) =>
  spokenIncident(
    {
      service: incident.service.name,
      summary: incident.summary,
      severity: incident.severity,
      drill: isDrill(incident),
      truth: present,
    },
    user,
    limit,
  );

const isDrill = ({ drill }: { readonly summary: string; readonly drill?: boolean }): boolean => drill === true;

function accountIn(account: VoiceChannel | undefined): VoiceChannel {
  if (account !== undefined) return account;
  throw terminal('CHANNEL_NOT_CONFIGURED', 'channels.voice is no longer in the configuration');
}

const numberOf = ({ to = '' }: ContactMethod): string => to;
