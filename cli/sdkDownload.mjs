// Downloads the temporal binary of a version into a folder, as the Temporal SDK does it for its tests:
//   node sdkDownload.mjs <folder> <version>
// The SDK downloads only on the way to starting a server, so one is started, in memory, and stopped. In a process of its
// own: it can be ended when it takes too long, and leaves nothing of the SDK's runtime in Tocsin's process.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Runtime } from '@temporalio/worker';

const [, , folder, version] = process.argv;
const { version: sdkVersion } = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@temporalio/worker/package.json'), 'utf8'),
);

try {
  const server = await Runtime.instance().createEphemeralServer({
    type: 'dev-server',
    exe: {
      type: 'cached-download',
      downloadDir: folder,
      version: `v${version}`,
      ttl: 86_400_000,
      sdkName: 'sdk-typescript',
      sdkVersion,
    },
    ip: '127.0.0.1',
    port: null,
    ui: false,
    uiPort: null,
    namespace: 'default',
    dbFilename: null,
    log: { format: 'pretty', level: 'error' },
    extraArgs: [],
  });
  await Runtime.instance().shutdownEphemeralServer(server);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
