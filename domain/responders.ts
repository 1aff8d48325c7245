/** People who help: told because a person asked for them, and no part of the escalation (lifecycle §7, row "responders added"). */
import type { IncidentState, Notification } from './incident.ts';

/** Responders of one incident (lifecycle §4, Limits). */
export const RESPONDERS_MOST = 500;

/** Whether a notification is a responder's: what comes of it says nothing about the level. */
export const isResponders = ({ assignments }: IncidentState, { assignment }: Notification): boolean =>
  assignments.some(({ seq, kind }) => seq === assignment && kind === 'responders');
