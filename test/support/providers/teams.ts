/**
 * A workflow of Microsoft Teams that begins when a webhook request is received, as it is known, on loopback:
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook (an Adaptive Card in
 * `attachments`, 28 KB), https://learn.microsoft.com/azure/logic-apps/logic-apps-http-endpoint (202 without a body, the `sig` of
 * the address, 429 with Retry-After), https://adaptivecards.io/explorer/ (elements of 1.2). Microsoft has no SDK that posts to one.
 */
import type { ReceivedRequest } from '../httpServer.ts';
import type { HttpReaction } from '../httpServer.ts';
import type { Robot } from './robot.ts';
import { json, parsed, startRobot } from './robot.ts';

interface Run {
  readonly type: string;
  readonly text: string;
  readonly color?: string;
}
interface OpenUrl {
  readonly type: string;
  readonly title: string;
  readonly url: string;
}
export interface TeamsCard {
  readonly type: string;
  readonly version: string;
  readonly body: readonly { readonly type: string; readonly inlines: readonly Run[] }[];
  readonly actions: readonly OpenUrl[];
}

const FLOW =
  '/workflows/5fb7f9c4/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sig=Zm9yLXRlc3Rz';
const BYTES = 28 * 1_024;
const MESSAGES_A_MINUTE = 240;

export const startTeams = (): Promise<Robot<TeamsCard>> =>
  startRobot(FLOW, (request, taken) => {
    const refused = refusal(request, taken);
    if (refused !== undefined) return { refused };
    const [attachment] = (parsed(request.body) as { attachments: { content: TeamsCard }[] }).attachments;
    return { message: attachment!.content, answer: { status: 202 } };
  });

function refusal({ method, path, headers, body }: ReceivedRequest, taken: number): HttpReaction | undefined {
  const { pathname, searchParams } = new URL(path, 'http://flow');
  if (pathname !== new URL(FLOW, 'http://flow').pathname) return problem(404, 'WorkflowNotFound');
  if (searchParams.get('sig') !== 'Zm9yLXRlc3Rz') return problem(401, 'DirectApiAuthorizationRequired');
  if (method !== 'POST' || headers['content-type'] !== 'application/json') return problem(400, 'InvalidRequestContent');
  if (Math.max(Buffer.byteLength(body), 2 * body.length) > BYTES) return problem(413, 'RequestEntityTooLarge');
  const { type, attachments } = (parsed(body) ?? {}) as { type?: unknown; attachments?: readonly Attachment[] };
  if (type !== 'message' || attachments?.length !== 1 || !isCard(attachments[0]!)) {
    return problem(400, 'TriggerInputSchemaMismatch');
  }
  return taken >= MESSAGES_A_MINUTE
    ? { ...problem(429, 'WorkflowTriggerRequestsThrottled'), headers: { 'retry-after': '20' } }
    : undefined;
}

const problem = (status: number, code: string): HttpReaction => json({ error: { code, message: `${code}.` } }, status);

interface Attachment {
  readonly contentType: string;
  readonly content: TeamsCard;
}

const isCard = ({ contentType, content: { type, version, body, actions } }: Attachment): boolean =>
  contentType === 'application/vnd.microsoft.card.adaptive' &&
  type === 'AdaptiveCard' &&
  version === '1.2' &&
  body.every(
    (block) =>
      block.type === 'RichTextBlock' &&
      block.inlines.every((run) => run.type === 'TextRun' && typeof run.text === 'string'),
  ) &&
  actions.every(({ type, title, url }) => type === 'Action.OpenUrl' && title !== '' && URL.canParse(url));
