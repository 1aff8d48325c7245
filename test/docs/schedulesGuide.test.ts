/** The guide to schedules: its configuration loads, and gives the shifts that its table shows. */
import { readFileSync } from 'node:fs';
import { shifts } from '../../domain/onCall.ts';
import type { Instant } from '../../domain/duration.ts';
import { load } from '../config/written.ts';
import { printed } from '../support/guides.ts';

const GUIDE = readFileSync(new URL('../../docs/guides/schedules.md', import.meta.url), 'utf8');
/** What the guide leaves out: who is told by the schedule. */
const REST = `
escalationPolicies: [{ id: main, levels: [{ targets: ['schedule:primary'], escalateAfter: 5m }] }]
services: [{ id: shop, escalationPolicy: main, integrations: [{ key: 0123456789abcdef0123456789abcdef, source: guance }] }]
`;

/** The rows of a table whose last column is a number. */
const ROWS = [...GUIDE.matchAll(/^\| (.+?) +\| (.+?) +\| (.+?) +\| (\d) +\|$/gm)].map(([, ...cells]) => cells);

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

function shown(at: Instant): string {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const [weekday, day, month, hour, minute] = ['weekday', 'day', 'month', 'hour', 'minute'].map((type) =>
    parts.get(type as Intl.DateTimeFormatPartTypes),
  );
  return `${weekday} ${day} ${month}, ${hour}:${minute}`;
}

test('the two weeks of its table are what its configuration gives', () => {
  const [yaml = '', ...others] = printed('schedules', 'yaml');
  expect(others).toEqual([]);
  const { schedules, users } = load(`${yaml}${REST}`).configuration;
  const given = shifts(
    schedules.get('primary')!,
    users,
    Date.parse('2026-03-23T09:00:00+01:00'),
    Date.parse('2026-04-06T09:00:00+02:00'),
  );
  expect(ROWS.length).toBeGreaterThan(15);
  expect(
    given.map(({ user, layer, start, end }) => [shown(start), shown(end), users.get(user!)?.name, String(layer)]),
  ).toEqual(ROWS);
});
