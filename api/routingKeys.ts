/** Which integration a routing key belongs to. The key is a secret: compared by digest, in one time, and never logged. */
import type { Configuration, Integration } from '../domain/configuration.ts';
import { findBySecret, sha256 } from '../intake/hashes.ts';

// A configuration is never changed in place; a reload makes a new one, and its digests.
const digests = new WeakMap<Configuration, readonly (readonly [Buffer, Integration])[]>();

function digestsOf(configuration: Configuration): readonly (readonly [Buffer, Integration])[] {
  const known = digests.get(configuration);
  if (known !== undefined) return known;
  const made = [...configuration.integrations.values()]
    .filter((integration) => integration.key !== '')
    .map((integration) => [sha256(integration.key), integration] as const);
  digests.set(configuration, made);
  return made;
}

/** The integration with that routing key, whatever its source; undefined for a wrong key, and no key. */
export const integrationWithKey = (configuration: Configuration, key: string): Integration | undefined =>
  findBySecret(digestsOf(configuration), key);

/** The integration of that source with that routing key; undefined for a wrong key, a key of another source, and no key. */
export function findIntegration(configuration: Configuration, source: string, key: string): Integration | undefined {
  const found = integrationWithKey(configuration, key);
  return found?.source === source ? found : undefined;
}
