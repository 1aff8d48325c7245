/**
 * Bodies that sources send, as documentation. They are not validated by these: the formats tolerate more, and answer in
 * their own words (api/sources).
 */
import { z } from 'zod';
import { MAX_DEDUP_KEY } from '../../domain/dedupKey.ts';

/** For a route whose body is only documented: takes everything. */
export const documentedOnly = () => (value: unknown) => ({ value });

const link = z.looseObject({ href: z.string(), text: z.string().optional() });
const image = z.looseObject({ src: z.string(), href: z.string().optional(), alt: z.string().optional() });

export const eventsV2Body = z.looseObject({
  routing_key: z.string(),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().max(MAX_DEDUP_KEY).optional().describe('Needed to acknowledge and resolve'),
  payload: z
    .looseObject({
      summary: z.string().describe('Cut at 1,024 characters'),
      source: z.string(),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.string().optional().describe('ISO 8601'),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    })
    .optional()
    .describe('Needed to trigger'),
  links: z.array(link).optional(),
  images: z.array(image).optional(),
  client: z.string().optional(),
  client_url: z.string().optional(),
});

export const eventsV1Body = z.looseObject({
  service_key: z.string(),
  event_type: z.enum(['trigger', 'acknowledge', 'resolve']),
  incident_key: z.string().max(MAX_DEDUP_KEY).optional().describe('Needed to acknowledge and resolve'),
  description: z.string().optional().describe('Needed to trigger; cut at 1,024 characters'),
  details: z.record(z.string(), z.unknown()).optional(),
  client: z.string().optional(),
  client_url: z.string().optional(),
  contexts: z
    .array(z.union([link.extend({ type: z.literal('link') }), image.extend({ type: z.literal('image') })]))
    .optional(),
});

export const changeEventBody = z.looseObject({
  routing_key: z.string(),
  payload: z.looseObject({
    summary: z.string().describe('Cut at 1,024 characters'),
    source: z.string().optional(),
    timestamp: z.string().optional().describe('ISO 8601; now where it is left out or ahead'),
    custom_details: z.record(z.string(), z.unknown()).optional(),
  }),
  links: z.array(link).optional(),
  images: z.array(image).optional(),
});

export const sourceBody = z.looseObject({}).describe('What the source sends, as it is');
