/** The guides of e-mail, languages and templates: their configurations load, and do what the guides say. */
import { readFileSync } from 'node:fs';
import { createActivities } from '../../activities/index.ts';
import { TEMPLATE_PARTS } from '../../domain/templates.ts';
import { VARIABLE_NAMES } from '../../templating/variables.ts';
import { requestWith, PUBLIC_URL, SECRET } from '../activities/requests.ts';
import { load } from '../config/written.ts';
import { NO_STORE } from '../support/noStore.ts';
import { startSmtpServer } from '../support/smtpServer.ts';

const page = (name: string): string => readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8');
const yamlOf = (name: string): string => /^```yaml\n(.*?)^```/ms.exec(page(name))?.[1] ?? '';
const ENV = {
  PAYMENTS_KEY: '0123456789abcdef0123456789abcdef',
  SMTP_URL: 'smtps://tocsin:p%40ss@mail.example.com:465',
};

test.each(['email', 'languages', 'templates'])('the configuration of the guide %s loads', (name) => {
  expect(load(yamlOf(name), ENV).configuration.services.has('payments')).toBe(true);
});

test('a user without a language has the organization’s', () => {
  const { users } = load(yamlOf('languages')).configuration;
  expect([users.get('ana')?.language, users.get('dee')?.language]).toEqual(['zh-CN', 'de']);
});

test('the templates of the guide make the e-mail that it shows', async () => {
  const server = await startSmtpServer();
  try {
    const { configuration } = load(yamlOf('templates').replace('smtp://127.0.0.1:2525', server.url));
    const { channels } = createActivities({
      configuration: () => configuration,
      secret: SECRET,
      store: NO_STORE,
      publicUrl: PUBLIC_URL,
    });
    const receipt = await channels.email.notify(requestWith({}, { present: 'x' }));
    expect(receipt.failedTemplates).toBeUndefined();
    const { subject, html } = server.mails.at(-1)!;
    expect(subject).toBe('[89abcdef] Payments: disk of db1 is full');
    for (const part of [
      '<h1>disk of db1 is full</h1>',
      '<b>Jetzt: x</b>',
      '>Bestätigen</a>',
      '<p>db1</p>',
      '>Dashboard</a></li>',
    ]) {
      expect(html).toContain(part);
    }
  } finally {
    await server.stop();
  }
});

test('the guide names every channel, part and variable that there is', () => {
  const text = page('templates');
  const parts = Object.entries(TEMPLATE_PARTS).flatMap(([channel, each]) => [channel, ...Object.keys(each)]);
  for (const name of [...parts, ...Object.keys(VARIABLE_NAMES)]) expect(text).toContain(`\`${name}\``);
});
