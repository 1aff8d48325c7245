/** GET and POST /incidents/{id}/notes: the notes and status updates in its timeline. */
import { z } from 'zod';
import type { LogEntryView } from '../../domain/view.ts';
import { isNote, noteText } from '../noteText.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { wholeTimeline } from '../wholeTimeline.ts';
import { asking, guardedBy, requesterOf } from './acting.ts';
import { type Door, type Visit, visitOf } from './door.ts';
import { userIn } from './included.ts';
import { IN_WHOSE_NAME } from './incidentChanges.ts';
import { failure, guarded, idParam, instantText, reference, withBody } from './schemas.ts';

const note = z.looseObject({
  id: z.string(),
  user: reference,
  content: z.string(),
  created_at: instantText,
  channel: z.looseObject({ summary: z.string() }),
});

export function notes(app: ApiServer, door: Door): void {
  const { deps } = door;
  const shared = { tags: ['pagerduty'], security: SECURED };
  app.get(
    '/incidents/:id/notes',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        ...shared,
        operationId: 'listIncidentNotes',
        summary: 'The notes of an incident, oldest first',
        params: idParam,
        response: { 200: z.looseObject({ notes: z.array(note) }), ...guarded, 404: failure },
      },
    },
    async ({ params, headers }) => {
      const id = await door.idOf(params.id);
      const visit = visitOf(door, headers);
      return { notes: notesIn(visit, id, await wholeTimeline(deps, id)) };
    },
  );
  app.post(
    '/incidents/:id/notes',
    {
      ...guardedBy(deps, 'command'),
      schema: {
        ...shared,
        operationId: 'createIncidentNote',
        summary: 'Leaves a note in the timeline',
        description: IN_WHOSE_NAME,
        params: idParam,
        body: z
          .looseObject({ note: z.looseObject({ content: z.string().trim().min(1).max(2_000) }) })
          .meta({ examples: [{ note: { content: 'Firefighters are on the scene.' } }] }),
        response: {
          200: z.looseObject({ note }),
          202: z.looseObject({ note }),
          ...withBody,
          404: failure,
        },
      },
    },
    async ({ params, headers, body }, reply) => {
      const requester = requesterOf(headers, deps);
      const { actor, caller } = requester;
      const id = await door.idOf(params.id);
      const { content } = body.note;
      const visit = { ...door, caller };
      const given = await door.give(asking(requester, 'notes', { text: content }), id);
      if (given.kind === 'refused') throw given.error;
      const said = (await deps.incidents.timeline(id).catch(() => undefined)) ?? [];
      const kept = notesIn(visit, id, said).findLast((each) => each.content === content && each.user.id === actor.id);
      const now = {
        id,
        user: userIn(visit, actor.id, false),
        content,
        created_at: new Date().toISOString(),
        channel: { summary: actor.via },
      };
      return reply.code(given.kind === 'done' ? 200 : 202).send({ note: kept ?? now });
    },
  );
}

const notesIn = (visit: Visit, incident: string, entries: readonly LogEntryView[]) =>
  entries.filter(isNote).map((entry) => ({
    id: `${incident}.${entry.id}`,
    user: userIn(visit, entry.actor.id ?? '', false),
    content: noteText(entry),
    created_at: entry.at,
    channel: { summary: entry.actor.via ?? 'Tocsin' },
  }));
