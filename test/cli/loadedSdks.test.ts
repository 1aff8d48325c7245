/** What the running command has loaded: the channels' own libraries only once there is something for them to do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterTest } from './support.ts';
import { machine, RUNNING } from './machine.ts';

const SDKS = ['twilio', 'tencentcloud-sdk-nodejs-sms', '@slack/web-api', '@slack/socket-mode'] as const;

test('with none of their channels configured, a start of everything and a page load no SDK of a provider', async () => {
  const { env, api } = await machine();
  const child = spawn(process.execPath, ['--import', './test/support/loadedScripts.mjs', 'cli/tocsin.mjs', 'up'], {
    env: { ...env, NODE_OPTIONS: '', TOCSIN_API_TOKEN: 'a-token-for-the-test' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  afterTest(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  });
  let said = '';
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => (said.includes(text) ? resolve() : undefined);
      child.stdout?.on('data', look);
      child.once('exit', () => reject(new Error(`it ended without saying "${text}":\n${said}`)));
      look();
    });
  for (const out of [child.stdout, child.stderr]) out?.setEncoding('utf8').on('data', (part: string) => (said += part));
  /** The SDKs of which a script is loaded. */
  const loaded = async (ask: 'scripts' | { load: readonly string[] }): Promise<readonly string[]> => {
    child.send(ask);
    const [scripts] = (await once(child, 'message')) as [string[]];
    expect(scripts.some((script) => script.includes('/node_modules/@temporalio/worker/'))).toBe(true);
    return SDKS.filter((name) => scripts.some((script) => script.includes(`/node_modules/${name}/`)));
  };

  await says(RUNNING);
  const headers = { authorization: 'Bearer a-token-for-the-test', 'content-type': 'application/json' };
  const body = JSON.stringify({ service: 'payments', summary: 'Orders are failing', severity: 'critical' });
  expect((await fetch(`${api}/v1/incidents`, { method: 'POST', headers, body })).status).toBe(201);
  await says('Orders are failing');
  expect(await loaded('scripts')).toEqual([]);
  // It would have been seen.
  expect(await loaded({ load: SDKS })).toEqual(SDKS);
}, 120_000);
