import { ApplicationFailureCategory } from '@temporalio/common';
import { retryable, terminal, unknown } from '../../activities/errors.ts';
import { seconds } from '../../domain/duration.ts';

test('a failure tells the workflow its kind, its code and its detail, and is never repeated by Temporal itself', () => {
  const failures = [terminal, retryable, unknown].map((make) => make('PROVIDER_BUSY', 'come back later'));
  expect(failures.map(({ type }) => type)).toEqual(['terminal', 'retryable', 'unknown']);
  for (const failure of failures) {
    expect(failure.details).toEqual(['PROVIDER_BUSY', 'come back later']);
    expect(failure.nonRetryable).toBe(true);
    expect(failure.category).toBe(ApplicationFailureCategory.BENIGN);
  }
});

test('a retryable failure carries how long the provider asked to wait, in milliseconds', () => {
  expect(retryable('PROVIDER_BUSY', 'wait', { after: seconds(30) }).details).toEqual(['PROVIDER_BUSY', 'wait', 30_000]);
});

test('a detail is cut to 500 characters, without cutting one in two', () => {
  const [, detail] = terminal('PROVIDER_REFUSED', '🚨'.repeat(600)).details ?? [];
  expect(Array.from(String(detail))).toHaveLength(500);
  expect(String(detail)).toBe(`${'🚨'.repeat(499)}…`);
});

test('a login in a URL is left out of detail and message', () => {
  const failure = retryable('PROVIDER_UNREACHABLE', 'smtp://tocsin:p%40ss@mail.example.com:587 is down');
  expect(failure.details?.[1]).toBe('smtp://***@mail.example.com:587 is down');
  expect(failure.message).not.toContain('p%40ss');
});
