/** What Temporal indexes of an incident (interfaces §6). Registered at every start; values are not encrypted, so nothing personal but user ids. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { bytesOf } from '../domain/text.ts';

export const SEARCH_ATTRIBUTES = {
  IncidentStatus: defineSearchAttributeKey('IncidentStatus', SearchAttributeType.KEYWORD),
  ServiceId: defineSearchAttributeKey('ServiceId', SearchAttributeType.KEYWORD),
  Severity: defineSearchAttributeKey('Severity', SearchAttributeType.KEYWORD),
  Urgency: defineSearchAttributeKey('Urgency', SearchAttributeType.KEYWORD),
  Priority: defineSearchAttributeKey('Priority', SearchAttributeType.KEYWORD),
  Assignees: defineSearchAttributeKey('Assignees', SearchAttributeType.KEYWORD_LIST),
  DedupKey: defineSearchAttributeKey('DedupKey', SearchAttributeType.KEYWORD),
  IncidentNumber: defineSearchAttributeKey('IncidentNumber', SearchAttributeType.INT),
} as const;

/** Bytes of JSON that Temporal takes as one attribute are 2,048; an incident with a longer one would be refused, and stuck. */
const LIST_ROOM = 2_000;

/** The first of several values, as many as may be indexed. */
export function indexable(values: readonly string[]): string[] {
  let left = LIST_ROOM;
  const beyond = values.findIndex((value) => (left -= bytesOf(JSON.stringify(value)) + 1) < 0);
  return values.slice(0, beyond < 0 ? values.length : beyond);
}

/** Keyword values are cut at 255 bytes of UTF-8, never within a character. */
export function cutToBytes(text: string, limit = 255): string {
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4;
    if (bytes > limit) return cut;
    cut += character;
  }
  return text;
}
