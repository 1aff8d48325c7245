/** The text as it was sent is kept, without what would let its reader act. */
import { createActivities } from '../../activities/index.ts';
import type { Store } from '../../store/store.ts';
import { absentStore } from '../../store/absent.ts';
import { openedStore } from '../support/preparedStore.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import type { SmtpServer } from '../support/smtpServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import { eventually } from '../support/tocsin.ts';
import type { WecomRobot } from '../support/wecomRobot.ts';
import { startWecomRobot } from '../support/wecomRobot.ts';
import { configured, failureOf, INCIDENT, pageByWebhook, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let smtp: SmtpServer;
let hook: HttpServer;
let robot: WecomRobot;
let store: Store;
beforeAll(async () => {
  [smtp, hook, robot, store] = await Promise.all([
    startSmtpServer(),
    startHttpServer(),
    startWecomRobot(),
    openedStore(),
  ]);
});
afterAll(() => Promise.all([smtp.stop(), hook.stop(), robot.stop(), store.close()]));

const printed: string[] = [];
const channels = (with_ = store) =>
  createActivities({
    configuration: () =>
      configured({
        email: { smtp: smtp.url, from: 'Tocsin <alerts@example.com>' },
        webhook: {
          bus: { url: hook.url, secret: `whsec_${Buffer.alloc(32, 5).toString('base64')}`, allowPrivate: true },
        },
        wecom: { ops: { url: robot.url } },
      }),
    secret: SECRET,
    store: with_,
    publicUrl: PUBLIC_URL,
    print: (line) => printed.push(line),
  }).channels;

const keptOf = async (notification: string) => (await store.texts(INCIDENT, [notification])).get(notification);
const kept = (notification: string) =>
  eventually(
    () => keptOf(notification),
    (text) => text !== undefined,
  );
/** What went out, with the token of its link taken out. */
const without = (text: string): string => text.replaceAll(/\/ack\/v1\.[\w.-]+/g, '/ack/***');

test('of an e-mail, its subject and text', async () => {
  await channels().email.notify(requestWith({}, { notification: 'n1' }));
  const [mail] = smtp.mails;
  const text = await kept('n1');
  expect(text?.trimEnd()).toBe(`Subject: ${mail!.subject}\n\n${without(mail!.text).trimEnd()}`);
  expect(text).toContain(`${PUBLIC_URL}/ack/***`);
});

test('of a webhook, its body', async () => {
  await channels().webhook.notify({ ...pageByWebhook(), notification: 'n2' });
  expect(await kept('n2')).toBe(without(hook.requests[0]!.body));
  expect(await kept('n2')).toContain(`${PUBLIC_URL}/ack/***`);
});

test('of a WeCom robot, its content', async () => {
  await channels().wecom.notify(requestWith({}, { notification: 'n3', contact: 'group' }));
  expect(await kept('n3')).toBe(without(robot.messages[0]!));
});

test('of the console, its lines', async () => {
  await channels().console.notify(requestWith({}, { notification: 'n4', contact: 'term' }));
  expect(await kept('n4')).toBe(without(printed.slice(1).join('\n').replaceAll(/^ {3}/gm, '')));
});

test('nothing is kept of what was not sent', async () => {
  hook.answer('/', { status: 400 });
  await failureOf(channels().webhook.notify({ ...pageByWebhook(), notification: 'n5' }));
  hook.answer('/', {});
  await channels().console.notify(requestWith({}, { notification: 'n6', contact: 'term' }));
  await kept('n6');
  expect(await keptOf('n5')).toBeUndefined();
});

test('a page neither fails nor waits where the store does', async () => {
  const away = absentStore('the store is away');
  const silent: Store = { ...away, keepText: () => new Promise(() => undefined) };
  for (const without of [away, silent]) {
    const receipt = await channels(without).console.notify(requestWith({}, { contact: 'term' }));
    expect(receipt).toEqual({});
  }
});
