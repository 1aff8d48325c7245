/**
 * Guance (Observation Cloud) webhook, `bodyType: json`: github.com/GuanceCloud/guance-docs, docs/zh/events and
 * docs/en/monitoring/notify-object.md; wire-formats §1g. Times are seconds; dimension tags are a JSON string.
 */
import { TocsinError } from '../../domain/errors.ts';
import type { Severity, SourceEvent } from '../../domain/event.ts';
import { dedupKeyOf } from './dedupKey.ts';
import { withinLimits } from '../../intake/limits.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import type { Source } from './source.ts';
import { parseSeconds } from './timestamp.ts';

/** The status of a monitor's event; `high`, `medium`, `low` are the security monitor's. */
const TRIGGERS: ReadonlyMap<string, Severity> = new Map([
  ['fatal', 'critical'],
  ['critical', 'critical'],
  ['error', 'error'],
  ['high', 'error'],
  ['nodata', 'error'],
  ['warning', 'warning'],
  ['medium', 'warning'],
  ['info', 'info'],
  ['low', 'info'],
]);
/** Recovered; data came back; no data counts as normal; closed by hand. */
const RESOLVES: readonly string[] = ['ok', 'nodata_ok', 'nodata_as_ok', 'manual_ok'];
/** The first is one per monitor and series; the second one per round; the third one per event. */
const KEYS = ['df_monitor_checker_event_ref', 'df_fault_id', 'df_event_id'] as const;
const KEPT = ['workspace_name', 'Result', 'date', 'df_monitor_checker_name', 'df_event_reason', 'df_status'] as const;
const POLLUTING: readonly string[] = ['__proto__', 'constructor', 'prototype'];

function required(body: Members): { status: string; title: string } {
  const [status, title] = [textOf(body['df_status']), textOf(body['df_title'])];
  if (status !== undefined && title !== undefined) return { status: status.toLowerCase(), title };
  const missing = [status === undefined ? ['df_status'] : [], title === undefined ? ['df_title'] : []].flat();
  throw new TocsinError('BAD_EVENT', `missing or blank: ${missing.join(', ')}; a Guance event has both`);
}

function keyOf(body: Members): string | undefined {
  for (const member of KEYS) {
    const key = dedupKeyOf(body[member], member);
    if (key !== undefined) return key;
  }
  return undefined;
}

/** The dimension tags, from their JSON string; none where it is not one. */
function tagsOf(value: unknown): Members {
  let tags: unknown;
  try {
    tags = JSON.parse(textOf(value) ?? '{}');
  } catch {
    tags = undefined;
  }
  return Object.fromEntries(Object.entries(membersOf(tags) ?? {}).filter(([name]) => !POLLUTING.includes(name)));
}

function detailsOf(body: Members): Members {
  const message = textOf(body['df_message']);
  const kept = KEPT.filter((member) => body[member] !== undefined && body[member] !== null);
  const result = body['Result'] ?? undefined;
  return {
    ...Object.fromEntries(kept.map((member) => [member, body[member]])),
    // By the name that Guance's own script for PagerDuty gives it, too.
    ...(result !== undefined && { result }),
    tags: tagsOf(body['df_dimension_tags']),
    ...(message !== undefined && { description: message }),
  };
}

function translate(body: unknown, newKey: () => string): readonly SourceEvent[] {
  const members = membersOf(body);
  if (members === undefined) throw new TocsinError('BAD_EVENT', 'the body is not a JSON object; a Guance event is one');
  const { status, title } = required(members);
  const severity = TRIGGERS.get(status);
  if (severity === undefined && !RESOLVES.includes(status)) {
    const known = [...TRIGGERS.keys(), ...RESOLVES].join(', ');
    throw new TocsinError('BAD_EVENT', `'df_status' is '${status.slice(0, 64)}'; known are: ${known}`);
  }
  const key = keyOf(members);
  if (key === undefined && severity === undefined) {
    throw new TocsinError('BAD_EVENT', `a recovery names what recovered: one of ${KEYS.join(', ')} is needed`);
  }
  const at = parseSeconds(textOf(members['date']) ?? members['timestamp']);
  const link = textOf(members['df_event_link']);
  const workspace = textOf(members['workspace_name']) ?? textOf(members['df_workspace_name']);
  const event = withinLimits({
    action: severity === undefined ? 'resolve' : 'trigger',
    dedupKey: key ?? newKey(),
    summary: title,
    source: workspace ?? 'guance',
    ...(severity !== undefined && { severity }),
    details: detailsOf(members),
    ...(link !== undefined && {
      links: [{ href: link, text: workspace === undefined ? 'Guance' : `Guance ${workspace}` }],
    }),
    ...(at !== undefined && { at }),
  });
  return [event];
}

export const guance: Source = {
  name: 'guance',
  jsonHint: "Guance's text mode carries no status: set bodyType to json in the webhook's settings",
  translate: ({ body }, newKey) => translate(body, newKey),
};
