/** What is asked at once goes together. */
import { TooSlow } from '../../intake/temporalErrors.ts';
import { together } from '../../intake/together.ts';

/** A call that ends when it is told to, and remembers what it was asked. */
function calls() {
  const asked: (readonly number[])[] = [];
  const ends: { answer(answers?: readonly (string | Error)[]): void; fail(error: Error): void }[] = [];
  const ask = together<number, string>(
    (items) =>
      new Promise((resolve, reject) => {
        asked.push(items);
        ends.push({ answer: (answers = items.map(String)) => resolve(answers), fail: reject });
      }),
    3,
  );
  const tick = () => new Promise((resolve) => setImmediate(resolve));
  return { asked, ends, ask, tick };
}

test('[L2.10] what comes while a call is on its way goes together in the next, at most so many, each with its own answer', async () => {
  const { asked, ends, ask, tick } = calls();
  const first = [ask(1), ask(2)];
  await tick();
  const later = [3, 4, 5, 6].map(ask);
  await tick();
  expect(asked).toEqual([[1, 2]]);
  ends[0]!.answer();
  expect(await Promise.all(first)).toEqual(['1', '2']);
  await tick();
  expect(asked).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  ends[1]!.answer(['3', new Error('not four'), '5']);
  await tick();
  ends[2]!.answer();
  expect(
    (await Promise.allSettled(later)).map((each) => (each.status === 'fulfilled' ? each.value : each.reason)),
  ).toEqual(['3', new Error('not four'), '5', '6']);
  const last = ask(7);
  await tick();
  ends[3]!.answer();
  expect(await last).toBe('7');
});

test.each([
  ['what is wrong with a call is not the fault of those behind', new Error('wrong'), 'later'],
  ['with Temporal away those behind fail with it', new TooSlow('away'), 'at once'],
])('[L2.9] %s', async (_what, error, when) => {
  const { asked, ends, ask, tick } = calls();
  const one = ask(1);
  await tick();
  const behind = ask(2);
  ends[0]!.fail(error);
  await expect(one).rejects.toBe(error);
  if (when === 'at once') {
    await expect(behind).rejects.toBe(error);
    expect(asked).toEqual([[1]]);
  } else {
    await tick();
    ends[1]!.answer();
    expect(await behind).toBe('2');
  }
});
