/** What an integration of source heartbeat is told: whose silence is an incident (interfaces §4). */
import { z } from 'zod';
import { SEVERITIES } from '../../domain/event.ts';
import { choice, duration, fields, id, prose } from './parts.ts';

export const every = duration('1s', '365d');
export const grace = duration('0s', '365d');

export const heartbeats = z.record(
  id,
  fields('a heartbeat such as { every: 25h, grace: 5m }', {
    every,
    grace: grace.exactOptional(),
    severity: choice(SEVERITIES).exactOptional(),
    summary: prose.exactOptional(),
  }),
  {
    error: (issue) =>
      issue.code === 'invalid_key'
        ? 'not a name of 1 to 64 characters: letters, digits and _ . @ -'
        : 'heartbeats by name, such as { backup: { every: 25h, grace: 5m } }',
  },
);
