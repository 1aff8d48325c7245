/** What people read, in one language. */
import type { WhyTold } from '../domain/effects.ts';
import type { Language } from '../domain/language.ts';
import type { Truth } from '../domain/truth.ts';

export interface Wording {
  readonly language: Language;
  /** The present truth: "already resolved by Ana Wei at 10:02:11 UTC". What is a sentence already stays one. */
  readonly truth: (truth: Truth | string) => string;
  /** Why somebody is told: "level 2, pass 2: nobody acknowledged in time". */
  readonly why: (why: WhyTold | string) => string;
}
