/** `npm start` as a whole: the real command, its real server, worker and API, and the curl line that it prints. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/temporalServer.ts';
import type { IncidentView } from '../../domain/view.ts';
import { eventually } from '../support/tocsin.ts';
import { leftOf, machine, type Machine, RUNNING, up } from './machine.ts';
import { afterTest, newFolder, run, runNode, type Started } from './support.ts';

/** Runs the printed curl line as a shell would, when somebody pastes it. */
async function pasteCurlLine(run: Started): Promise<{ readonly id: string; readonly status: string }> {
  const line = /curl -sS .*/.exec(run.said())?.[0] ?? 'false';
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  return JSON.parse(stdout) as { id: string; status: string };
}

async function incident({ api }: Machine, run: Started, id: string): Promise<IncidentView> {
  const token = /API token +(\S+)/.exec(run.said())?.[1] ?? '';
  const headers = { authorization: `Bearer ${token}` };
  // The worker that has just started may yet have to catch up with it.
  const answer = await eventually(
    () => fetch(`${api}/v1/incidents/${id}`, { headers }),
    ({ status }) => status !== 503,
  );
  expect(answer.status).toBe(200);
  return (await answer.json()) as IncidentView;
}

test('the printed line opens an incident; Ctrl-C ends everything with 0; it goes on at the next start, after SIGKILL too', async () => {
  const here = await machine('new');
  const first = run('npm', ['start'], here.env);
  await first.says(RUNNING);
  const opened = await pasteCurlLine(first);
  expect(opened.status).toBe('triggered');
  first.child.kill('SIGINT');
  expect(await first.exit).toBe(0);
  expect(leftOf(here.dataDir)).toEqual([]);

  const second = up(here);
  await second.says(RUNNING);
  expect(await incident(here, second, opened.id)).toMatchObject({ status: 'triggered' });
  second.child.kill('SIGKILL');
  await second.exit;
  expect(leftOf(here.dataDir)).toHaveLength(1);

  const third = up(here);
  await third.says(RUNNING);
  expect(third.said()).toContain('Ended the Temporal server that an earlier run left running');
  const numbered = await eventually(
    () => incident(here, third, opened.id),
    ({ number }) => number !== null,
  );
  expect(numbered).toMatchObject({ status: 'triggered', number: 1 });
  expect(await incident(here, third, '1')).toEqual(numbered);
  third.child.kill('SIGTERM');
  expect(await third.exit).toBe(0);
  expect(leftOf(here.dataDir)).toEqual([]);
});

/** The channels' own libraries, for each of which a channel has to be configured. */
const SDKS = ['twilio', 'tencentcloud-sdk-nodejs-sms', '@slack/web-api', '@slack/socket-mode'] as const;

/** The SDKs of which a script is loaded; with `load`, after those were. */
async function loadedSdks({ child }: Started, load?: readonly string[]): Promise<readonly string[]> {
  child.send(load === undefined ? 'scripts' : { load });
  const [scripts] = (await once(child, 'message')) as [string[]];
  expect(scripts.some((script) => script.includes('/node_modules/@temporalio/worker/'))).toBe(true);
  return SDKS.filter((name) => scripts.some((script) => script.includes(`/node_modules/${name}/`)));
}

test('with a database that is not there it starts, and says so without the password; a page loads no SDK of a provider, for none is configured', async () => {
  const here = await machine('new');
  const env = {
    ...here.env,
    TOCSIN_DATABASE_URL: 'postgres://tocsin:hunter2@127.0.0.1:1/incidents',
    TOCSIN_API_TOKEN: 'a-token-for-the-test',
  };
  const args = ['--import', './test/support/loadedScripts.mjs', 'cli/tocsin.mjs', 'up'];
  const started = run(process.execPath, args, env, 'ipc');
  await started.says(RUNNING);
  expect(started.said()).toContain('Warning: PostgreSQL at 127.0.0.1:1/incidents cannot be used: connect ECONNREFUSED');
  expect(started.said()).not.toContain('hunter2');
  expect(existsSync(join(here.dataDir, 'store'))).toBe(false);

  const headers = { authorization: 'Bearer a-token-for-the-test', 'content-type': 'application/json' };
  const body = JSON.stringify({ service: 'payments', summary: 'Orders are failing', severity: 'critical' });
  expect((await fetch(`${here.api}/v1/incidents`, { method: 'POST', headers, body })).status).toBe(201);
  await started.says('Orders are failing');
  expect(await loadedSdks(started)).toEqual([]);
  // It would have been seen.
  expect(await loadedSdks(started, SDKS)).toEqual(SDKS);
});

test('a Ctrl-C while it starts ends it with 0 and leaves nothing running', async () => {
  const here = await machine();
  const run = up(here);
  await run.says('Starting Temporal');
  run.child.kill('SIGINT');
  expect(await run.exit).toBe(0);
  expect(leftOf(here.dataDir)).toEqual([]);
});

