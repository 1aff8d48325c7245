/** Tells when a configuration may have changed: its file, a file of its folder, or a link on the way to one of them. */
import { lstatSync, readdirSync, readlinkSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, join, parse, resolve, sep } from 'node:path';

/** Editors and Kubernetes make several changes of one: what follows within this many milliseconds is the same one. */
const SAME_CHANGE = 150;
/** As the kernel bounds it (path_resolution(7)): more is a circle. */
const MAX_LINKS = 40;

/** Which entries of which folders lead to the configuration; null: any entry. */
type Entries = Map<string, Set<string> | null>;

export interface Watch {
  stop(): void;
}

/**
 * Calls `changed` after every change of what is read at `path`. Folders are watched and not files: editors replace a file
 * by renaming another, and a Kubernetes ConfigMap swaps the link `..data` on the way to it. What is not there yet is waited
 * for where it is to appear. `failed` hears why a folder cannot be watched any more; SIGHUP then still reloads.
 */
export function watchConfiguration(path: string, changed: () => void, failed: (reason: string) => void): Watch {
  let watchers: FSWatcher[] = [];
  let settling: NodeJS.Timeout | undefined;
  let stopped = false;

  const close = (old: readonly FSWatcher[]): void => old.forEach((watcher) => watcher.close());
  const settled = (): void => {
    settling = undefined;
    // Watched anew before it is read: what changes meanwhile is the next change, and a folder that was replaced is found.
    arm();
    changed();
  };
  const arm = (): void => {
    const old = watchers;
    watchers = [];
    for (const [folder, entries] of entriesOf(path)) {
      try {
        const watcher = watch(folder, { persistent: false }, (_event, entry) => {
          // The folder's own name comes where it was itself moved or removed.
          const concerns = entry === null || entries === null || entries.has(entry) || entry === basename(folder);
          if (concerns && !stopped) settling ??= settle();
        });
        watcher.on('error', (error) => failed(`${folder} is watched no longer: ${error.message}`));
        watchers.push(watcher);
      } catch (error) {
        failed(`${folder} cannot be watched: ${(error as Error).message}`);
      }
    }
    close(old);
  };
  const settle = (): NodeJS.Timeout => setTimeout(settled, SAME_CHANGE).unref();

  arm();
  return {
    stop() {
      stopped = true;
      clearTimeout(settling);
      close(watchers);
    },
  };
}

/** Every folder with an entry that, changed, makes `path` another: the file's own, and those of all links on the way. */
function entriesOf(path: string): Entries {
  const entries: Entries = new Map();
  const folder = follow(resolve(path), entries);
  if (folder === undefined || !isFolder(folder)) return entries;
  entries.set(folder, null);
  for (const name of namesIn(folder)) if (/\.ya?ml$/.test(name)) follow(join(folder, name), entries);
  return entries;
}

/** Walks to where `path` leads, noting each link and the end; undefined where something on the way is not there. */
function follow(path: string, entries: Entries): string | undefined {
  const note = (folder: string, entry: string): void => {
    const noted = entries.get(folder);
    if (noted === undefined) entries.set(folder, new Set([entry]));
    else noted?.add(entry);
  };
  let { root: reached } = parse(path);
  let steps = path.slice(reached.length).split(sep);
  for (let links = 0; steps.length > 0;) {
    const [step = '', ...rest] = steps;
    const next = join(reached, step);
    const target = linkAt(next);
    if (target === undefined || rest.length === 0 || target !== null) note(reached, step);
    if (target === undefined || (target !== null && ++links > MAX_LINKS)) return undefined;
    if (target === null) {
      reached = next;
      steps = rest;
    } else {
      const linked = resolve(reached, target);
      reached = parse(linked).root;
      steps = [...linked.slice(reached.length).split(sep), ...rest].filter((each) => each !== '');
    }
  }
  return reached;
}

/** Where a link leads; null for what is none, undefined for what is not there. */
function linkAt(path: string): string | null | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
