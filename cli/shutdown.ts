/** When to stop: a signal, a second one for those in a hurry, or the end of the npm or the terminal that started us. */
import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { commandOf, parentOf, startOf } from '../machine/processes.ts';

export interface Shutdown {
  /** Aborted once the process is to stop. */
  readonly signal: AbortSignal;
  /** Takes its listeners back. */
  dispose(): void;
}

export interface Requests {
  /** A second request to stop; expected to end the process. */
  readonly force: () => void;
  /** SIGHUP, where no terminal went. */
  readonly reload: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** In a terminal, Ctrl-C reaches us twice: from the terminal, and passed on by npm. */
const SAME_PRESS_MS = 500;
const PARENT_CHECK_MS = 1_000;

/** Listens. SIGHUP asks for a reload, as daemons have it; a terminal that closes sends it too, and then it is a request to stop. */
export function listenForShutdown(env: NodeJS.ProcessEnv, { force, reload }: Requests): Shutdown {
  const controller = new AbortController();
  let first = 0;
  const request = (): void => {
    if (first === 0) {
      first = Date.now();
      controller.abort();
    } else if (Date.now() - first > SAME_PRESS_MS) force();
  };
  // One that nohup started, or a supervisor, has no terminal at all, and outlives the one it was started from.
  const inTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  const hangUp = (): void => (inTerminal && !hasTerminal() ? request() : reload());
  for (const name of SIGNALS) process.on(name, request);
  process.on('SIGHUP', hangUp);

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
      process.off('SIGHUP', hangUp);
    },
  };
}

/** Resolves when a stop is asked for. */
export const stopAsked = async (signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
};

/** Whether there is a controlling terminal (tty(4)): the kernel takes it away before it tells of its end. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** npm, or npx, which puts a shell between itself and us. */
const npmOf = (parent: number): number | undefined =>
  /^\S*sh -c /.test(commandOf(parent) ?? '') ? parentOf(parent) : parent;
