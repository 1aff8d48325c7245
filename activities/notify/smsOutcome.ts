/** What came of one text message to one or several numbers, whoever carried it. */
import type { ApplicationFailure } from '@temporalio/common';
import { maskedNumber } from '../../domain/phone.ts';
import type { NotifyReceipt } from '../contract.ts';

/** One number's own: the provider's receipt, or why it has none. */
export type NumberOutcome =
  | { readonly number: string; readonly receipt: NotifyReceipt }
  | { readonly number: string; readonly failure: ApplicationFailure };

/**
 * One receipt of all. Some failed: it is sent, and says which are not, for to send again would tell the others twice. All
 * failed: throws what leaves most hope, `unknown` before `retryable` before `terminal`.
 */
export function receiptOf(outcomes: readonly NumberOutcome[]): NotifyReceipt {
  const failed = outcomes.flatMap((each) => ('failure' in each ? [each] : []));
  const sent = outcomes.flatMap((each) => ('receipt' in each ? [each.receipt] : []));
  const [first] = sent;
  if (first === undefined) throw foremost(failed.map(({ failure }) => failure));
  if (outcomes.length === 1) return first;
  const missed = failed.map(({ number, failure }) => `${maskedNumber(number)}: ${failure.message}`);
  return { detail: [`${sent.length} of ${outcomes.length} numbers`, ...missed].join('; ') };
}

const HOPE = ['unknown', 'retryable', 'terminal'] as const;

const foremost = (failures: readonly ApplicationFailure[]): ApplicationFailure | undefined =>
  failures.toSorted((one, other) => hopeOf(one) - hopeOf(other))[0];

const hopeOf = ({ type }: ApplicationFailure): number => HOPE.findIndex((each) => each === type);

/** The text of a provider without the numbers, which are people's and belong into no history. */
export const withoutNumbers = (text: string, numbers: readonly string[]): string =>
  numbers.reduce((rest, number) => rest.replaceAll(number, maskedNumber(number)), text);
