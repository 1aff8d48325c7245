/** An incident as PagerDuty's REST API has it, as documentation; and what may be changed of one. */
import { z } from 'zod';
import { PRIORITIES } from '../../domain/commands.ts';
import { instantText, reference } from './schemas.ts';

export const incident = reference.extend({
  incident_number: z.int().nullable().describe('Null for the first second, and while the store is away'),
  title: z.string(),
  description: z.string(),
  created_at: instantText,
  updated_at: instantText,
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  incident_key: z.string(),
  service: reference,
  assignments: z.array(z.looseObject({ at: instantText, assignee: reference })),
  assigned_via: z.enum(['escalation_policy', 'direct_assignment']),
  acknowledgements: z.array(z.looseObject({ at: instantText, acknowledger: reference })),
  last_status_change_at: instantText.nullable(),
  last_status_change_by: reference.nullable(),
  resolved_at: instantText.nullable(),
  first_trigger_log_entry: reference,
  alert_counts: z.looseObject({ all: z.int(), triggered: z.int().nullable(), resolved: z.int().nullable() }),
  is_mergeable: z.boolean(),
  escalation_policy: reference.nullable().describe('In lists, that of its service'),
  teams: z.array(reference),
  pending_actions: z.array(z.looseObject({ type: z.string(), at: instantText })),
  priority: reference.nullable(),
  urgency: z.enum(['high', 'low']),
});

/** As a client names what is there; its type is passed over. */
export const named = z.looseObject({ id: z.string().min(1).max(600) });

export const assignments = z.array(z.looseObject({ assignee: named }));

export const priority = z.looseObject({ id: z.enum(PRIORITIES) });

const asShown = z
  .unknown()
  .optional()
  .describe('As it was shown: where `created_at` is given, what is as it was shown is not asked for');

/** What PUT may change. Other members are passed over, for clients send whole incidents back. */
const changes = {
  title: z.string().trim().min(1).max(1024).nullish(),
  status: z
    .enum(['acknowledged', 'resolved', 'triggered'])
    .nullish()
    .describe('`triggered` takes the acknowledgement back, or reopens it'),
  resolution: z.string().trim().min(1).max(1024).nullish().describe('With the status `resolved`'),
  urgency: z.enum(['high', 'low']).nullish(),
  priority: priority.nullish().describe('Null takes it away'),
  escalation_level: z.int().min(1).max(20).nullish().describe('It starts at this level of its policy'),
  assignments: assignments.max(100).nullish().describe('It is assigned to these users, with no more escalation'),
  escalation_policy: named.nullish().describe('It starts at level 1 of this policy'),
  created_at: asShown,
  acknowledgements: asShown,
  resolved_at: asShown,
};

export const incidentChange = z.looseObject(changes);
export const incidentChangeInBulk = z.looseObject({ id: z.union([z.string().min(1).max(600), z.int()]), ...changes });
export type IncidentChange = z.output<z.ZodObject<typeof changes>>;
