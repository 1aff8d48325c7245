/** What Temporal indexes of an incident (interfaces §6). Registered at every start; values are not encrypted, so nothing personal but user ids. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

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
