/**
 * The channel `teams`: a workflow of Microsoft Teams that begins "when a Teams webhook request is received", as `channels.teams`
 * says; https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook.
 */
import { robotChannel } from './robot.ts';
import { bodyOf, stranger, wrongSetting } from './answer.ts';
import { teamsCard } from './teamsCard.ts';

/** The address is signed: one that is not as it was given, and one whose workflow is gone or switched off. */
const WRONG_ADDRESS: readonly number[] = [401, 403, 404];
const SWITCHED_OFF = /WorkflowTriggerIsNotEnabled|WorkflowNotEnabled|WorkflowDisabled/i;

export const teamsChannel = robotChannel<'teams'>({
  channel: 'teams',
  called: 'Teams workflow',
  post: (said) => ({
    body: {
      type: 'message',
      attachments: [
        { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: teamsCard(said) },
      ],
    },
  }),
  read(answer, asked) {
    const { status, shown } = answer;
    // It took the request with the head of its answer; what follows says nothing more.
    if (status === 202) return { detail: '202' };
    if (bodyOf(answer, asked).trimStart().startsWith('<')) throw stranger(answer, 'Teams', asked);
    return { detail: `${status}${shown === '' ? '' : `: ${shown}`}` };
  },
  refusal: (answer, asked) =>
    WRONG_ADDRESS.includes(answer.status) || SWITCHED_OFF.test(answer.body ?? '')
      ? wrongSetting(answer, 'url', asked)
      : undefined,
});
