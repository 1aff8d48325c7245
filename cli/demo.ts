/** `tocsin demo`: the life of one incident in seconds instead of minutes, told line by line. Real server, real workflow, nothing left behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LogEntryView } from '../domain/view.ts';
import { absentStore } from '../store/absent.ts';
import { openDataDir } from './dataDir.ts';
import { startLocal } from './local.ts';
import { runApi, runWorker } from './parts.ts';
import { secretsOf } from './secrets.ts';
import { session } from './session.ts';
import { stopAsked } from './shutdown.ts';

const CONFIGURATION = fileURLToPath(new URL('../config/examples/demo.yaml', import.meta.url));
const GUANCE = '/integrations/guance/demo-guance-key-000000000000000';
/** As Guance sends it: the seed's payload, cut to what is told here. */
const ALERT = {
  df_status: 'critical',
  df_title: '实例名称为 share 磁盘使用率过高',
  df_message: '>内容：磁盘使用率为 100.00%',
  df_monitor_checker_event_ref: '13713ac25e993a37d2ca5899e2a7bba6',
  df_dimension_tags: '{"host":"share"}',
  workspace_name: 'observer',
  Result: 100,
  date: 1_693_034_940,
};
const RECOVERY = {
  ...ALERT,
  df_status: 'ok',
  df_title: '实例名称为 share 磁盘使用率已恢复',
  Result: 41,
  date: 1_693_035_540,
};

/** Resolves to the exit code. */
export const demo = async (env: NodeJS.ProcessEnv): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-demo-'));
  try {
    return await session({ ...env, TOCSIN_CONFIG: CONFIGURATION, TOCSIN_DATA_DIR: folder, PORT: '0' }, async (run) => {
      const { environment, say, signal } = run;
      const dataDir = openDataDir(folder);
      const { secret, apiToken } = secretsOf(environment, dataDir);
      const { temporalCli, retention } = environment;
      const ports = { temporalPort: 0, temporalUiPort: 0 };
      const { server, cluster } = await startLocal({ env, temporalCli, dataDir, ...ports, retention, say, signal });
      run.stopAtEnd(() => server.stop());
      const store = absentStore('there is no store in the demo');
      await runWorker(run, cluster, store, secret, () => undefined);
      const api = await runApi(run, cluster, store, {
        secret,
        apiToken,
        temporalUiUrl: server.uiUrl,
      });
      const seen = await tell(api.url, apiToken, say, signal);
      if (signal.aborted) return;
      say(`\nThe whole of it in the Temporal UI: ${seen}`);
      if (process.stdout.isTTY) {
        say('Ctrl-C ends the demo, and leaves nothing behind.');
        await stopAsked(signal);
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Plays the scenario; resolves to the incident's place in the Temporal UI. */
async function tell(url: string, token: string, say: (line: string) => void, signal: AbortSignal): Promise<string> {
  const call = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  };
  const began = Date.now();
  const line = (at: number, text: string): void => say(`  ${((at - began) / 1_000).toFixed(1).padStart(4)} s  ${text}`);
  const act = (text: string): void => line(Date.now(), `» ${text}`);

  say('\nTwo people on level 1 (4 s), one on level 2; an acknowledgement holds for 3 s.\n');
  act('Guance posts a critical alert');
  const { events } = await call<{ events: { incident: string }[] }>('POST', GUANCE, ALERT);
  const id = events[0]?.incident ?? '';
  const incident = `/v1/incidents/${id}`;
  const acts: readonly [after: string, times: number, text: string, act: () => Promise<unknown>][] = [
    [
      'attemptEnded',
      2,
      'Ana acknowledges, and falls asleep again',
      () => call('POST', `${incident}/acknowledge`, { as: 'ana' }),
    ],
    ['attemptEnded', 5, 'Guance says that the disk has recovered', () => call('POST', GUANCE, RECOVERY)],
  ];
  const told = new Set<string>();
  const pending = [...acts];
  while (!signal.aborted) {
    const { entries } = await call<{ entries: LogEntryView[] }>('GET', `${incident}/timeline`);
    for (const entry of entries.filter((each) => !told.has(each.id))) {
      told.add(entry.id);
      line(Date.parse(entry.at), entry.text);
    }
    const [next] = pending;
    if (next !== undefined && entries.filter(({ type }) => type === next[0]).length >= next[1]) {
      pending.shift();
      await new Promise((resolve) => setTimeout(resolve, 700));
      act(next[2]);
      await next[3]();
    }
    if (entries.some(({ type }) => type === 'resolved')) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { temporalUrl } = await call<{ temporalUrl: string }>('GET', incident);
  return temporalUrl;
}
