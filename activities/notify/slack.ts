/**
 * The channel `slack`, as `channels.slack` says: to a person (`U…`), in whose direct messages it writes, or to a channel
 * (`C…`, `#incidents`). One message an incident for each who is told, kept up to date; what changed stands in its thread.
 */
import type { SlackChannel } from '../../domain/channels.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { SLACK_EVENT } from '../../links/slackButton.ts';
import { wordingOf } from '../../wording/index.ts';
import { SLACK } from '../../wording/slack.ts';
import type { NameOf } from '../../wording/wording.ts';
import type { NotifyReceipt, NotifyRequest } from '../contract.ts';
import { terminal } from '../errors.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn, recipientOf } from './channel.ts';
import { ackUrlOf, messageOf, noticeMessageOf } from './message.ts';
import { CALL_TIMEOUT } from './http.ts';
import type { Posted } from './slackApi.ts';
import { callSlack } from './slackApi.ts';
import type { SlackCard, SlackMessage } from './slackBlocks.ts';
import { slackMessage, slackReply, slackTextOf } from './slackBlocks.ts';
import type { Reader, Signing } from './slackCards.ts';
import { cardOfNotice, cardOfPage } from './slackCards.ts';
import type { SlackConversation } from './slackConversation.ts';
import type { Templated } from './templates.ts';
import { templated } from './templates.ts';
import { isDirect, readConversation, writeConversation } from './slackConversation.ts';

type Deps = Omit<ChannelDeps, 'print'> & { readonly timeout?: number };

/** Where is written to, by whose rules, and who reads there. */
interface Desk extends Reader {
  readonly slack: SlackChannel;
  readonly to: string;
  /** Ms since the epoch: an attempt is over by then, whatever it consists of. */
  readonly until: number;
}

/** Both throw as `recipientOf` and `callSlack` do, and CHANNEL_NOT_CONFIGURED, terminal. `timeout` in milliseconds is for tests. */
export function slackChannel(deps: Deps): ChannelActivities {
  const { configuration } = deps;
  return {
    async notify(request) {
      const present = configuration();
      const { user, contact } = recipientOf(present, 'slack', request);
      const desk = deskOf(present, contact.to ?? '', user, deps.timeout);
      const own = templated(present.templates, 'slack', messageOf(request, { ...user, ...deps }));
      const card = cardOfPage(request, own.own('page'), deps, desk);
      const receipt = await page(desk, request, card);
      keepText(deps, request, slackTextOf(shown(desk, card)), ackUrlOf(request, deps));
      return own.told(receipt);
    },
    async tell(request) {
      const present = configuration();
      const { to, reader } = toldBy(present, request);
      const desk = deskOf(present, to, reader, deps.timeout);
      const nameOf = namesIn(present);
      const own = templated(present.templates, 'slack', noticeMessageOf(request, { ...reader, nameOf }));
      return own.told(await inform(desk, request, { ...deps, nameOf, own }));
    },
  };
}

function deskOf(
  { channels: { slack } }: Configuration,
  to: string,
  { language, timezone: zone }: Pick<Configuration['organization'], 'language' | 'timezone'>,
  timeout = CALL_TIMEOUT,
): Desk {
  if (slack === undefined) throw terminal('CHANNEL_NOT_CONFIGURED', 'channels.slack is not in the configuration');
  const heard = slack.signingSecret !== undefined || slack.appToken !== undefined;
  const until = Date.now() + timeout;
  return { slack, to, until, zone, heard, wording: wordingOf(language), alone: /^[UWD]/.test(to) };
}

function toldBy(present: Configuration, { to }: NoticeRequest) {
  if (to.kind === 'subscriber') return { to: to.endpoint, reader: present.organization };
  const { user, contact } = recipientOf(present, 'slack', to);
  return { to: contact.to ?? '', reader: user };
}

