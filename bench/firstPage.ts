/**
 * From an accepted event to the first page: a trigger by Events v2, until the SMTP server holds the e-mail. Real server,
 * worker, API and SMTP, all on this machine. `npm run bench [incidents]`. Compare only figures of one run: machines are noisy.
 */
import { startTocsin } from '../test/support/tocsin.ts';

const COUNT = Number(process.argv[2] ?? 50);
const CONFIGURATION = `
users: [{ id: ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }]
escalationPolicies: [{ id: p, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }]
services: [{ id: s, escalationPolicy: p, integrations: [{ source: events-v2, key: bench-events-key-0000000 }] }]
channels: { email: { smtp: '\${SMTP_URL}', from: alerts@example.com } }
`;

const percentile = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);

const tocsin = await startTocsin(CONFIGURATION);
const accepted: number[] = [];
const paged: number[] = [];
for (let i = 0; i < COUNT; i += 1) {
  const key = `bench-${i}-`;
  const began = Date.now();
  await tocsin.event('bench-events-key-0000000', key);
  accepted.push(Date.now() - began);
  const mails = await tocsin.smtp.waitFor((all) => all.some(({ subject }) => subject.includes(key)));
  const mail = mails.find(({ subject }) => subject.includes(key));
  paged.push((mail?.receivedAt ?? Number.NaN) - began);
}
await tocsin.stop();
for (const [what, figures] of Object.entries({ 'event to 202': accepted, 'event to e-mail': paged })) {
  const sorted = figures.toSorted((a, b) => a - b);
  console.log(`${what}: median ${percentile(sorted, 0.5)} ms, p95 ${percentile(sorted, 0.95)} ms, of ${COUNT}`);
}
process.exit(0);
