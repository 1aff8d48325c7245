/** What comes of a button that is pressed in Slack, and of what is written in the thread of an incident, whichever way it came. */
import type { FastifyBaseLogger } from 'fastify';
import { request } from 'undici';
import type { SlackChannel } from '../../domain/channels.ts';
import type { User } from '../../domain/configuration.ts';
import { mrkdwn, readMrkdwn } from '../../domain/mrkdwn.ts';
import { cut } from '../../domain/text.ts';
import { readSlackButton } from '../../links/slackButton.ts';
import { wordingOf } from '../../wording/index.ts';
import { SLACK } from '../../wording/slack.ts';
import type { ApiDeps } from '../deps.ts';
import type { Acted, ChannelAction } from './acting.ts';
import { act, turnAway } from './acting.ts';
import type { SlackPayload, SlackPress, SlackReply } from './slackPayloads.ts';
import { slackThreads } from './slackThreads.ts';

export type SlackDeps = Pick<ApiDeps, 'incidents' | 'configuration' | 'secret'> & { readonly now?: () => number };

/** Does what was asked. Throws TEMPORAL_UNAVAILABLE and PROVIDER_UNREACHABLE; then it is not done, and may be sent again. */
export type SlackHandling = (payload: SlackPayload, slack: SlackChannel) => Promise<void>;

const ACTIONS: Readonly<Record<string, ChannelAction>> = {
  claim_incident: 'acknowledge',
  resolve_incident: 'resolve',
  escalate_incident: 'escalate',
  snooze_incident: 'snooze',
};

/** As many characters as a note has that comes by the API. */
const NOTE_LIMIT = 2_000;
const TOLD_LIMIT = 2_000;
const ANSWER_TIMEOUT = 3_000;

export function slackHandling(deps: SlackDeps, log: FastifyBaseLogger): SlackHandling {
  const { configuration, secret, now = Date.now } = deps;
  const threads = slackThreads();

  async function pressed(press: SlackPress, slack: SlackChannel): Promise<void> {
    for (const action of press.actions) {
      const what = Object.hasOwn(ACTIONS, action.action_id) ? ACTIONS[action.action_id] : undefined;
      // *View* is a link; that it is followed is told, too.
      if (what === undefined) continue;
      await pressedOne(press, what, action, slack);
    }
  }

  async function pressedOne(
    press: SlackPress,
    action: ChannelAction,
    { action_id, action_ts, value = '' }: SlackPress['actions'][number],
    slack: SlackChannel,
  ): Promise<void> {
    const user = userOf(press.user.id);
    const language = user?.language ?? configuration().organization.language;
    const say = (text: string): Promise<void> => answer(press.response_url, text, slack, log);
    const read = readSlackButton(secret, value, now());
    if (!read.ok) {
      log.warn({ code: read.code }, 'a button of Slack is refused');
      return say(wordingOf(language).refusal(read.code));
    }
    const { incident, level, pass, episode } = read.button;
    const shownAt = { level, pass, episode };
    const commandId = `slack.${press.user.id}.${action_id}.${action_ts}`;
    try {
      const acted = await actAs(user, press.user.id, {
        incident,
        action,
        commandId,
        shownAt,
        channel: press.channel?.id,
      });
      // What is done is told by the message itself, which is brought up to date.
      if (acted.kind !== 'done') await say(wordingOf(language).sentence(acted.sentence));
    } catch (error) {
      await say(SLACK[language].failed);
      throw error;
    }
  }

  async function written(reply: SlackReply, slack: SlackChannel): Promise<void> {
    const { user: slackUser, channel, ts } = reply;
    const user = userOf(slackUser);
    if (user === undefined) return;
    const text = cut(readMrkdwn(reply.text, (id) => userOf(id)?.name).trim(), NOTE_LIMIT);
    if (text === '') return;
    const incident = await threads.incidentOf(slack, reply);
    if (incident === null) return;
    const commandId = `slack.${channel}.${ts}`;
    const acted = await actAs(user, slackUser, { incident, action: 'notes', commandId, channel, text });
    if (acted.kind === 'done' || acted.kind === 'recorded') return;
    await threads.tell(slack, reply, mrkdwn(wordingOf(user.language).sentence(acted.sentence), TOLD_LIMIT));
  }

  /** Whose contact method that Slack user is. */
  const userOf = (slackUser: string): User | undefined =>
    [...configuration().users.values()].find(({ contacts }) =>
      contacts.some(({ channel, to }) => channel === 'slack' && to === slackUser),
    );

  async function actAs(
    user: User | undefined,
    slackUser: string,
    { channel, ...asked }: Omit<Parameters<typeof act>[1], 'user' | 'via'> & { readonly channel: string | undefined },
  ): Promise<Acted> {
    if (user === undefined) return turnAway(deps, { ...asked, via: `slack ${slackUser}`, code: 'UNKNOWN_USER' });
    return act(deps, { ...asked, user: user.id, via: `slack ${channel ?? slackUser}` });
  }

  return async (payload, slack) => {
    if (payload.kind === 'press') await pressed(payload.press, slack);
    if (payload.kind === 'reply') await written(payload.reply, slack);
  };
}

/** Where what is said to one person alone may be posted, beside the host that is configured. */
const ANSWERED_AT = ['https://hooks.slack.com', 'https://hooks.slack-gov.com'];

/** Tells who pressed, and nobody else (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses). What was done is done, whether this arrives or not. */
async function answer(
  url: string | undefined,
  text: string,
  { apiUrl }: SlackChannel,
  log: FastifyBaseLogger,
): Promise<void> {
  if (url === undefined) return;
  const origin = URL.canParse(url) ? new URL(url).origin : '';
  if (![...ANSWERED_AT, new URL(apiUrl).origin].includes(origin)) {
    log.warn('a response_url of Slack leads elsewhere, and is not answered');
    return;
  }
  const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, text: mrkdwn(text, TOLD_LIMIT) });
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await request(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_TIMEOUT) });
    await response.body.dump();
    if (response.statusCode !== 200)
      log.warn({ status: response.statusCode }, 'Slack did not take what it was to tell');
  } catch (error) {
    log.warn({ err: error }, 'Slack could not be reached with what it was to tell');
  }
}
