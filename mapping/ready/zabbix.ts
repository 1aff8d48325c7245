/**
 * Zabbix, by the media type of docs/guides/zabbix.md, whose parameters are macros (zabbix.com/documentation/current/en/manual/
 * appendix/macros/supported_by_location). {EVENT.ID} is the problem's own in its updates and its recovery too.
 */
import type { Mapping } from '../../domain/mapping.ts';

export const zabbix: Mapping = {
  // Of updates only what an incident knows: an acknowledgement, and another severity. A closed problem recovers by itself.
  when: `body.event_value == "0" || body.update_status != "1"
    || body.update_action.split(", ").exists(act, act == "acknowledged" || act.startsWith("changed severity"))`,
  action: `body.event_value == "0" ? "resolve"
    : body.event_value != "1" ? body.event_value
    : body.update_status == "1" && body.update_action.split(", ").exists(act, act == "acknowledged") ? "acknowledge"
    : "trigger"`,
  dedupKey: 'body.event_id',
  summary: 'body.event_name',
  source: 'first(body.host, body.host_ip)',
  severity: `body.severity in ["0", "1"] ? "info" : body.severity in ["2", "3"] ? "warning"
    : body.severity == "4" ? "high" : body.severity == "5" ? "critical" : body.severity`,
  class: 'body.trigger_name',
  details: {
    host: 'body.host',
    hostIp: 'body.host_ip',
    hostGroups: 'body.host_groups',
    severity: 'body.severity_name',
    operationalData: 'body.operational_data',
    tags: 'first(body.tags) == null ? null : json(body.tags)',
    eventId: 'body.event_id',
    triggerId: 'body.trigger_id',
    triggerDescription: 'body.trigger_description',
    updateAction: 'body.update_action',
    updateMessage: 'body.update_message',
    updatedBy: 'body.user',
  },
  links: {
    Zabbix: `first(body.zabbix_url) == null ? null
      : body.zabbix_url + "/tr_events.php?triggerid=" + body.trigger_id + "&eventid=" + body.event_id`,
  },
  // A recovery has the problem's own time; when it came is nearer.
  at: 'body.event_value == "1" && body.update_status != "1" ? body.clock : null',
};
