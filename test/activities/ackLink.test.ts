import { createHmac } from 'node:crypto';
import { days } from '../../domain/duration.ts';
import { readAckLink, signAckLink } from '../../links/ackLink.ts';
import { INCIDENT, SECRET } from './requests.ts';

const NOW = Date.parse('2026-12-01T10:00:00Z');
const LINK = { incident: INCIDENT, notification: 'n3', user: 'ana', expiresAt: NOW + days(7) };
const TOKEN = signAckLink(SECRET, LINK);

const other = (character: string): string => (character === 'A' ? 'B' : 'A');

test('a signed link says again which incident, notification and user it is for, and can stand in a URL as it is', () => {
  expect(readAckLink(SECRET, TOKEN, NOW)).toEqual({ ok: true, link: LINK });
  expect(TOKEN).toMatch(/^[A-Za-z0-9._-]+$/);
  expect(encodeURIComponent(TOKEN)).toBe(TOKEN);
});

test('the same link gives the same token, so that every attempt of a notification carries the same one', () => {
  expect(signAckLink(SECRET, { ...LINK })).toBe(TOKEN);
});

test('a link is valid up to the last millisecond before it expires, and no longer', () => {
  expect(readAckLink(SECRET, TOKEN, LINK.expiresAt - 1).ok).toBe(true);
  expect(readAckLink(SECRET, TOKEN, LINK.expiresAt)).toEqual({ ok: false, code: 'LINK_EXPIRED' });
});

test('a link with any one character changed, left out or added is invalid', () => {
  for (let place = 0; place < TOKEN.length; place++) {
    const before = TOKEN.slice(0, place);
    const after = TOKEN.slice(place + 1);
    for (const changed of [
      before + other(TOKEN.charAt(place)) + after,
      before + after,
      `${before}A${TOKEN.slice(place)}`,
    ]) {
      if (changed !== TOKEN) expect(readAckLink(SECRET, changed, NOW)).toEqual({ ok: false, code: 'LINK_INVALID' });
    }
  }
});

test('the last character of a signature has spare bits: none of its other spellings is taken', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const taken = Array.from(alphabet).filter((last) => readAckLink(SECRET, TOKEN.slice(0, -1) + last, NOW).ok);
  expect(taken).toEqual([TOKEN.at(-1)]);
});

test('the payload of one link under the signature of another is invalid', () => {
  const other = signAckLink(SECRET, { ...LINK, incident: `${INCIDENT.slice(0, -1)}0` });
  const [version, payload] = other.split('.');
  const swapped = `${version}.${payload}.${TOKEN.split('.')[2]}`;
  expect(readAckLink(SECRET, swapped, NOW)).toEqual({ ok: false, code: 'LINK_INVALID' });
});

test('an expired link that was tampered with is invalid, not expired', () => {
  expect(readAckLink(SECRET, `${TOKEN}x`, LINK.expiresAt + 1)).toEqual({ ok: false, code: 'LINK_INVALID' });
});

test('another secret, and the secret itself used as the key, make no valid link', () => {
  const payload = TOKEN.split('.')[1] ?? '';
  const bare = createHmac('sha256', SECRET).update(payload).digest('base64url');
  expect(readAckLink('another secret', TOKEN, NOW).ok).toBe(false);
  expect(readAckLink(SECRET, `v1.${payload}.${bare}`, NOW).ok).toBe(false);
});

test.each(['', '.', '..', 'v1..', 'v2.a.b', 'v1.a', 'null', '%00', '🚨', `v1.${'A'.repeat(100_000)}.x`])(
  'text that is no link at all is invalid: %.40s',
  (text) => {
    expect(readAckLink(SECRET, text, NOW)).toEqual({ ok: false, code: 'LINK_INVALID' });
  },
);
