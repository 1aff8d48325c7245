/** What people read, by the language that they are told in. */
import type { Language } from '../domain/language.ts';
import { en } from './en.ts';
import type { Wording } from './wording.ts';

const WORDINGS: Readonly<Partial<Record<Language, Wording>>> = { en };

export const wordingOf = (language: Language): Wording => WORDINGS[language] ?? en;
