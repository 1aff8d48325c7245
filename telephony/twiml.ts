/**
 * What Twilio is to say and ask, as TwiML: https://www.twilio.com/docs/voice/twiml. Written by Twilio's own builder, so that no
 * text becomes markup.
 */
import type VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import type { Language } from '../domain/language.ts';
import { VOICE } from '../wording/voice.ts';
import type { Spoken } from './spoken.ts';

/** Characters of a document that is given with a call; https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource. */
const LIMIT = 4_000;
/** Characters of a sentence as a URL has them; https://www.twilio.com/docs/api/errors/13521. */
const SAY_LIMIT = 4_500;
/** Seconds without a key after which the call goes on. */
const WAIT = 8;

export interface Speech {
  readonly language: Language;
  /** Of texts that others wrote, at most that many characters each. */
  readonly says: (limit: number) => Spoken;
  /** The absolute address that a pressed key, or none in 8 s, is told to; null: the call ends. */
  readonly keysTo: string | null;
}

const LIMITS = [400, 200, 100, 40, 10] as const;

/** A document within Twilio's limits, in which keys may be pressed while it is read. */
export async function twimlOf({ language, says, keysTo }: Speech): Promise<string> {
  // Loaded where the first call is made or answered.
  const { default: Response } = await import('twilio/lib/twiml/VoiceResponse.js');
  let document = '';
  for (const limit of LIMITS) {
    const spoken = says(limit);
    document = written(new Response(), spoken, language, keysTo);
    if (document.length <= LIMIT && spoken.every((text) => encodeURIComponent(text).length <= SAY_LIMIT)) break;
  }
  return document;
}

function written(response: VoiceResponse, spoken: Spoken, language: Language, keysTo: string | null): string {
  // The voice that speaks all of our languages; https://www.twilio.com/docs/voice/twiml/say.
  const attributes = { voice: 'alice', language: VOICE[language].spokenIn } as const;
  if (keysTo === null) {
    for (const text of spoken) response.say(attributes, text);
    response.hangup();
    return response.toString();
  }
  const gather = response.gather({
    input: ['dtmf'],
    numDigits: 1,
    timeout: WAIT,
    // No key ends the input, so that each of them, # too, is told.
    finishOnKey: '',
    action: keysTo,
    method: 'POST',
    actionOnEmptyResult: true,
  });
  for (const text of spoken) gather.say(attributes, text);
  return response.toString();
}
