/**
 * The channel `voice`: a call by Twilio that reads the incident in the language of who is called, and takes keys. What it
 * says goes with the request, so that it is heard with no way back to us; the keys, and how the call went, come back to
 * api/callbacks/twilioVoice.ts.
 */
import type { VoiceChannel } from '../../domain/channels.ts';
import type { ContactMethod, User } from '../../domain/configuration.ts';
import { minutes } from '../../domain/duration.ts';
import type { NotifyRequest } from '../../domain/effects.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { signCallToken } from '../../links/callToken.ts';
import type { Spoken } from '../../telephony/spoken.ts';
import { readable, spokenIncident } from '../../telephony/spoken.ts';
import { twimlOf } from '../../telephony/twiml.ts';
import { voiceAddresses } from '../../telephony/voiceAddresses.ts';
import { VOICE } from '../../wording/voice.ts';
import { wordingOf } from '../../wording/index.ts';
import { terminal } from '../errors.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn, personTold, recipientOf } from './channel.ts';
import { messageOf, noticeMessageOf } from './message.ts';
import { ringOnce } from './ringOnce.ts';
import { templated } from './templates.ts';

/** How long the keys of a call are taken, from the attempt on: it may wait at Twilio, ring, and be asked for again. */
const KEYS_FOR = minutes(60);
/** Characters of a text that are kept as said: as many as are ever read. */
const SUMMARY_LIMIT = 400;

/** Both throw as `recipientOf` and `RingOnce` do, and CHANNEL_NOT_CONFIGURED, terminal. `timeout` in milliseconds is for tests. */
export function voiceChannel(deps: Omit<ChannelDeps, 'print'> & { readonly timeout?: number }): ChannelActivities {
  const { configuration, secret, publicUrl, timeout } = deps;
  const ring = ringOnce(timeout);
  return {
    async notify(request) {
      const present = configuration();
      const { user, contact } = recipientOf(present, 'voice', request);
      const account = accountIn(present.channels.voice);
      const { language } = user;
      const own = templated(present.templates, 'voice', messageOf(request, { ...user, secret, publicUrl }));
      const worded = own.own('page');
      const page = (limit: number) => (worded === null ? ours(request, user, limit) : [readable(worded, limit)]);
      const withKeys = (limit: number) => [...page(limit), VOICE[language].keys];
      const token = signCallToken(secret, { ...tokenOf(request), expiresAt: Date.now() + KEYS_FOR });
      const { keys, status, answeredBy } = voiceAddresses(publicUrl, token);
      const twiml = await twimlOf({ language, says: withKeys, keysTo: keys(1) });
      const twimlWithout = await twimlOf({ language, says: page, keysTo: null });
      const call = { to: numberOf(contact), twiml, tells: { status, answeredBy, twimlWithout }, secrets: [token] };
      const receipt = await ring(account, request, call);
      keepText(deps, request, withKeys(SUMMARY_LIMIT).join('\n'), token);
      return own.told(receipt);
    },
    async tell(request) {
      const present = configuration();
      const { user, contact } = personTold(present, request);
      const account = accountIn(present.channels.voice);
      const { language } = user;
      const nameOf = namesIn(present);
      const own = templated(present.templates, 'voice', noticeMessageOf(request, { ...user, nameOf }));
      const worded = own.own('notice');
      const says = (limit: number) =>
        worded === null ? ourNotice(request, user, nameOf, limit) : [readable(worded, limit)];
      const twiml = await twimlOf({ language, says, keysTo: null });
      return own.told(await ring(account, request, { to: numberOf(contact), twiml, tells: null, secrets: [] }));
    },
  };
}

const tokenOf = ({ incident, notification, user, contact, shownAt }: NotifyRequest) => ({
  incident: incident.id,
  notification,
  user,
  contact,
  shownAt,
});

const ours = ({ incident, present }: NotifyRequest, user: User, limit: number): Spoken =>
  spokenIncident(
    {
      service: incident.service.name,
      summary: incident.summary,
      severity: incident.severity,
      drill: incident.drill === true,
      truth: present,
    },
    user,
    limit,
  );

function ourNotice(
  request: NoticeRequest,
  { language, timezone: zone }: User,
  nameOf: (user: string) => string,
  limit: number,
): Spoken {
  const voice = VOICE[language];
  const { incident, service } = request;
  const change = wordingOf(language).change(request, { nameOf, zone });
  return [
    ...(incident.drill ? [voice.drill] : []),
    voice.notice(readable(service.name, limit), readable(change, limit)),
    voice.title(readable(incident.summary, limit)),
  ];
}

function accountIn(account: VoiceChannel | undefined): VoiceChannel {
  if (account !== undefined) return account;
  throw terminal('CHANNEL_NOT_CONFIGURED', 'channels.voice is no longer in the configuration');
}

const numberOf = ({ to = '' }: ContactMethod): string => to;
