/** The token and the secret of this start: given by the environment, or kept in the data folder (interfaces §2). */
import type { Environment } from '../config/environment.ts';
import { keptSecret, type DataDir } from './dataDir.ts';

export interface Secrets {
  readonly secret: string;
  readonly apiToken: string;
  /** Whether the token is the generated one: one that was given is not shown. */
  readonly tokenIsGenerated: boolean;
}

/** Generates what neither the environment nor an earlier start gave. */
export function secretsOf({ secret, apiToken }: Environment, dataDir: DataDir): Secrets {
  return {
    secret: secret ?? keptSecret(dataDir.path, 'secret'),
    apiToken: apiToken ?? keptSecret(dataDir.path, 'token'),
    tokenIsGenerated: apiToken === undefined,
  };
}
