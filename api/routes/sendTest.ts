/** POST /v1/users/{id}/contacts/{contact}/test: a real message to one contact method, and what its provider answers (docs/guides/drill.md). */
import { ERRORS, TocsinError } from '../../domain/errors.ts';
import type { AttemptResult } from '../../domain/commands.ts';
import type { Channel } from '../../domain/channels.ts';
import { guardedBy } from '../auth.ts';
import { configured } from '../configured.ts';
import type { ApiDeps } from '../deps.ts';
import { guarded, problem } from '../schemas/answers.ts';
import { contactOfUser, testOutcome } from '../schemas/tests.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { testMessage } from '../testMessage.ts';

export function sendTest(app: ApiServer, deps: ApiDeps): void {
  app.post(
    '/v1/users/:id/contacts/:contact/test',
    {
      ...guardedBy(deps, 'tests'),
      schema: {
        tags: ['people'],
        security: SECURED,
        summary: 'Sends a test message',
        description: 'One attempt, by the channel as it is configured. Answers in a minute at most.',
        params: contactOfUser,
        response: { 200: testOutcome, 404: problem, ...guarded },
      },
    },
    async ({ params: { id, contact: contactId } }) => {
      const user = configured(deps.configuration().users, id, 'user');
      const contact = user.contacts.find((each) => each.id === contactId);
      if (contact === undefined) {
        const there = user.contacts.map((each) => each.id).join(', ');
        throw new TocsinError(
          'NOT_FOUND',
          `user '${user.id}' has no contact method '${contactId.slice(0, 255)}'; there are: ${there}`,
        );
      }
      const trouble = await deps.incidents.trouble();
      if (trouble !== null) throw new TocsinError('NO_WORKER', `nothing was sent: ${trouble}`);
      const result = await deps.incidents.sendTest(contact.channel, testMessage(user, contact, Date.now()));
      return outcomeOf(contact.channel, result);
    },
  );
}

function outcomeOf(channel: Channel, result: AttemptResult) {
  if (result.outcome === 'sent') {
    const { outcome, providerId, detail } = result;
    return {
      channel,
      outcome,
      ...(providerId !== undefined && { providerId }),
      ...(detail !== undefined && { detail }),
    };
  }
  if (result.outcome === 'cancelled') throw new TocsinError('NO_WORKER', 'nothing was sent: the test was ended');
  const { outcome, code, detail } = result;
  const after = 'after' in result ? { after: result.after } : {};
  return { channel, outcome, code, title: ERRORS[code].title, detail, ...after };
}
