/** What Temporal's refusals are told as, by their gRPC status (grpc.io/docs/guides/status-codes). */
import { asUnavailable } from '../../intake/temporalErrors.ts';

const failure = (code: number): Error => Object.assign(new Error(`${code}`), { code, details: '', metadata: {} });

test.each([
  ['a key that has expired', 16],
  ['a namespace that this key may not use', 7],
])('%s is no fault of the request: it is told to come again, and what to check', (_what, code) => {
  expect(asUnavailable(failure(code))).toMatchObject({
    code: 'TEMPORAL_UNAVAILABLE',
    message: expect.stringContaining('TEMPORAL_API_KEY'),
  });
});

test.each([1, 2, 4, 8, 10, 14])('status %i is one of a server that cannot just now', (code) => {
  expect(asUnavailable(failure(code))).toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
});

test('what is neither stays what it is', () => {
  const error = failure(3);
  expect(asUnavailable(error)).toBe(error);
});
