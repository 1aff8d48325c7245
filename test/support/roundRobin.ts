/** Turns as the store gives them (store/roundRobin.ts), for lives without one. */
export function turns(): (key: string, available: readonly number[]) => number {
  const last = new Map<string, number>();
  return (key, available) => {
    const after = available.find((place) => place > (last.get(key) ?? -1)) ?? available[0] ?? 0;
    last.set(key, after);
    return after;
  };
}