test('it ends with the npm that started it, when that is killed', async () => {
  const here = await machine();
  const npm = `require('node:child_process').spawn(process.execPath, ['cli/tocsin.mjs', 'up'], { stdio: 'inherit' })`;
  const run = runNode(['-e', npm], here.env);
  await run.says(RUNNING);
  run.child.kill('SIGKILL');
  await run.exit; // its outputs are closed, so what it started is gone too
  expect(run.said()).toContain('Stopped.');
  expect(leftOf(here.dataDir)).toEqual([]);
});

test('the end of the Temporal server ends Tocsin with 1, and says so', async () => {
  const here = await machine();
  const run = up(here);
  await run.says(RUNNING);
  for (const { pid } of leftOf(here.dataDir)) process.kill(pid, 'SIGKILL');
  expect(await run.exit).toBe(1);
  expect(run.said()).toContain('TEMPORAL_SERVER_FAILED');
  expect(run.said()).toContain('The Temporal server ended while Tocsin was running');
});

test('a taken port is one message with the variable, the holder, and no stack, before a server is started', async () => {
  const here = await machine();
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(Number(here.env['PORT']), '127.0.0.1', resolve));
  afterTest(async () => new Promise((resolve) => holder.close(resolve)));
  const run = up(here);
  expect(await run.exit).toBe(1);
  expect(run.said()).toContain('PORT_TAKEN');
  expect(run.said()).toMatch(new RegExp(`is held by process ${process.pid} .*\\n*.*set PORT to another port`));
  expect(run.said()).not.toMatch(/\n +at /);
  expect(leftOf(here.dataDir)).toEqual([]);
});

test('a second one on the same data folder is refused, with the pid of the first', async () => {
  const here = await machine();
  const first = up(here);
  await first.says(RUNNING);
  const other = { ...(await machine()).env, TOCSIN_DATA_DIR: here.dataDir };
  const second = runNode(['cli/tocsin.mjs', 'up'], other);
  expect(await second.exit).toBe(1);
  expect(second.said()).toContain(`DATA_DIR_IN_USE`);
  expect(second.said()).toContain(`in use by process ${first.child.pid}`);
});

test('a broken configuration, a bad variable and an unreachable TEMPORAL_ADDRESS stop the start, each in one message', async () => {
  const here = await machine();
  const broken = join(newFolder(), 'broken.yaml');
  writeFileSync(broken, 'users: 7\n');
  const nowhere = `127.0.0.1:${await freePort()}`;
  const cases = [
    [{ TOCSIN_CONFIG: broken }, 'BAD_CONFIGURATION', 'broken.yaml:1:'],
    [{ PORT: 'eighty' }, 'BAD_ENVIRONMENT', 'PORT: expected a port'],
    [{ TEMPORAL_ADDRESS: nowhere }, 'TEMPORAL_UNAVAILABLE', `No Temporal answers at ${nowhere}`],
  ] as const;
  for (const [change, code, text] of cases) {
    const run = runNode(['cli/tocsin.mjs', 'up'], { ...here.env, ...change });
    expect([await run.exit, run.said()]).toEqual([1, expect.stringContaining(`(${code})`)]);
    expect(run.said()).toContain(text);
    expect(run.said()).not.toMatch(/\n +at /);
  }
});

test('worker and API alone serve an existing Temporal, in the namespace that the environment names', async () => {
  const here = await machine();
  const server = up(here);
  await server.says(RUNNING);
  const address = `127.0.0.1:${here.env['TOCSIN_TEMPORAL_PORT']}`;
  const port = await freePort();
  const env = {
    ...here.env,
    PORT: String(port),
    TEMPORAL_ADDRESS: address,
    TOCSIN_DATA_DIR: join(newFolder(), 'data'),
  };
  const api = runNode(['cli/tocsin.mjs', 'api'], { ...env, TOCSIN_API_TOKEN: 'a-token-of-my-own' });
  const worker = runNode(['cli/tocsin.mjs', 'worker'], env);
  await Promise.all([api.says('Ctrl-C stops it'), worker.says('Ctrl-C stops it')]);
  const answer = await fetch(`http://127.0.0.1:${port}/v1/incidents`, {
    headers: { authorization: 'Bearer a-token-of-my-own' },
  });
  expect(answer.status).toBe(200);
  expect(api.said()).not.toContain('a-token-of-my-own');
  for (const run of [api, worker]) {
    run.child.kill('SIGTERM');
    expect(await run.exit).toBe(0);
  }

  const lost = runNode(['cli/tocsin.mjs', 'worker'], { ...env, TEMPORAL_NAMESPACE: 'elsewhere' });
  expect(await lost.exit).toBe(1);
  expect(lost.said()).toContain('temporal operator namespace create --namespace elsewhere');
});
