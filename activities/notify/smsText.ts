/** A text message's whole text, where the provider takes one: one line each of what is wrong, why, how it is now, and how to act. */
import { shortId } from '../../domain/identity.ts';
import type { User } from '../../domain/configuration.ts';
import { cut, oneLine } from '../../domain/text.ts';
import { wordingOf } from '../../wording/index.ts';
import { SMS } from '../../wording/sms.ts';
import type { NotifyRequest } from '../contract.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { plainer, segmentsOf } from './gsm.ts';

/** Whose language, and whose clock. */
export type Reader = Pick<User, 'language' | 'timezone'>;

/** Each part of a message is paid for, and may be lost by itself. Beyond them the summary is cut, as far as it must not be kept. */
const SEGMENTS = 3;
const SUMMARY_LIMIT = 300;
const SUMMARY_KEPT = 60;
const NAME_LIMIT = 30;
const LINE_LIMIT = 80;

/** Of a page. `replies`: whether answers to it are heard. */
export function pageText(
  { incident, why, present }: NotifyRequest,
  { reader, ackUrl, replies }: { readonly reader: Reader; readonly ackUrl: string; readonly replies: boolean },
): string {
  const wording = wordingOf(reader.language);
  const now = present === null ? [] : [wording.line(wording.labels.now, line(wording.truth(present, reader.timezone)))];
  const after = [line(wording.why(why)), ...now, ackUrl, ...(replies ? [SMS[reader.language].reply] : [])];
  return fitted(incident.summary, (summary) => [`${headOf(incident, incident.service.name)} ${summary}`, ...after]);
}

/** Of a notice: what changed, and of what. */
export const noticeText = (
  { incident, service }: Pick<NoticeRequest, 'incident' | 'service'>,
  change: string,
): string => fitted(incident.summary, (summary) => [`${headOf(incident, service.name)} ${line(change)}`, summary]);

/** `[#12] Payments:`. */
const headOf = (incident: { readonly id: string; readonly number: number | null }, service: string): string =>
  `[${nameOf(incident)}] ${cut(oneLine(service), NAME_LIMIT)}:`;

/** `#12`, or while there is no number the last 8 characters of the id. */
export const nameOf = ({ id, number }: { readonly id: string; readonly number: number | null }): string =>
  number === null ? shortId(id) : `#${number}`;

const line = (text: string, limit = LINE_LIMIT): string => cut(oneLine(text), limit);

/** With as much of the summary as the segments leave room for. */
function fitted(summary: string, linesWith: (summary: string) => readonly string[]): string {
  const textWith = (limit: number): string => plainer(linesWith(line(summary, limit)).join('\n'));
  let limit = SUMMARY_LIMIT;
  while (limit > SUMMARY_KEPT && segmentsOf(textWith(limit)) > SEGMENTS) limit -= 10;
  return textWith(limit);
}
