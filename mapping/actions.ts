/** What becomes of an alert, as programs write it. */
import type { EventAction } from '../domain/event.ts';

/** By the word in lower case; any other is refused, for it must not be guessed whether an alert is over. */
export const ACTION_WORDS: ReadonlyMap<string, EventAction> = new Map(
  (
    [
      ['trigger', 'trigger triggered alert alerting firing open opened problem down failed failing'],
      ['acknowledge', 'acknowledge acknowledged ack'],
      ['resolve', 'resolve resolved recovery recovered ok up normal close closed inactive'],
    ] as const
  ).flatMap(([action, words]) => words.split(' ').map((word) => [word, action] as const)),
);
