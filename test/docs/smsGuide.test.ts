/** The guide of text messages does what it says: its configurations load, and its replies are understood. */
import { readFileSync } from 'node:fs';
import { readReply } from '../../api/callbacks/smsReply.ts';
import { load } from '../config/written.ts';

const GUIDE = readFileSync(new URL('../../docs/guides/sms.md', import.meta.url), 'utf8');
const [whole = '', ...others] = [...GUIDE.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, block = '']) => block);
const ENV = {
  PAYMENTS_KEY: '0123456789abcdef0123456789abcdef',
  TWILIO_ACCOUNT_SID: 'AC1',
  TWILIO_AUTH_TOKEN: 't',
  TENCENT_SECRET_ID: 'i',
  TENCENT_SECRET_KEY: 'k',
  TENCENT_APP_KEY: 'a',
};

test('the configuration of the guide loads', () => {
  const { services, channels } = load(whole, ENV).configuration;
  expect(services.get('payments')?.subscribers).toEqual([{ channel: 'sms', endpoint: 'managers' }]);
  expect(channels.sms).toMatchObject({ provider: 'twilio' });
});

test('so do those of Tencent Cloud in its place', () => {
  const [rest = ''] = whole.split(/^channels:/m);
  const carried = others.map((channels) => {
    const text = `${rest.replace(/^.*subscribers:.*\n/m, '')}${channels}`;
    return load(text, ENV).configuration.channels.sms;
  });
  expect(carried).toMatchObject([
    { provider: 'tencent', api: 'v3', params: ['{{ service.name }}', '{{ incident.number }}', '{{ status }}'] },
    { provider: 'tencent', api: 'legacy' },
  ]);
});

test('each reply of the guide does what stands beside it', () => {
  const rows = [...GUIDE.matchAll(/^\| (`[^|]*`) +\| (acknowledge|resolve|escalate) +\|$/gm)];
  expect(rows).toHaveLength(3);
  for (const [, words = '', action] of rows) {
    for (const [, word = ''] of words.matchAll(/`([^`]+)`/g)) {
      expect(readReply(word)).toEqual({ action, number: null });
      expect(readReply(`${word} 12`)).toEqual({ action, number: 12 });
    }
  }
});
