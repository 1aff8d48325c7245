/** The `tocsin` command: its sub-commands, each loaded only when it is asked for. */
import { Command } from 'commander';
import { report } from './report.ts';

/** A command does its work until it is done or stopped, and resolves to the exit code. */
type Run = (env: NodeJS.ProcessEnv) => Promise<number>;

/** Runs one command line. Ends the process: 0 done or stopped, 1 an error with a code, 70 a fault of Tocsin's own. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  let code = 0;
  const run = (command: () => Promise<Run>) => async () => {
    code = await (await command())(env);
  };
  const program = new Command('tocsin').description(
    'Incident alerting and escalation; each incident is one durable Temporal workflow.',
  );
  program
    .command('up')
    .description('everything on this machine: Temporal dev server, worker, API (= npm start)')
    .action(run(async () => (await import('./up.ts')).up));
  program
    .command('worker')
    .description('the worker alone, against TEMPORAL_ADDRESS')
    .action(run(async () => (await import('./worker.ts')).worker));
  program
    .command('api')
    .description('the API alone, against TEMPORAL_ADDRESS')
    .action(run(async () => (await import('./api.ts')).api));
  program
    .command('demo')
    .description('the life of an incident in seconds, told line by line')
    .action(run(async () => (await import('./demo.ts')).demo));
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    code = report(error);
  }
  // What an SDK may still hold open (a native thread, a socket) must not keep a stopped Tocsin alive.
  process.exit(code);
}
