/** English. */
import { describeLevel } from '../domain/log.ts';
import { REASONS } from '../domain/reasons.ts';
import { sayTruth } from '../domain/report.ts';
import type { Wording } from './wording.ts';

export const en: Wording = {
  language: 'en',
  truth: (truth) => (typeof truth === 'string' ? truth : sayTruth(truth)),
  why(told) {
    if (typeof told === 'string') return told;
    const { level, pass, cause, late } = told;
    const place = level === null ? '' : `${describeLevel(level, pass)}: `;
    return `${place}${REASONS[cause]}${late ? ' (late)' : ''}`;
  },
};
