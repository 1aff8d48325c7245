/** Things of the configuration that are arranged in Temporal, where one that is refused must not keep the others from it. */
import type { Logger } from 'pino';
import { isUnavailable } from '../intake/temporalErrors.ts';

/** Does `act`; what Temporal refuses is logged with `of`, as `failed`. Throws where Temporal cannot be reached: no other would be. */
export async function orLogged(
  act: () => Promise<void>,
  log: Logger,
  of: Readonly<Record<string, string>>,
  failed: string,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (isUnavailable(error)) throw error;
    log.error({ err: error, ...of }, failed);
  }
}
