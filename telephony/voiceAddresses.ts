/** Where the answers to a call go. */

export const VOICE_PATH = '/callbacks/twilio/voice';

/**
 * Twilio tries twice more where we do not answer, or answer with 500 or above; a fragment overrides how it connects and is
 * not part of the address: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
 */
const TRIED_AGAIN = '#rc=2&rp=ct,rt,5xx';

/** `token`: of the call (links/callToken.ts). */
export function voiceAddresses(publicUrl: string, token: string) {
  const base = `${publicUrl.replace(/\/+$/, '')}${VOICE_PATH}/${token}`;
  return {
    /** Takes a key; `round`: how often it was asked for one, from 1. */
    keys: (round: number): string => `${base}/keys?round=${round}${TRIED_AGAIN}`,
    status: `${base}/status${TRIED_AGAIN}`,
    answeredBy: `${base}/answered-by${TRIED_AGAIN}`,
  };
}
