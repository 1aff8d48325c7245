/** The mappings that a configuration takes by name; a new one is a file here, a line, and a guide. */
import type { Mapping } from '../../domain/mapping.ts';
import { cloudevents } from './cloudevents.ts';
import { datadog } from './datadog.ts';
import { icinga } from './icinga.ts';
import { nagios } from './nagios.ts';
import { uptimeKuma } from './uptimeKuma.ts';
import { zabbix } from './zabbix.ts';

export const READY = {
  zabbix,
  datadog,
  'uptime-kuma': uptimeKuma,
  cloudevents,
  nagios,
  icinga,
} as const satisfies Record<string, Mapping>;

export const READY_NAMES = Object.keys(READY) as (keyof typeof READY)[];
