/** What is said of an alert: its message, description, tags, details and priority, notes, and actions of one's own. */
import { z } from 'zod';
import { cut, harmless } from '../../domain/text.ts';
import { textOf } from '../../intake/members.ts';
import type { ApiDeps } from '../deps.ts';
import {
  anAction,
  identified,
  newDescription,
  newDetails,
  newMessage,
  newNote,
  newPriority,
  newTags,
  withoutDetails,
  withoutTags,
} from '../schemas/opsgenie.ts';
import type { ApiServer } from '../server.ts';
import { type Asked, type Done, addAct, withAlert } from './act.ts';
import { give, noteIn } from './asking.ts';
import type { FindAlert } from './foundAlert.ts';
import type { CommandBody } from '../personsCommand.ts';

/** Characters of a note, as everywhere (schemas/requests.ts). */
const TEXT_LIMIT = 2_000;

const ACTION_NAME = identified.extend({ action: z.string().describe('Of the action, as its receiver knows it') });

export function wordActs(app: ApiServer, deps: ApiDeps, find: FindAlert): void {
  addAct(app, deps, find, {
    method: 'POST',
    path: '/notes',
    action: 'AddNote',
    summary: 'Leaves a note in the alert’s log',
    says: newNote,
    perform: (asked) => note(asked, noteIn(asked.said, deps) ?? ''),
  });
  addAct(app, deps, find, {
    method: 'POST',
    path: '/actions/:action',
    params: ACTION_NAME,
    action: 'ExecuteCustomAction',
    summary: 'Asks for a custom action: a note of the alert’s log, and those who follow the incident are told',
    says: anAction,
    perform: (asked) => {
      const words = [`action ${asked.params['action']}`, noteIn(asked.said, deps)];
      return note(asked, words.filter((part) => part !== undefined).join(': '));
    },
  });
  addAct(app, deps, find, {
    method: 'PUT',
    path: '/priority',
    action: 'UpdatePriority',
    summary: 'Sets the priority',
    says: newPriority,
    perform: (asked) =>
      withAlert(asked, ({ incident }) =>
        give(deps, incident.id, asked.said, 'priority', { priority: asked.said.priority }),
      ),
  });
  addAct(app, deps, find, {
    method: 'PUT',
    path: '/message',
    action: 'UpdateMessage',
    summary: 'Changes the message',
    says: newMessage,
    perform: (asked) => amend(asked, { summary: asked.said.message.trim() }),
  });
  addAct(app, deps, find, {
    method: 'PUT',
    path: '/description',
    action: 'UpdateDescription',
    summary: 'Changes the description',
    says: newDescription,
    perform: (asked) => amend(asked, { details: { description: asked.said.description } }),
  });
  addAct(app, deps, find, {
    method: 'POST',
    path: '/tags',
    action: 'AddTags',
    summary: 'Adds tags',
    says: newTags,
    perform: (asked) => amend(asked, { tags: { add: asked.said.tags.flatMap((tag) => textOf(tag) ?? []) } }),
  });
  addAct(app, deps, find, {
    method: 'DELETE',
    path: '/tags',
    action: 'RemoveTags',
    summary: 'Takes tags away',
    says: withoutTags,
    perform: (asked) => amend(asked, { tags: { remove: listed(asked.said.tags) } }),
  });
  addAct(app, deps, find, {
    method: 'POST',
    path: '/details',
    action: 'AddDetails',
    summary: 'Sets details, by their names',
    says: newDetails,
    perform: (asked) => amend(asked, { details: asked.said.details }),
  });
  addAct(app, deps, find, {
    method: 'DELETE',
    path: '/details',
    action: 'RemoveDetails',
    summary: 'Takes details away',
    says: withoutDetails,
    perform: (asked) =>
      amend(asked, { details: Object.fromEntries(listed(asked.said.keys).map((name) => [name, null])) }),
  });
}

const listed = (commaSeparated: string): readonly string[] =>
  commaSeparated
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

const note = (asked: Asked, text: string): Promise<Done> =>
  withAlert(asked, ({ incident }) =>
    give(asked.deps, incident.id, asked.said, 'notes', { text: cut(harmless(text), TEXT_LIMIT) }),
  );

/** Alertmanager says message and description again after every repeat (wire-formats §1d): what is so already is not said anew. */
const amend = (asked: Asked, amendment: Pick<CommandBody, 'summary' | 'details' | 'tags'>): Promise<Done> =>
  withAlert(asked, async ({ incident }) => {
    const { summary = incident.summary, details = {}, tags } = amendment;
    const same = Object.entries(details).every(([name, value]) => incident.details[name] === value);
    if (tags === undefined && summary === incident.summary && same) return 'done';
    return give(asked.deps, incident.id, asked.said, 'amend', amendment);
  });
