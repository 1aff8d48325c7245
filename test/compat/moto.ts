/** Amazon SNS as moto plays it: a server of its own, which delivers to Tocsin. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/temporalServer.ts';
import type { Place, Ran } from './place.ts';

export async function runSns(place: Place): Promise<Ran> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(place.python('moto_server'), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const ended = once(server, 'close');
  try {
    await eventually(
      () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      (answers) => answers,
      60_000,
    );
    return await place.run(place.python('python'), ['test/compat/clients/sns.py'], { COMPAT_MOTO: url });
  } finally {
    server.kill('SIGKILL');
    await ended;
  }
}
