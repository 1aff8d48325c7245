import { isUnavailable } from './temporalErrors.ts';

/**
 * One call at a time; what is asked meanwhile goes together in the next. `most`: of one call. A call answers each of what
 * it was asked, in order, with an error where that one fails; where it throws, all of them fail, and with Temporal away
 * those behind them, too, for they would each wait for as long.
 */
export function together<Item, Answer>(
  call: (items: readonly Item[]) => Promise<readonly (Answer | Error)[]>,
  most: number,
): (item: Item) => Promise<Answer> {
  const waiting: { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = [];
  let calling = false;

  async function drain(): Promise<void> {
    calling = true;
    // What is asked in one go is waited for.
    await Promise.resolve();
    while (waiting.length > 0) {
      const taken = waiting.splice(0, most);
      try {
        const answers = await call(taken.map(({ item }) => item));
        taken.forEach(({ resolve, reject }, index) => {
          const answer = answers[index];
          if (answer instanceof Error) reject(answer);
          else resolve(answer as Answer);
        });
      } catch (error) {
        if (isUnavailable(error)) taken.push(...waiting.splice(0));
        taken.forEach(({ reject }) => reject(error));
      }
    }
    calling = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!calling) void drain();
    });
}
