/** Waiting for what takes its time. */

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until the answer satisfies, and returns it; throws with the last one after `within` milliseconds. */
export async function eventually<T>(
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
  within = 40_000,
): Promise<T> {
  const last = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > last) throw new Error(`still not after ${within} ms: ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}
