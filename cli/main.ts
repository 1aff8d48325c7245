/** The `tocsin` command: its sub-commands, each loaded only when it is asked for. */
import { Command, Option } from 'commander';
import type { DrillOptions } from './drill.ts';
import { report } from './report.ts';
import type { SendTestOptions } from './sendTest.ts';
import type { TokenOptions } from './token.ts';
import type { TryOptions } from './tryMapping.ts';

/** A command does its work until it is done or stopped, and resolves to the exit code. */
type Run = (env: NodeJS.ProcessEnv) => Promise<number>;

const collected = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const ROLES = ['admin', 'manager', 'responder', 'observer'];

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
  program
    .command('send-test')
    .requiredOption('--user <id>', 'whose')
    .requiredOption('--contact <id>', 'which of their contact methods')
    .option('--json', 'the answer of the API as it is', false)
    .description('sends a real message to a contact method, and shows what its provider answers')
    .action(async (options: SendTestOptions) => {
      code = await (await import('./sendTest.ts')).sendTest(env, options);
    });
  program
    .command('drill')
    .requiredOption('--service <id>', 'whose policy it goes by')
    .option('--user <id>', 'only this user is told, by their own rules')
    .option('--as <id>', 'the user in whose name it is begun')
    .option('--for <duration>', 'how long it goes on where nobody acknowledges', '5m')
    .option('--no-wait', 'begins it, and leaves it to itself')
    .description('an incident marked DRILL on every channel, told line by line, and ended')
    .action(async (options: DrillOptions) => {
      code = await (await import('./drill.ts')).drill(env, options);
    });
  program
    .command('validate')
    .argument('[path]', 'a file or a folder of *.yaml')
    .option('--json', 'as JSON: {valid, version?, errors, warnings}', false)
    .description('what a start would say of the configuration (TOCSIN_CONFIG where no path is given)')
    .action(async (path: string | undefined, options: { json: boolean }) => {
      code = await (await import('./validate.ts')).validate(env, path, options);
    });
  program
    .command('try-mapping')
    .argument('<mapping>', 'an integration of source generic, by its id, or a ready mapping, such as zabbix')
    .argument('<file>', 'what its sender sends; - for standard input')
    .option('--header <header>', "of the sender's request: 'Name: value'; several times", collected, [])
    .option('--query <query>', 'what stands behind the ? of the address', '')
    .option('--config <path>', 'a file or a folder of *.yaml (TOCSIN_CONFIG where absent)')
    .option('--json', 'as JSON: {events, leftOut}', false)
    .description('the events that a mapping makes of a sample, and no incident')
    .action(async (mapping: string, file: string, options: TryOptions) => {
      code = await (await import('./tryMapping.ts')).tryMapping(env, mapping, file, options);
    });
  program
    .command('schema')
    .description("the configuration's JSON Schema, for editors")
    .action(async () => {
      const { configurationJsonSchema } = await import('../config/jsonSchema.ts');
      process.stdout.write(`${JSON.stringify(configurationJsonSchema(), null, 2)}\n`);
    });
  program
    .command('token')
    .description('tokens of the API')
    .command('create')
    .description('a new token, shown once, and its line for `tokens:`')
    .option('--user <id>', 'acts as this user')
    .option('--id <id>', 'what the log calls it (default: <user>-cli)')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('responder'))
    .option('--may-act-as', 'may act as any user, by `as`', false)
    .action(async (options: TokenOptions) => {
      code = await (await import('./token.ts')).createToken(env, options);
    });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    code = report(error);
  }
  // What an SDK may still hold open (a native thread, a socket) must not keep a stopped Tocsin alive.
  process.exit(code);
}
