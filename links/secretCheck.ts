/**
 * Whether two processes have the same secret, told without telling it: a worker shows its check where it polls, the API
 * compares. 16 bits, slowly made (scrypt): enough to notice a mistake, too little to confirm a guess by.
 */
import { scryptSync } from 'node:crypto';

const BYTES = 2;
const SHOWN = /(?:^| )secret-check:([0-9a-f]{4})$/;

/** `4242@host secret-check:3fa1`: a worker's identity in Temporal. */
export const identityWith = (name: string, secret: string): string => `${name} secret-check:${checkOf(secret)}`;

/** Tells of an identity whether it is of a worker with another secret. One that shows no check is not judged. Takes a tenth of a second to make. */
export function strangersTo(secret: string): (identity: string) => boolean {
  const own = checkOf(secret);
  return (identity) => {
    const shown = SHOWN.exec(identity)?.[1];
    return shown !== undefined && shown !== own;
  };
}

const checkOf = (secret: string): string => scryptSync(secret, 'tocsin: worker and API', BYTES).toString('hex');
