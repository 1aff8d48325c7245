/** A text message's whole text, where the provider takes one: one line each of what is wrong, why, how it is now, and how to act. */
import { shortId } from '../../domain/identity.ts';
import { cut, oneLine } from '../../domain/text.ts';
import { SMS } from '../../wording/sms.ts';
import type { NotifyRequest } from '../contract.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import type { Wording } from '../../wording/wording.ts';
import { alertsLine } from './alerts.ts';
import { plainer, segmentsOf } from './gsm.ts';
import type { Message } from './message.ts';

/** Each part of a message is paid for, and may be lost by itself. Beyond them the summary is cut, as far as it must not be kept. */
const SEGMENTS = 3;
const SUMMARY_LIMIT = 300;
const SUMMARY_KEPT = 60;
const NAME_LIMIT = 30;
const LINE_LIMIT = 80;

/** Of a page. */
export function pageText({ incident, why }: NotifyRequest, { wording, summary, present, ackUrl }: Message): string {
  const { language, labels } = wording;
  const now = present === null ? [] : [wording.line(labels.now, line(present))];
  const after = [line(wording.why(why)), ...now, ackUrl ?? '', SMS[language].reply];
  const { firing } = incident;
  const said = firing === undefined ? summary : severalText(summary, firing, wording);
  return fitted(said, (shown) => [`${headOf(incident, incident.service.name)} ${shown}`, ...after]);
}

/** The summary is that of one of them. */
function severalText(
  summary: string,
  { summaries, count }: NonNullable<NotifyRequest['incident']['firing']>,
  { page }: Wording,
): string {
  const others = summaries.filter((each) => !summary.includes(oneLine(each)));
  const left = count - summaries.length + others.length;
  return left === 0
    ? summary
    : `${summary}; ${alertsLine({ summaries: others, count: left }, page.more, SUMMARY_LIMIT)}`;
}

/** Of a notice: what changed, and of what, where the change does not say it. */
export function noticeText({ incident, service }: NoticeRequest, { summary }: Message): string {
  const head = headOf(incident, service.name);
  if (summary.includes(oneLine(incident.summary))) return fitted(summary, (shown) => [`${head} ${shown}`]);
  return fitted(incident.summary, (shown) => [`${head} ${line(summary)}`, shown]);
}

/** `[#12] Payments:`, or while there is no number the last 8 characters of the id. */
const headOf = ({ id, number }: { readonly id: string; readonly number: number | null }, service: string): string =>
  `[${number === null ? shortId(id) : `#${number}`}] ${cut(oneLine(service), NAME_LIMIT)}:`;

const line = (text: string, limit = LINE_LIMIT): string => cut(oneLine(text), limit);

/** With as much of the summary as the segments leave room for. */
function fitted(summary: string, linesWith: (summary: string) => readonly string[]): string {
  const textWith = (limit: number): string => plainer(linesWith(line(summary, limit)).join('\n'));
  let limit = SUMMARY_LIMIT;
  while (limit > SUMMARY_KEPT && segmentsOf(textWith(limit)) > SEGMENTS) limit -= 10;
  return textWith(limit);
}
