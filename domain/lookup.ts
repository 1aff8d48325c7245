import type { Configuration, EscalationPolicy } from './configuration.ts';
import type { Instant } from './duration.ts';
import type { Answer, Question } from './question.ts';

export declare function answer(
  configuration: Configuration,
  policy: EscalationPolicy,
  question: Question,
  at: Instant,
): Answer;
