/** When to stop: a signal, a second one for those in a hurry, or the end of the npm that started us. */
import { commandOf, parentOf, startOf } from '../machine/processes.ts';

export interface Shutdown {
  /** Aborted once the process is to stop. */
  readonly signal: AbortSignal;
  /** Takes its listeners back. */
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** In a terminal, Ctrl-C reaches us twice: from the terminal, and passed on by npm. */
const SAME_PRESS_MS = 500;
const PARENT_CHECK_MS = 1_000;

/** Listens. `force` is called at the second request, and is expected to end the process. */
export function listenForShutdown(env: NodeJS.ProcessEnv, force: () => void): Shutdown {
  const controller = new AbortController();
  let first = 0;
  const request = (): void => {
    if (first === 0) {
      first = Date.now();
      controller.abort();
    } else if (Date.now() - first > SAME_PRESS_MS) force();
  };
  for (const name of SIGNALS) process.on(name, request);

  // npm killed with SIGKILL passes nothing on. What it started would run on unseen, and the next start find it in the way.
  const npm = env['npm_lifecycle_event'] === undefined ? undefined : npmOf(process.ppid);
  const started = npm === undefined ? undefined : startOf(npm);
  const watch = setInterval(() => {
    if (npm === undefined || controller.signal.aborted || startOf(npm) === started) return;
    request();
  }, PARENT_CHECK_MS).unref();

  return {
    signal: controller.signal,
    dispose() {
      clearInterval(watch);
      for (const name of SIGNALS) process.off(name, request);
    },
  };
}

/** Resolves when a stop is asked for. */
export const stopAsked = async (signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
};

/** npm, or npx, which puts a shell between itself and us. */
const npmOf = (parent: number): number | undefined =>
  /^\S*sh -c /.test(commandOf(parent) ?? '') ? parentOf(parent) : parent;
