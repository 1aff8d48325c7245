/** GET /opsgenie/v2/alerts/{identifier}/logs, …/notes and …/recipients (https://docs.opsgenie.com/docs/alert-api#alert-recipients-logs-and-notes). */
import type { LogEntryView, NotificationView } from '../../domain/view.ts';
import type { ApiDeps } from '../deps.ts';
import { noteText } from '../noteText.ts';
import { found } from '../routes/incidentReads.ts';
import {
  anAlert,
  failed,
  foundLogs,
  foundNotes,
  foundRecipients,
  guardedByKeys,
  identified,
  logQuery,
} from '../schemas/opsgenie.ts';
import type { ApiServer } from '../server.ts';
import { wholeTimeline } from '../wholeTimeline.ts';
import { answer } from './answers.ts';
import { describedRead } from './describing.ts';
import type { FindAlert, FoundAlert, IdentifierType } from './foundAlert.ts';
import { guardedByKey, integrationOf } from './genieKey.ts';
import { noSuchAlert } from './readAlerts.ts';
import type { FastifyRequest } from 'fastify';

interface Paged {
  readonly offset?: string | undefined;
  readonly direction: 'next' | 'prev';
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

export function alertLogs(app: ApiServer, deps: ApiDeps, find: FindAlert): void {
  const guard = guardedByKey(deps);
  const answers = { ...guardedByKeys, 404: failed, 422: failed } as const;
  const ofAlert = async (request: FastifyRequest): Promise<FoundAlert> => {
    const { identifier } = request.params as { readonly identifier: string };
    const { identifierType } = request.query as { readonly identifierType: IdentifierType };
    const alert = await find(integrationOf(request, deps), identifier, identifierType);
    if (alert === undefined) throw noSuchAlert(identifier);
    return alert;
  };
  const pageOf = (what: 'logs' | 'notes', { incident }: FoundAlert, entries: readonly LogEntryView[], asked: Paged) => {
    const { page, more } = paged(entries, asked);
    const address = (offset?: string): string => {
      const given = { order: asked.order, limit: String(asked.limit), ...(offset !== undefined && { offset }) };
      return `${deps.publicUrl}/opsgenie/v2/alerts/${incident.id}/${what}?${new URLSearchParams(given).toString()}`;
    };
    const last = page.at(-1)?.id;
    return { page, paging: { first: address(), ...(more && last !== undefined && { next: address(last) }) } };
  };
  app.get(
    '/v2/alerts/:identifier/logs',
    {
      ...guard,
      schema: {
        ...describedRead,
        summary: 'What happened to an alert',
        params: identified,
        querystring: logQuery,
        response: { 200: foundLogs, ...answers },
      },
    },
    async (request, reply) => {
      const alert = await ofAlert(request);
      const { page, paging } = pageOf('logs', alert, await wholeTimeline(deps, alert.incident.id), request.query);
      const data = page.map((entry) => ({ log: entry.text, type: KINDS[entry.actor.kind], ...common(entry) }));
      return answer(reply, { data, paging });
    },
  );
  app.get(
    '/v2/alerts/:identifier/notes',
    {
      ...guard,
      schema: {
        ...describedRead,
        summary: 'The notes of an alert',
        params: identified,
        querystring: logQuery,
        response: { 200: foundNotes, ...answers },
      },
    },
    async (request, reply) => {
      const alert = await ofAlert(request);
      const notes = (await wholeTimeline(deps, alert.incident.id)).filter(({ type }) => type === 'noted');
      const { page, paging } = pageOf('notes', alert, notes, request.query);
      return answer(reply, { data: page.map((entry) => ({ note: noteText(entry), ...common(entry) })), paging });
    },
  );
  app.get(
    '/v2/alerts/:identifier/recipients',
    {
      ...guard,
      schema: {
        ...describedRead,
        summary: 'Who was told of an alert, and what they did',
        params: identified,
        querystring: anAlert,
        response: { 200: foundRecipients, ...answers },
      },
    },
    async (request, reply) => {
      const alert = await ofAlert(request);
      const told = found(await deps.incidents.notifications(alert.incident.id), alert.incident.id);
      return answer(reply, { data: recipientsIn(told, alert) });
    },
  );
}

/** Opsgenie's words for who did it. */
const KINDS = { user: 'action', source: 'alert', timer: 'system', system: 'system' } as const;

const common = ({ id, at, actor }: LogEntryView) => ({
  owner: actor.kind === 'user' ? (actor.name ?? actor.id ?? '') : actor.kind === 'source' ? 'Alert API' : 'System',
  createdAt: at,
  offset: id,
});

/** Those after `offset` in that order, or before it. */
function paged(entries: readonly LogEntryView[], { offset, direction, order, limit }: Paged) {
  const ordered = order === 'asc' ? entries : entries.toReversed();
  const at = ordered.findIndex(({ id }) => id === offset);
  const from = direction === 'next' || at < 0 ? at + 1 : Math.max(0, at - limit);
  const to = direction === 'next' || at < 0 ? from + limit : at;
  return { page: ordered.slice(from, to), more: to < ordered.length };
}

/** Each user once, with the latest that came to them. */
function recipientsIn(told: readonly NotificationView[], { incident }: FoundAlert) {
  const acked = new Set(incident.acknowledgements.map(({ user }) => user));
  const byUser = new Map<string, { createdAt: string; last: NotificationView }>();
  for (const each of told)
    byUser.set(each.user, { createdAt: byUser.get(each.user)?.createdAt ?? each.dueAt, last: each });
  return [...byUser].map(([id, { createdAt, last }]) => ({
    user: { id, username: id },
    state: acked.has(id) ? 'action' : last.sentAt === null ? 'notactive' : 'active',
    method: last.channel,
    createdAt,
    updatedAt: last.sentAt ?? last.dueAt,
  }));
}
