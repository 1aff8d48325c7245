/** The configuration of a running process: read again when it changes; a broken one is refused, and the last good one stays (interfaces §3). */
import type { Configuration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import { difference, isSame } from './difference.ts';
import { loadConfiguration, type LoadedConfiguration } from './load.ts';
import type { Variables } from './variables.ts';
import { watchConfiguration } from './watch.ts';

/** What came of reading it again. `changes` are counts by section. */
export type Reload =
  | {
      readonly outcome: 'loaded';
      readonly version: string;
      readonly changes: string;
      readonly warnings: readonly string[];
    }
  /** `restored`: it was refused before, and is again the one that stayed. */
  | { readonly outcome: 'unchanged'; readonly version: string; readonly restored: boolean }
  /** `errors` are the lines of the refusal; `version` is that of the one that stays. */
  | { readonly outcome: 'refused'; readonly version: string; readonly errors: readonly string[] }
  /** Changes are seen no longer; `reload` still works. */
  | { readonly outcome: 'unwatched'; readonly reason: string };

export interface LiveConfiguration {
  /** As it is now. Frozen: a reload makes another one. */
  readonly configuration: () => Configuration;
  /** Lines about what was accepted at the start and is not good. */
  readonly warnings: readonly string[];
  /** Reads it again because somebody asked, and tells what came of it in any case. */
  reload(): void;
  /** Ends the watching. */
  stop(): void;
}

/**
 * Loads the configuration at `path` and keeps it as it is there. `told` hears of every reload that changed something, is
 * refused, or was asked for; the same refusal twice in a row is told once. Throws BAD_CONFIGURATION where the first cannot be used.
 */
export function liveConfiguration(path: string, env: Variables, told: (reload: Reload) => void): LiveConfiguration {
  const first = loadConfiguration(path, env);
  let present = first.configuration;
  let refusal: string | undefined;

  const reload = (asked: boolean): void => {
    let read: LoadedConfiguration;
    try {
      read = loadConfiguration(path, env);
    } catch (error) {
      const message = error instanceof TocsinError ? error.message : String(error);
      const isNews = asked || message !== refusal;
      refusal = message;
      if (isNews) told({ outcome: 'refused', version: present.version, errors: message.split('\n') });
      return;
    }
    const { configuration, warnings } = read;
    const restored = refusal !== undefined;
    refusal = undefined;
    if (isSame(present, configuration)) {
      if (asked || restored) told({ outcome: 'unchanged', version: present.version, restored });
      return;
    }
    const changes = difference(present, configuration);
    present = configuration;
    told({ outcome: 'loaded', version: configuration.version, changes, warnings });
  };

  const watching = watchConfiguration(
    path,
    () => reload(false),
    (reason) => told({ outcome: 'unwatched', reason }),
  );
  return {
    configuration: () => present,
    warnings: first.warnings,
    reload: () => reload(true),
    stop: () => watching.stop(),
  };
}
