/** A drill is told from an incident wherever its summary stands. */
import type { Wording } from './wording.ts';

/** `DRILL: ` and the text, where the incident is one. */
export const marked = (
  { drill }: { readonly summary: string; readonly drill?: boolean },
  text: string,
  { line, labels }: Wording,
): string => (drill === true ? line(labels.drill, text) : text);
