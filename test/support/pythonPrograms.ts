/** Programs in Python, installed where they are wanted: a virtual environment a set of versions, kept from run to run. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = (): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tocsin');

/**
 * The folder of their programs, `python` among them. Installs into a folder of that name alone: a virtual environment
 * cannot be moved, so a mark says that it is whole. Throws what pip says.
 */
export function pythonPrograms(packages: Readonly<Record<string, string>>, say: (line: string) => void): string {
  const wanted = Object.entries(packages).map(([name, version]) => `${name}==${version}`);
  const hash = createHash('sha256').update(wanted.toSorted().join()).digest('hex').slice(0, 12);
  const folder = join(cache(), `python-${hash}`);
  const whole = join(folder, 'whole');
  if (!existsSync(whole)) {
    say(`Installing ${wanted.join(', ')} into ${folder} …`);
    const run = (file: string, ...args: readonly string[]): Buffer =>
      execFileSync(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    run('python3', '-m', 'venv', '--clear', folder);
    run(join(folder, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', ...wanted);
    writeFileSync(whole, '');
  }
  return join(folder, 'bin');
}
