import type { ChannelHealth, Seen } from '../../domain/channelHealth.ts';
import { UNSEEN, healthAfter } from '../../domain/channelHealth.ts';
import type { ErrorCode } from '../../domain/errors.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Step = readonly [at: number, recipient: string, outcome: 'sent' | ErrorCode];

/** What is said after each attempt. */
function said(...steps: readonly Step[]): readonly (string | null)[] {
  let health: ChannelHealth = UNSEEN;
  return steps.map(([at, recipient, outcome]) => {
    const seen: Seen =
      outcome === 'sent'
        ? { at, recipient, sent: true }
        : { at, recipient, sent: false, code: outcome, detail: 'its answer' };
    const after = healthAfter(health, seen);
    health = after.health;
    return after.word?.word ?? null;
  });
}
const AWAY = 'PROVIDER_UNREACHABLE';
/** A worker's first success, which may end what another worker saw. */
const first: Step = [0, 'ana', 'sent'];

test('a refused login is everybody’s at once', () => {
  expect(said([0, 'ana', 'PROVIDER_LOGIN_REFUSED'])).toEqual(['fails']);
  expect(
    healthAfter(UNSEEN, { at: 7, recipient: 'a', sent: false, code: 'PROVIDER_LOGIN_REFUSED', detail: '535' }).word,
  ).toEqual({ word: 'fails', at: 7, since: 7, attempts: 1, code: 'PROVIDER_LOGIN_REFUSED', detail: '535' });
});

test.each(['PROVIDER_UNREACHABLE', 'PROVIDER_BUSY', 'PROVIDER_SILENT'] as const)(
  '%s of two recipients, over a minute, is everybody’s; of one it takes three',
  (code) => {
    expect(said([0, 'ana', code], [MINUTE - 1, 'bob', code], [MINUTE, 'bob', code])).toEqual([null, null, 'fails']);
    expect(said([0, 'ana', code], [MINUTE, 'bob', code])).toEqual([null, 'fails']);
    expect(said([0, 'ana', code], [MINUTE, 'ana', code], [MINUTE + 1, 'ana', code])).toEqual([null, null, 'fails']);
  },
);

test.each(['ADDRESS_REFUSED', 'CONTACT_GONE', 'PROVIDER_REFUSED', 'INTERNAL'] as const)(
  '%s says nothing of the channel',
  (code) => {
    expect(said([0, 'ana', code], [MINUTE, 'bob', code], [2 * MINUTE, 'cho', code])).toEqual([null, null, null]);
    expect(said([0, 'ana', AWAY], [MINUTE, 'bob', code], [MINUTE, 'bob', AWAY])).toEqual([null, null, 'fails']);
  },
);

test('a success in between begins it anew, and failures an hour apart are not one failing', () => {
  expect(said(first, [1, 'ana', AWAY], [SECOND, 'bob', 'sent'], [MINUTE + 1, 'cho', AWAY])).toEqual([
    'works',
    null,
    null,
    null,
  ]);
  expect(said([0, 'ana', AWAY], [60 * MINUTE, 'bob', AWAY])).toEqual([null, null]);
  expect(said([0, 'ana', AWAY], [60 * MINUTE - 1, 'bob', AWAY])).toEqual([null, 'fails']);
});

test('while it goes on failing that is said once a minute; that it works again, at once', () => {
  const refused = 'PROVIDER_LOGIN_REFUSED';
  expect(
    said(
      [0, 'a', refused],
      [MINUTE - 1, 'b', refused],
      [MINUTE, 'c', refused],
      [MINUTE + 1, 'a', 'sent'],
      [MINUTE + 2, 'a', 'sent'],
    ),
  ).toEqual(['fails', null, 'fails', 'works', null]);
});

test('a success that nobody here had waited for is told once in five minutes: another worker may have said that it fails', () => {
  expect(said(first, [5 * MINUTE - 1, 'ana', 'sent'], [5 * MINUTE, 'ana', 'sent'])).toEqual(['works', null, 'works']);
});
