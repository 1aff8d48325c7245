/**
 * Nagios, by the command of docs/guides/nagios.md: a form whose fields are macros. The kinds of notifications are those of
 * $NOTIFICATIONTYPE$ (assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/macrolist.html).
 */
import type { Mapping } from '../../domain/mapping.ts';

/** A service's state where the notification is of one, else the host's. */
const STATE = 'first(body.service_state, body.host_state)';

export const nagios: Mapping = {
  // What begins and ends by plan is no alert. While it flaps nothing else is told; what is so when that ends, is.
  when: `!body.type.startsWith("DOWNTIME")
    && !(body.type == "CUSTOM" && ${STATE} in ["OK", "UP"])`,
  action: `body.type in ["PROBLEM", "RECOVERY", "ACKNOWLEDGEMENT"]
      ? {"PROBLEM": "trigger", "RECOVERY": "resolve", "ACKNOWLEDGEMENT": "acknowledge"}[body.type]
    : body.type in ["FLAPPINGSTART", "CUSTOM"] ? "trigger"
    : body.type in ["FLAPPINGSTOP", "FLAPPINGEND", "FLAPPINGDISABLED"] ? (${STATE} in ["OK", "UP"] ? "resolve" : "trigger")
    : body.type`,
  dedupKey: 'first(body.service) == null ? body.host : body.host + "/" + body.service',
  summary: `(first(body.service) == null ? body.host : body.host + "/" + body.service)
    + (body.type == "FLAPPINGSTART" ? " flaps: " : " is " + ${STATE} + ": ")
    + (first(body.service) == null ? first(body.host_output, "no output") : first(body.service_output, "no output"))`,
  source: 'body.host',
  severity: `{"CRITICAL": "critical", "DOWN": "critical", "UNREACHABLE": "error", "UNKNOWN": "warning",
    "WARNING": "warning"}[${STATE}]`,
  component: 'body.service',
  details: {
    type: 'body.type',
    state: STATE,
    address: 'body.address',
    output: 'first(body.service) == null ? body.host_output : body.service_output',
    longOutput: 'body.long_output',
    author: 'body.author',
    comment: 'body.comment',
  },
  links: { Notes: 'body.notes_url' },
  at: 'body.time',
};
