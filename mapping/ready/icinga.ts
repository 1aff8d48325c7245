/**
 * Icinga 2, by the NotificationCommand of docs/guides/nagios.md, which sends the fields of Nagios's. Its kinds of
 * notifications are Nagios's but for FLAPPINGEND (github.com/Icinga/icinga2, lib/icinga/notification.cpp).
 */
import type { Mapping } from '../../domain/mapping.ts';
import { nagios } from './nagios.ts';

export const icinga: Mapping = { ...nagios, links: { 'Icinga Web': 'body.web_url', Notes: 'body.notes_url' } };
