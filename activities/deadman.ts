/** Tells an outside watchdog (healthchecks.io, Dead Man's Snitch, …) that Tocsin works. Its address is a secret. */
import { ApplicationFailure } from '@temporalio/common';
import { request } from 'undici';
import type { DeadmanActivities } from './contract.ts';

/** Milliseconds for the whole answer. */
const WITHIN = 10_000;

/** `url` is TOCSIN_DEADMAN_URL; where this worker has none, the ping is left to another. No failure holds the address. */
export function deadmanActivities(url: string | undefined): DeadmanActivities {
  return {
    async pingWatchdog() {
      if (url === undefined)
        throw ApplicationFailure.retryable('this worker has no TOCSIN_DEADMAN_URL', 'CHANNEL_NOT_CONFIGURED');
      const status = await statusOf(url);
      if (status < 200 || status > 299)
        throw ApplicationFailure.retryable(`the watchdog answered ${status}`, 'PROVIDER_REFUSED');
    },
  };
}

async function statusOf(url: string): Promise<number> {
  try {
    const { statusCode, body } = await request(url, { method: 'GET', signal: AbortSignal.timeout(WITHIN) });
    await body.dump();
    return statusCode;
  } catch (error) {
    // Messages of the network name addresses; codes do not.
    const { code, name } = error as { readonly code?: unknown; readonly name?: string };
    const reason = typeof code === 'string' ? code : (name ?? 'unknown');
    throw ApplicationFailure.retryable(`the watchdog cannot be reached: ${reason}`, 'PROVIDER_UNREACHABLE');
  }
}
