/** Which incident a thread in Slack is of: its first message says so itself, so that nothing has to be kept of it. */
import type { SlackChannel } from '../../domain/channels.ts';
import { minutes } from '../../domain/duration.ts';
import { TocsinError } from '../../domain/errors.ts';
import { SLACK_EVENT } from '../../links/slackButton.ts';
import { BoundedMap } from '../../intake/boundedMap.ts';
import type { SlackReply } from './slackPayloads.ts';

export interface SlackThreads {
  /** The incident's id; null where the thread is none of ours. Throws PROVIDER_UNREACHABLE. */
  incidentOf(slack: SlackChannel, reply: SlackReply): Promise<string | null>;
  /** Tells one person alone, in the thread. Throws PROVIDER_UNREACHABLE. */
  tell(slack: SlackChannel, reply: SlackReply, text: string): Promise<void>;
}

/** Who we are there. */
interface Bot {
  readonly user: string;
  readonly bot: string;
}

/** Slack waits 3 s for an answer, and what is done with it takes some of that. */
const CALL_TIMEOUT = 1_500;
const THREADS = 2_000;
const REMEMBERED_FOR = minutes(60);
/** The message is not there, or not for this app: no thread of ours. */
const NOT_THERE: ReadonlySet<string> = new Set([
  'thread_not_found',
  'message_not_found',
  'channel_not_found',
  'not_in_channel',
]);

export function slackThreads(): SlackThreads {
  const incidents = new BoundedMap<string, string | null>(THREADS, REMEMBERED_FOR);
  const bots = new BoundedMap<string, Bot>(1, REMEMBERED_FOR);

  async function botOf(slack: SlackChannel): Promise<Bot> {
    const known = bots.get(slack.botToken);
    if (known !== undefined) return known;
    const { user_id: user = '', bot_id: bot = '' } = await ask(slack, 'auth.test', {});
    const found = { user: String(user), bot: String(bot) };
    bots.set(slack.botToken, found);
    return found;
  }

  async function lookUp(slack: SlackChannel, { channel, thread_ts, parent_user_id: parent }: SlackReply) {
    const ours = await botOf(slack);
    if (parent !== undefined && parent !== ours.user) return null;
    const answer = await ask(slack, 'conversations.replies', {
      channel,
      ts: thread_ts,
      limit: 1,
      include_all_metadata: true,
    });
    const [first] = (answer['messages'] ?? []) as { bot_id?: unknown; ts?: unknown; metadata?: Metadata }[];
    if (first?.ts !== thread_ts || first.bot_id !== ours.bot || first.metadata?.event_type !== SLACK_EVENT) return null;
    const incident = first.metadata.event_payload?.incident;
    return typeof incident === 'string' ? incident : null;
  }

  return {
    async incidentOf(slack, reply) {
      const thread = `${reply.channel}/${reply.thread_ts}`;
      const known = incidents.get(thread);
      if (known !== undefined) return known;
      const found = await lookUp(slack, reply);
      incidents.set(thread, found);
      return found;
    },
    async tell(slack, { channel, user, thread_ts }, text) {
      await ask(slack, 'chat.postEphemeral', { channel, user, thread_ts, text });
    },
  };
}

interface Metadata {
  readonly event_type?: unknown;
  readonly event_payload?: { readonly incident?: unknown };
}

/** Nothing of the answer where Slack has no such message. */
async function ask(
  { botToken, apiUrl }: SlackChannel,
  method: string,
  what: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { WebClient, WebAPIPlatformError, LogLevel } = await import('@slack/web-api');
  const client = new WebClient(botToken, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT,
    logLevel: LogLevel.ERROR,
  });
  try {
    return { ...(await client.apiCall(method, what)) };
  } catch (error) {
    if (error instanceof WebAPIPlatformError && NOT_THERE.has(error.data.error)) return {};
    throw new TocsinError('PROVIDER_UNREACHABLE', `Slack, ${method}: ${(error as Error).message}`, { cause: error });
  }
}
