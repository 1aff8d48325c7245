/** What the channels of other systems that hold incidents (PagerDuty, Opsgenie) share: what they are told of one, and what is asked before it is repeated. */
import { ApplicationFailure } from '@temporalio/common';
import { seconds } from '../../domain/duration.ts';
import type { Link, Severity } from '../../domain/event.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import type { Origin } from '../../domain/origin.ts';
import { cut, harmless, oneLine, webAddress } from '../../domain/text.ts';
import type { Wording } from '../../wording/wording.ts';
import type { NotifyReceipt, NotifyRequest } from '../contract.ts';
import { CALL_TIMEOUT } from './http.ts';
import type { messageOf } from './message.ts';
import { marked } from '../../wording/drill.ts';

/** Of a page and of a notice alike. */
export interface Reported {
  readonly id: string;
  readonly number: number | null;
  readonly summary: string;
  /** An alert without a severity counts as an error (lifecycle §8). */
  readonly severity: Severity;
  readonly details: Readonly<Record<string, unknown>>;
  /** Web addresses alone; the first of them is the source's own page. */
  readonly links: readonly Link[];
  readonly service: { readonly id: string; readonly name: string; readonly runbook?: string };
  /** ISO 8601. */
  readonly createdAt: string;
  readonly origin: Origin;
}

/** Whom a page is for, why, and the phone page on which they acknowledge. */
export interface Paged {
  readonly userName: string;
  readonly why: string;
  readonly ackUrl: string;
}

export const pagedBy = ({ userName, why }: NotifyRequest, { wording, ackUrl }: PageMessage): Paged => ({
  userName: cut(oneLine(userName), LABEL_LIMIT / 2),
  why: oneLine(wording.why(why)),
  ackUrl,
});

type PageMessage = Pick<ReturnType<typeof messageOf>, 'wording' | 'ackUrl'>;

export const reportedOfPage = ({ incident, origin }: NotifyRequest, wording: Wording): Reported =>
  reported(incident, incident.service, origin, wording);

export const reportedOfNotice = ({ incident, service, origin }: NoticeRequest, wording: Wording): Reported =>
  reported(incident, service, origin, wording);

type Told = Pick<
  NotifyRequest['incident'],
  'id' | 'number' | 'summary' | 'severity' | 'details' | 'links' | 'createdAt' | 'drill'
>;

function reported(
  incident: Told,
  service: Reported['service'],
  origin: Origin | undefined,
  wording: Wording,
): Reported {
  const { id, number, summary, severity, details, links, createdAt } = incident;
  const name = oneLine(service.name) || service.id;
  const runbook = service.runbook === undefined ? undefined : webAddress(service.runbook);
  return {
    id,
    number,
    summary: cut(marked(incident, oneLine(summary) || name, wording), SUMMARY_LIMIT),
    severity: severity ?? 'error',
    details: plain(details) as Reported['details'],
    links: links.flatMap(({ href, text }) => {
      const address = webAddress(href);
      if (address === undefined) return [];
      return [{ href: address, ...(text === undefined ? {} : { text: cut(oneLine(text), LABEL_LIMIT) }) }];
    }),
    service: { id: service.id, name, ...(runbook === undefined ? {} : { runbook }) },
    createdAt,
    origin: { ...whole(origin), source: oneLine(origin?.source ?? '') || name, priority: origin?.priority ?? null },
  };
}

/** What has a text, on one line. */
const whole = ({ component, group, class: kind }: Partial<Origin> = {}): Pick<
  Origin,
  'component' | 'group' | 'class'
> =>
  Object.fromEntries(
    Object.entries({ component, group, class: kind }).flatMap(([name, text]) =>
      text === undefined || oneLine(text) === '' ? [] : [[name, oneLine(text)]],
    ),
  );

/** Characters; PagerDuty's own (wire-formats §1a). */
const SUMMARY_LIMIT = 1_024;
const LABEL_LIMIT = 200;
/** All details together have 32 KiB, as a source gives them. */
const TEXT_LIMIT = 8_000;

/** Nothing in its texts acts on a terminal or the reading order; numbers stay numbers. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return cut(harmless(value), TEXT_LIMIT);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [cut(oneLine(name), LABEL_LIMIT), plain(one)]));
}

/** That the change came from this very endpoint, where it is known already: sent back, it would go round for ever. */
export const cameFrom = (channel: string, name: string, { entry }: NoticeRequest): boolean =>
  entry?.actor.via === `${channel} ${name}`;

export const CAME_FROM_THERE: NotifyReceipt = { detail: 'it came from there' };

/**
 * That the incident was acknowledged or resolved is told to a person's endpoint late, and it is open again: the page that said so
 * is there before it, and would be taken for answered. A subscriber is told that too, and after it.
 */
export const isOvertaken = ({ to, standing }: NoticeRequest): boolean =>
  to.kind === 'contact' && (standing === 'triggered' || standing === 'suspended');

export const OVERTAKEN: NotifyReceipt = { detail: 'it is open again, and a later page says so' };

/** Milliseconds; what is left of an attempt's time still sends. */
const ASK_TIMEOUT = 2_500;
/** The clocks of two systems differ. */
const CLOCKS_DIFFER = seconds(15);

/**
 * Sends, and where an earlier attempt may have been taken (`mayHaveBeenSent`) asks first: what `ask` finds is the receipt. A
 * question that fails holds up nothing, for both systems take the same key twice as one. `since` in ms since the epoch, `timeout` in ms.
 */
export async function askedFirst(
  { mayHaveBeenSent }: Pick<NoticeRequest, 'mayHaveBeenSent'>,
  timeout: number | undefined,
  ask: (since: number, timeout: number) => Promise<NotifyReceipt | null>,
  send: (timeout: number) => Promise<NotifyReceipt>,
): Promise<NotifyReceipt> {
  const whole = timeout ?? CALL_TIMEOUT;
  if (mayHaveBeenSent === null || mayHaveBeenSent === undefined) return send(whole);
  const forAsking = Math.min(ASK_TIMEOUT, whole / 2);
  const found = await ask(Date.parse(mayHaveBeenSent) - CLOCKS_DIFFER, forAsking).catch((error: unknown) => {
    if (error instanceof ApplicationFailure) return null;
    throw error;
  });
  return found ?? send(whole - forAsking);
}
