/** Sensu's pipe handler, which gets the event on standard input: the guide's own command, run by a shell with a real `curl`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { block, filled } from '../support/guides.ts';
import { type Tocsin, eventually, sleep, startTocsin } from '../support/tocsin.ts';

const KEY = 'a-sensu-key-00000000000';
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/sensu-${name}.json`, import.meta.url));

interface Handler {
  readonly command: string;
}
const CORE = (JSON.parse(block('sensu', 'json', 'handlers')) as { handlers: { tocsin: Handler } }).handlers.tocsin;
const GO = (parse(block('sensu', 'yaml', 'api_version')) as { spec: Handler }).spec;

describe("Sensu's pipe handler", () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(block('sensu', 'yaml', 'services'), { env: { SENSU_KEY: KEY } });
  });
  afterAll(() => tocsin?.stop());

  /** Runs the command as Sensu does, the event on its standard input; what it says, and how it ends. */
  async function pipe({ command }: Handler, event: string, key = KEY): Promise<{ exit: number; said: string }> {
    const handler = spawn('sh', ['-c', filled(command, tocsin.url, { SENSU_KEY: key })]);
    let said = '';
    for (const out of [handler.stdout, handler.stderr])
      out.setEncoding('utf8').on('data', (part: string) => (said += part));
    handler.stdin.end(readFileSync(fixture(event)));
    const [exit] = (await once(handler, 'close')) as [number];
    return { exit, said };
  }

  it.each([
    ['Core', CORE, 'core-create', 'core-resolve', 'client-01/keepalive'],
    ['Go', GO, 'go-failing', 'go-passing-wrapped', 'default/sensu-centos/check_cpu'],
  ])(
    'of Sensu %s opens an incident, tells one person once, and resolves it',
    async (_name, handler, opens, resolves, key) => {
      const before = tocsin.smtp.mails.length;
      for (let times = 0; times < 3; times++) expect((await pipe(handler, opens)).exit).toBe(0);
      const { id, severity, summary } = await tocsin.incident(key);
      expect(severity).toBe('critical');
      await tocsin.smtp.waitFor((mails) => mails.length > before);
      await eventually(
        () => tocsin.read(id),
        ({ eventCount }) => eventCount === 3,
      );
      const { exit, said } = await pipe(handler, resolves);
      expect([exit, JSON.parse(said)]).toEqual([
        0,
        { status: 'accepted', events: [expect.objectContaining({ incident: id })] },
      ]);
      await eventually(
        () => tocsin.read(id),
        ({ status }) => status === 'resolved',
      );
      await sleep(500);
      expect(tocsin.smtp.mails.slice(before).map(({ subject }) => subject.includes(summary))).toEqual([true]);
    },
  );

  it('fails where Tocsin refuses, so that Sensu logs it', async () => {
    const { exit, said } = await pipe(CORE, 'core-create', 'a-wrong-key-0000000000');
    expect(exit).toBe(22);
    expect(said).toContain('404');
  });
});
