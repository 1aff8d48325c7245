/** The alerts of an incident that has several, as a message names them. */
import { alertsLine } from '../../activities/notify/alerts.ts';
import { messageOf } from '../../activities/notify/message.ts';
import { PUBLIC_URL, requestWith, SECRET } from './requests.ts';

const more = (count: number): string => `and ${count} more`;

test('as many as fit are named whole, and how many more there are', () => {
  const summaries = ['one of them', 'another', 'the last'];
  expect(alertsLine({ summaries, count: 3 }, more, 500)).toBe('one of them; another; the last');
  expect(alertsLine({ summaries, count: 12 }, more, 500)).toBe('one of them; another; the last; and 9 more');
  expect(alertsLine({ summaries, count: 3 }, more, 25)).toBe('one of them; and 2 more');
  expect(alertsLine({ summaries: ['x'.repeat(900)], count: 1 }, more, 500)).toHaveLength(200);
  expect(alertsLine({ summaries: ['two\nlines'], count: 1 }, more, 500)).toBe('two lines');
});

test('they are the first of a page’s facts; an incident of one alert has none of it', () => {
  const reader = { language: 'en', timezone: 'UTC', secret: SECRET, publicUrl: PUBLIC_URL } as const;
  const firing = { summaries: ['topic orders: lag 5000', 'topic payments: lag 2300'], count: 2 };
  expect(messageOf(requestWith({ firing }), reader).facts[0]).toEqual([
    'Alerts',
    'topic orders: lag 5000; topic payments: lag 2300',
  ]);
  expect(messageOf(requestWith({}), reader).facts[0]?.[0]).toBe('Service');
});
