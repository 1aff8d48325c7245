/** What people read, by the language that they are told in. */
import type { Language } from '../domain/language.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { ko } from './ko.ts';
import type { Wording } from './wording.ts';
import { zhCN } from './zh-CN.ts';

const WORDINGS: Readonly<Record<Language, Wording>> = { en, 'zh-CN': zhCN, ja, ko, de };

export const wordingOf = (language: Language): Wording => WORDINGS[language];
