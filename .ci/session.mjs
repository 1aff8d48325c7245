/**
 * Does what the README tells a newcomer to do: clones the project into a new folder, runs its command for `npm start`, and
 * types the session's commands; what they print must be what the README shows, but for ids, instants and who is on call.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [start] = process.argv.slice(2);
const STARTS_WITHIN_MS = 600_000;
const folder = mkdtempSync(join(tmpdir(), 'tocsin-clone-'));
const clone = join(folder, 'tocsin');

/** The commands of the README's console blocks, each with the output shown below it. */
function commandsOf(readme) {
  const blocks = [...readme.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command, ...output] = text.split('\n');
        return { command, output: output.join('\n').trim() };
      }),
  );
}

const sameEveryTime = (text) =>
  text
    .replaceAll(/[0-9a-f]{32}\.[0-9a-f]{32}/g, '<incident>')
    .replaceAll(/\d{4}-\d\d-\d\dT[0-9:.]+Z/g, '<instant>')
    .replaceAll(/Ana Wei|Bob Okafor/g, '<on call>');

async function until(condition, withinMs, failure) {
  const last = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > last) throw new Error(failure());
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

let running;
let said = '';
/** To all of its process group, as a terminal's Ctrl-C goes. */
const signal = (name) => {
  if (running?.pid !== undefined) process.kill(-running.pid, name);
};
try {
  execFileSync('git', ['clone', '--quiet', process.cwd(), clone]);
  const commands = commandsOf(readFileSync(join(clone, 'README.md'), 'utf8'));
  if (commands.length < 5) throw new Error('the README has no session to run');

  running = spawn('bash', ['-c', start], { cwd: clone, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let over = false;
  running.once('exit', () => (over = true));
  for (const out of [running.stdout, running.stderr]) out.setEncoding('utf8').on('data', (part) => (said += part));
  await until(
    () => said.includes('Tocsin is running.') || over,
    STARTS_WITHIN_MS,
    () => 'npm start does not run',
  );
  if (over) throw new Error('npm start ended by itself');

  // One shell for all of them, and a breath after each, as a person has it: a marker ends the output of each.
  const script = commands.map(({ command }) => `${command}\nprintf '\\n--- next\\n'; sleep 1`).join('\n');
  const outputs = execFileSync('bash', ['-c', script], { cwd: clone, encoding: 'utf8' }).split('\n--- next\n');
  for (const [index, { command, output }] of commands.entries()) {
    const printed = (outputs[index] ?? '').trim();
    if (sameEveryTime(printed) !== sameEveryTime(output)) {
      throw new Error(`$ ${command}\n--- the README shows\n${output}\n--- it printed\n${printed}`);
    }
    console.log(`ok: ${command.slice(0, 100)}`);
  }

  signal('SIGINT');
  await until(
    () => over,
    30_000,
    () => 'Ctrl-C does not end it within 30 s',
  );
  if (!said.includes('Stopped.')) throw new Error('it did not stop in good order');
  console.log(`${commands.length} commands of the README's session, as they stand there; Ctrl-C ended it cleanly.`);
} catch (error) {
  console.error(`${error.message}\n--- npm start said\n${said}`);
  process.exitCode = 1;
} finally {
  try {
    signal('SIGKILL');
  } catch {
    // It is gone already.
  }
  rmSync(folder, { recursive: true, force: true });
}
