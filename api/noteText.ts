/** What somebody wrote into an incident's timeline. */
import type { LogEntryView } from '../domain/view.ts';

/** As the timeline has them (domain/telling.ts). */
const WORDS: Readonly<Record<string, string>> = { noted: ' noted: ', statusUpdated: ' gave a status update: ' };

export const isNote = ({ type }: LogEntryView): boolean => Object.hasOwn(WORDS, type);

/** A note or a status update without who left it, which is the entry's actor; of any other entry all of its text. */
export function noteText({ type, text, actor }: LogEntryView): string {
  const word = WORDS[type];
  if (word === undefined) return text;
  // Behind who said it: a name may hold the word, too.
  const place = text.indexOf(word, (actor.name ?? '').length + (actor.via ?? '').length);
  return place < 0 ? text : text.slice(place + word.length);
}
