/** What a call says, in the language of who is called, and bounded: nobody listens to a thousand characters. */
import type { Severity } from '../domain/event.ts';
import type { Language } from '../domain/language.ts';
import { cut, oneLine } from '../domain/text.ts';
import type { Truth } from '../domain/truth.ts';
import { VOICE } from '../wording/voice.ts';
import { wordingOf } from '../wording/index.ts';

/** Something to be read aloud: sentences, one after the other. */
export type Spoken = readonly string[];

export interface Reader {
  readonly language: Language;
  readonly timezone: string;
}

export interface SpokenIncident {
  readonly service: string;
  readonly summary: string;
  readonly severity: Severity | null;
  readonly drill: boolean;
  /** The present state, where it is to be told. */
  readonly truth: Truth | string | null;
}

/** What is broken, and how it is now. Of each text at most `limit` characters are read. */
export function spokenIncident(
  { service, summary, severity, drill, truth }: SpokenIncident,
  { language, timezone }: Reader,
  limit: number,
): Spoken {
  const voice = VOICE[language];
  const serious = severity === null || severity === 'critical' || severity === 'error';
  const title = readable(summary, limit);
  return [
    ...(drill ? [voice.drill] : []),
    voice.problem(readable(service, limit), serious),
    ...(title === '' ? [] : [voice.title(title)]),
    ...(truth === null ? [] : [voice.now(readable(wordingOf(language).truth(truth, timezone), limit))]),
  ];
}

/** Text of others, for reading aloud and for XML: on one line, without what XML 1.0 (§2.2) cannot hold. */
export const readable = (text: string, limit: number): string =>
  cut(oneLine(text).replaceAll(/[\u{FFFE}\u{FFFF}]/gu, '\u{FFFD}'), limit);
