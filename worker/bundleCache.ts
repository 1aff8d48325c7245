/**
 * Workflow code that was bundled before, by the same version of everything it is made of: a worker then starts in half the
 * time (docs/adr/0022). Where anything of it cannot be read or written, it is bundled again.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundle } from '@temporalio/worker';
import { cacheFolder } from '../machine/cacheFolder.ts';
import { bundleWorkflows } from './bundle.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** All that code comes from, which a test of the bundle holds it to; and how it is bundled. */
const FOLDERS = ['domain', 'workflows'];
const FILES = ['activities/contract.ts', 'worker/bundle.ts'];
/** npm's own record of what it installed here. */
const INSTALLED = 'node_modules/.package-lock.json';
/** Milliseconds after which a bundle that no start has used is taken away. */
const UNUSED_FOR = 30 * 86_400_000;
const NAMED = 'workflows-';
/** Between the digest of the code and the code. */
const SEAM = '\n';

/** Names what the workflow code under `root` is made of: another byte of any of it, another name. Throws where npm did not install it. */
export function bundleName(root: string): string {
  const inFolder = (folder: string): readonly string[] =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.ts'))
      .toSorted()
      .map((name) => `${folder}/${name}`);
  const hash = createHash('sha256').update(`${root}\0${process.version}\0`);
  for (const file of [...FOLDERS.flatMap(inFolder), ...FILES, INSTALLED]) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return `${NAMED}${hash.digest('hex').slice(0, 32)}.js`;
}

/** The workflow code for a worker: of the cache, or just bundled where it has none that is whole. */
export const cachedBundle = (env: NodeJS.ProcessEnv = process.env): Promise<WorkflowBundle> =>
  bundledOnce(cacheFolder(env), ROOT, bundleWorkflows);

/** The bundle that `folder` keeps of the code under `root`, or what `bundle` makes of that. */
export async function bundledOnce(
  folder: string,
  root: string,
  bundle: () => Promise<WorkflowBundle & { readonly code: string }>,
): Promise<WorkflowBundle> {
  const path = pathIn(folder, root);
  const code = path === undefined ? undefined : kept(path);
  if (code !== undefined) return { code };
  const made = await bundle();
  // A file that was saved meanwhile is in it or is not: its name would be that of other code.
  if (path !== undefined && path === pathIn(folder, root)) keep(folder, path, made.code);
  return made;
}

function pathIn(folder: string, root: string): string | undefined {
  try {
    return join(folder, bundleName(root));
  } catch {
    return undefined;
  }
}

const digestOf = (code: string): string => createHash('sha256').update(code).digest('hex');

/** Undefined where it is not there, or not whole: a power cut may leave a file that is empty. */
function kept(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const at = text.indexOf(SEAM);
    const code = text.slice(at + SEAM.length);
    if (at === -1 || text.slice(0, at) !== digestOf(code)) return undefined;
    touch(path);
    return code;
  } catch {
    return undefined;
  }
}

/** So that what is used is not taken away. A cache that may only be read is as good. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    return;
  }
}

/** Where it cannot be kept, the next start bundles again. */
function keep(folder: string, path: string, code: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Another start may read it at any moment: it is there whole, or not at all.
    const unfinished = `${path}.${randomUUID()}`;
    writeFileSync(unfinished, `${digestOf(code)}${SEAM}${code}`, { mode: 0o600 });
    renameSync(unfinished, path);
    for (const name of readdirSync(folder).filter((each) => each.startsWith(NAMED))) {
      const old = join(folder, name);
      if (statSync(old).mtimeMs < Date.now() - UNUSED_FOR) rmSync(old);
    }
  } catch {
    return;
  }
}
