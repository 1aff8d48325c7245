/**
 * CloudEvents 1.0 over HTTP: structured, batched, and binary, whose attributes are headers (github.com/cloudevents/spec,
 * http-protocol-binding.md §3). What happened is told by `type`; `subject` names what it happened to.
 */
import type { Mapping } from '../../domain/mapping.ts';

const ATTRIBUTES = ['id', 'source', 'specversion', 'type', 'subject', 'time', 'severity'];
const OF_HEADERS = ATTRIBUTES.map((name) => `"${name}": headers["ce-${name}"]`).join(', ');

/** The last word of a type, or the one before its version: `com.example.disk.resolved`, `com.example.disk.resolved.v2`. */
const ends = (words: string): string => String.raw`item.type.matches("(?i)(^|[./:_-])(${words})([./:_-]v?[0-9.]+)?$")`;

export const cloudevents: Mapping = {
  each: `"ce-id" in headers ? [{${OF_HEADERS}, "data": body}] : type(body) == list ? body : [body]`,
  action: `item.data.action in ["trigger", "acknowledge", "resolve"] ? item.data.action
    : item.type == null ? null
    : ${ends('resolved?|recover(y|ed)|cleared?|closed?|ok|up')} ? "resolve"
    : ${ends('acknowledged?|ack')} ? "acknowledge"
    : "trigger"`,
  // An id is of one event, and a subject of all that is said about one thing.
  dedupKey: 'item.source + " " + first(item.data.dedupKey, item.subject, item.id)',
  summary: `first(item.data.summary, item.data.title, item.data.message,
    first(item.subject) == null ? item.type : item.type + " " + item.subject)`,
  source: 'item.source',
  severity: 'first(item.data.severity, item.severity)',
  component: 'item.subject',
  class: 'item.type',
  details: { id: 'item.id', type: 'item.type', subject: 'item.subject', data: 'item.data' },
  links: { Event: 'first(item.data.url, item.data.link)' },
  at: 'item.time',
};
