// Preloaded (`node --import`) into a process with an IPC channel: asked `'scripts'`, it answers with the addresses of all that V8
// has loaded, by whichever loader; told `{load}`, it loads those first.
import { Session } from 'node:inspector';

async function answer(asked) {
  if (asked !== 'scripts') await Promise.all(asked.load.map((name) => import(name)));
  const scripts = [];
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.push(params.url));
  session.post('Debugger.enable');
  session.disconnect();
  process.send(scripts);
}

process.on('message', (asked) => void answer(asked));
// Threads preload it, too, and have no channel.
process.channel?.unref();
