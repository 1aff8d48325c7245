/** The guide to heartbeats: its configuration is read, and its commands are run by a shell with a real `curl`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Integration } from '../../domain/configuration.ts';
import { API_TOKEN, apiOnStandIns } from '../api/support/standIns.ts';
import { filled, printed } from '../support/guides.ts';
import { configured } from '../support/tocsin.ts';

const KEYS = { CRONS_KEY: 'crons-key-00000000000000', GENIE_KEY: 'genie-key-00000000000000' };

test('its configuration is read, and every command is a beat, or shows, makes or ends one', async () => {
  const [yaml = ''] = printed('heartbeats', 'yaml');
  const read = configured(yaml, KEYS);
  const opsgenie = { id: 'crons-opsgenie', key: KEYS.GENIE_KEY, source: 'opsgenie', service: 'crons' };
  const integrations = new Map<string, Integration>([...read.integrations, [opsgenie.id, opsgenie]]);
  const api = await apiOnStandIns({ configuration: () => ({ ...read, integrations }) });
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const run = async (command: string): Promise<string> => {
    const env = { ...process.env, ...KEYS, TOCSIN_API_TOKEN: API_TOKEN };
    return (await promisify(execFile)('sh', ['-c', filled(command, url, {})], { env })).stdout;
  };
  try {
    const [beat = '', free = '', shown = '', end = '', genie = ''] = printed('heartbeats', 'sh');
    expect(JSON.parse(await run(beat))).toEqual({
      status: 'accepted',
      events: [{ dedupKey: 'heartbeat/backup', outcome: 'accepted' }],
    });
    const [cron = ''] = printed('heartbeats', 'crontab');
    const [, job = ''] = /^(?:\S+ ){5}(.*)$/s.exec(cron) ?? [];
    await run(job.replace('/usr/local/bin/backup', 'true'));
    await expect(run(job.replace('/usr/local/bin/backup', 'false'))).rejects.toThrow('Command failed');
    await run(free);
    expect(api.beats).toEqual(['backup', 'backup', 'nightly-report']);
    const [list = '', one = ''] = shown.trim().split('\n');
    expect(JSON.parse(await run(list))).toMatchObject({
      heartbeats: [
        { id: 'backup', every: '1d1h', grace: '5m', severity: 'critical', origin: 'configuration' },
        { id: 'nightly-report', every: '1d1h', grace: '10m', origin: 'beat' },
      ],
    });
    expect(JSON.parse(await run(one))).toMatchObject({ id: 'backup', status: 'alive' });
    expect(await run(end)).toBe('');
    await run(genie);
    expect(JSON.parse(await run(list)).heartbeats).toMatchObject([
      { id: 'backup' },
      { id: 'db1', integration: 'crons-opsgenie', every: '10m', origin: 'opsgenie', status: 'alive' },
    ]);
  } finally {
    await api.app.close();
  }
});
