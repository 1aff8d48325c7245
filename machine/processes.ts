/** What this machine says of its processes: from /proc where there is one (Linux), from `ps` elsewhere (macOS). */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  /** The command line, one blank between arguments. */
  readonly command: string;
}

const hasProc = existsSync('/proc/self/stat');

/** The text of a file, or undefined: a process may end, or belong to somebody else, while it is looked at. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(...args: readonly string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/**
 * When a process started, in a form that is only good for comparing: with the pid it names one process, for a pid alone
 * is given out again. Undefined where the process is gone or only a zombie.
 */
export function startOf(pid: number): string | undefined {
  if (!hasProc) return ps('-o', 'lstart=', '-p', String(pid)).trim() || undefined;
  // proc(5): the name, in parentheses, may hold anything; the state is the 1st field after it, the start time the 20th.
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${fields[19] ?? ''}`;
}

/** The command line of one process; undefined where it is gone or may not be read. */
export function commandOf(pid: number): string | undefined {
  const command = hasProc
    ? read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ')
    : ps('-ww', '-o', 'args=', '-p', String(pid));
  return command?.trim() || undefined;
}

/** The pid of the process that started it, or took it over; undefined where it is gone. */
export function parentOf(pid: number): number | undefined {
  if (!hasProc) return Number(ps('-o', 'ppid=', '-p', String(pid))) || undefined;
  const stat = read(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** All processes whose command line may be read. */
export function allProcesses(): readonly RunningProcess[] {
  const pids = hasProc ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : ps('-axo', 'pid=').split(/\s+/);
  return pids
    .filter((pid) => pid !== '')
    .map((pid) => ({ pid: Number(pid), command: commandOf(Number(pid)) ?? '' }))
    .filter(({ command }) => command !== '');
}

/** Waits until the process is gone. Returns whether it went within `withinMs`. */
export async function gone(pid: number, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (startOf(pid) !== undefined) {
    if (Date.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
