/** The one place where an error becomes what a person reads, and an exit code. */
import { ERRORS, TocsinError } from '../domain/errors.ts';

const EXIT_OURS = 1;
/** EX_SOFTWARE of sysexits.h: a fault of the program, not of what it was given. */
const EXIT_UNEXPECTED = 70;

/** 1 for an error with a code, 70 for a fault of Tocsin's own. */
export const exitCodeOf = (error: unknown): number => (error instanceof TocsinError ? EXIT_OURS : EXIT_UNEXPECTED);

/** Writes it to standard error; returns its exit code. */
export function report(error: unknown): number {
  const text =
    error instanceof TocsinError
      ? `${ERRORS[error.code].title} (${error.code}).\n${error.message}`
      : `Tocsin failed unexpectedly. Please report this:\n${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`\n${text}\n`);
  return exitCodeOf(error);
}
