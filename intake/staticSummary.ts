/** The line that the Temporal UI shows of a workflow that is started. */
import { oneLine } from '../domain/text.ts';
import { cutToBytes } from '../workflows/searchAttributes.ts';

/** Bytes; the server refuses more than 400. */
const MAX_STATIC_SUMMARY = 200;

export const staticSummaryOf = (text: string): string => cutToBytes(oneLine(text), MAX_STATIC_SUMMARY);
