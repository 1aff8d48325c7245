/** Many calls to Temporal for one request. */

/** Under way at once: with no worker to take any, 250 commands are answered within half a minute. */
const AT_ONCE = 50;

/** What comes of each, in their order; `atOnce` of them at a time. `work` does not reject. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce = AT_ONCE,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const lane = async (): Promise<void> => {
    for (const [place, item] of left) results[place] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}
