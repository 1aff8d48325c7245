/**
 * Uptime Kuma's webhook, as JSON or as a form with the field `data`: github.com/louislam/uptime-kuma,
 * server/notification-providers/webhook.js and server/model (wire-formats §1h). A test has no heartbeat.
 */
import type { Mapping } from '../../domain/mapping.ts';

export const uptimeKuma: Mapping = {
  each: 'has(body.data) ? [json(body.data)] : [body]',
  // 0 is down and 1 up; 2 is not certain yet, and 3 is under maintenance. What has no such member at all is not its.
  when: 'has(item.heartbeat) ? item.heartbeat != null && !(item.heartbeat.status in [2, 3]) : item.heartbeat',
  action: 'item.heartbeat.status == 0 ? "down" : item.heartbeat.status == 1 ? "up" : item.heartbeat.status',
  dedupKey: '"monitor " + string(first(item.heartbeat.monitorID, item.monitor.id))',
  summary: `item.monitor.name == null ? item.msg
    : item.monitor.name + (item.heartbeat.status == 0 ? " is down: " : " is up: ") + first(item.heartbeat.msg, item.msg)`,
  source: 'first(item.monitor.hostname, item.monitor.url, item.monitor.name)',
  severity: '"critical"',
  class: 'item.monitor.type',
  details: {
    monitor: 'item.monitor.name',
    type: 'item.monitor.type',
    url: 'item.monitor.url',
    hostname: 'item.monitor.hostname',
    port: 'item.monitor.port',
    tags: 'item.monitor.tags',
    message: 'item.heartbeat.msg',
    ping: 'item.heartbeat.ping',
    retries: 'item.heartbeat.retries',
    downSince: 'item.heartbeat.lastDownTime',
  },
  links: { Monitored: 'item.monitor.url' },
  at: 'item.heartbeat.time',
};