/** A later page is a message that is noticed: of its own in direct messages, and shown to the channel beside the thread elsewhere. */
async function page(desk: Desk, request: NotifyRequest, card: SlackCard): Promise<NotifyReceipt> {
  const { notification } = request;
  const before = readConversation(request.conversation, desk.to);
  if (before === null) return begin(desk, card, notification);
  if (isDirect(before)) {
    const receipt = await begin(desk, card, notification);
    await beside(
      update(desk, before, {
        ...card,
        said: [SLACK[desk.wording.language].continuesBelow],
        viewUrl: null,
        button: null,
      }),
    );
    return receipt;
  }
  if ((await beside(update(desk, before, card))) === null) return begin(desk, card, notification);
  const posted = await post(desk, slackReply(card.said.join('\n')), { thread_ts: before.ts, reply_broadcast: true });
  return posted === null ? begin(desk, card, notification) : receiptOf(posted);
}

async function inform(
  desk: Desk,
  request: NoticeRequest,
  { nameOf, own, ...signing }: Signing & { readonly nameOf: NameOf; readonly own: Templated<'slack'> },
): Promise<NotifyReceipt> {
  const { to, type, silent = false } = request;
  const before = readConversation(request.conversation, desk.to);
  if (before !== null && isEcho(request, before)) return { detail: 'it came from there' };
  const page = before?.notification ?? null;
  const card = cardOfNotice(request, { page, body: own.own('page') }, signing, { ...desk, nameOf });
  const there = before === null ? null : SAID_BESIDE.has(type) && !silent ? before : await update(desk, before, card);
  if (before === null || there === null) {
    return silent ? { detail: 'there is no message to keep up to date' } : begin(desk, card, page);
  }
  if (silent && isDirect(before)) return receiptOf(there);
  const { wording, zone } = desk;
  const reply = slackReply(wording.change(request, { nameOf, zone }), own.own('notice'));
  const reply_broadcast = to.kind === 'contact' && !silent;
  const posted = await post(desk, reply, { thread_ts: before.ts, ...(reply_broadcast ? { reply_broadcast } : {}) });
  return receiptOf(posted ?? there);
}

/** What is said of it, and changes nothing of how it is. */
const SAID_BESIDE: ReadonlySet<NoticeRequest['type']> = new Set<NoticeRequest['type']>([
  'incident.noted',
  'incident.statusUpdated',
]);

/** What somebody wrote in the thread stands there. */
const isEcho = ({ type, entry }: NoticeRequest, { channel }: Posted): boolean =>
  type === 'incident.noted' && entry?.actor.via === `slack ${channel}`;

/** What comes beside a page: the page went out, or goes out, whatever comes of it. Undefined where it failed. */
const beside = async (attempt: Promise<Posted | null>): Promise<Posted | null | undefined> =>
  attempt.catch(() => undefined);

async function begin(desk: Desk, card: SlackCard, notification: string | null): Promise<NotifyReceipt> {
  const posted = await post(desk, shown(desk, card), { metadata: metadataOf(card, notification) });
  if (posted === null) throw terminal('PROVIDER_REFUSED', 'Slack answered that there is no such message');
  return { ...receiptOf(posted), conversation: writeConversation({ ...posted, notification }, desk.to) };
}

const post = (desk: Desk, message: SlackMessage, more: object): Promise<Posted | null> =>
  callSlack(desk.slack, 'chat.postMessage', { channel: desk.to, ...message, ...QUIET, ...more }, leftOf(desk));

/** Takes half of the time that is left at the most, for a message may follow. */
const update = (desk: Desk, { channel, ts, notification }: SlackConversation, card: SlackCard) =>
  callSlack(
    desk.slack,
    'chat.update',
    { channel, ts, ...shown(desk, card), parse: 'none', metadata: metadataOf(card, notification) },
    Math.ceil(leftOf(desk) / 2),
  );

const leftOf = ({ until }: Desk): number => Math.max(1, until - Date.now());

/** No previews of links that an alert carries. */
const QUIET = { unfurl_links: false, unfurl_media: false } as const;

/** By it the incident is found when somebody answers in the thread (https://docs.slack.dev/messaging/message-metadata). */
const metadataOf = ({ incident: { id } }: SlackCard, notification: string | null) => ({
  event_type: SLACK_EVENT,
  event_payload: { incident: id, ...(notification === null ? {} : { notification }) },
});

const shown = ({ wording, zone }: Desk, card: SlackCard): SlackMessage => slackMessage(card, wording, zone);

const receiptOf = ({ channel, ts }: Posted): NotifyReceipt => ({ providerId: `${channel}/${ts}` });
