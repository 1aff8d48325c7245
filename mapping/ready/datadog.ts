/**
 * Datadog's webhook with the payload of docs/guides/datadog.md, as JSON or encoded as a form: docs.datadoghq.com/integrations/
 * webhooks, variables (wire-formats §1h).
 */
import type { Mapping } from '../../domain/mapping.ts';

export const datadog: Mapping = {
  // Triggered, Warn, No Data, each also with Re-, Renotify; and Recovered. `Null`: of no monitor.
  action: `body.alert_transition == null ? null
    : body.alert_transition.lowerAscii() == "recovered" ? "resolve" : "trigger"`,
  dedupKey: 'first(body.alert_cycle_key, body.aggreg_key, body.alert_id, body.id)',
  summary: 'first(body.alert_title, body.title)',
  source: 'first(body.hostname, body.alert_scope, body.org_name)',
  severity: `body.alert_transition in ["Warn", "Re-Warn"] ? "warning"
    : body.alert_priority == "P1" ? "critical"
    : body.alert_priority == "P2" ? "error"
    : body.alert_priority == "P3" ? "warning"
    : body.alert_priority in ["P4", "P5"] ? "info"
    : body.alert_type == "success" ? null
    : body.alert_type`,
  class: 'body.alert_metric',
  details: {
    alertId: 'body.alert_id',
    transition: 'body.alert_transition',
    priority: 'body.alert_priority',
    scope: 'body.alert_scope',
    status: 'body.alert_status',
    query: 'body.alert_query',
    message: 'body.text',
    tags: 'first(body.tags) == null ? null : body.tags.split(",")',
    organization: 'body.org_name',
  },
  links: { Datadog: 'body.link' },
  at: 'body.date',
};
