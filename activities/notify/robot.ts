/**
 * Channels of one kind: a message is put into its vendor's shape and posted to an address that the operator was given, of a
 * group's robot, a workflow or a topic. The address is the operator's own and may be a stand-in or a proxy in their network,
 * so it is not kept to public ones.
 */
import type { GroupRobot } from '../../domain/channels.ts';
import type { Configuration, User } from '../../domain/configuration.ts';
import type { Severity } from '../../domain/event.ts';
import type { NoticeRequest, NoticeType } from '../../domain/notice.ts';
import type { NotifyReceipt, NotifyRequest } from '../contract.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn, recipientOf } from './channel.ts';
import type { Destination, Endpoint } from './endpoint.ts';
import { endpointOfContact, endpointOfNotice } from './endpoint.ts';
import type { Asked } from './answer.ts';
import type { Answered, Call } from './http.ts';
import { call } from './http.ts';
import type { Message } from './message.ts';
import { messageOf, noticeMessageOf } from './message.ts';
import { templated } from './templates.ts';

export type RobotChannel = 'wecom' | 'dingtalk' | 'feishu' | 'teams' | 'ntfy';

/** How it is coloured, or how loud it is: by severity while it wants somebody, and by state from then on. */
export type Tone = Severity | 'acknowledged' | 'resolved';

/** What is said, for the channel to put into its own shape. */
export interface Said {
  readonly message: Message;
  /** In place of the message's text, by a template of the operator's; null where there is none. */
  readonly own: string | null;
  readonly tone: Tone;
  /** Whose page it is; null in a notice. */
  readonly paged: User | null;
  /** Who is called upon by name, where the endpoint knows what they are called there. */
  readonly called: readonly User[];
}

/** The message as it is shown: the operator's own text stands in place of all that Tocsin says but the title. */
export const shownOf = ({ message, own }: Said): Message =>
  own === null ? message : { ...message, summary: '', present: null, facts: [], links: [], details: own };

/** One request, which is always JSON. */
export interface Post {
  /** The endpoint's own where absent. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
  /** As people read it, for the ledger; the body where absent. */
  readonly text?: string;
  /** Kept out of what is told of the answer, beside the address. */
  readonly secrets?: readonly string[];
}

export interface Robot<Kind extends RobotChannel> {
  readonly channel: Kind;
  /** What its endpoints are called in a failure: `WeCom robot`. */
  readonly called: string;
  post(said: Said, endpoint: Endpoint<Kind>): Post;
  /** What an answer of 200 to 299 comes to. Throws where it is no success. */
  read(answer: Answered, asked: Asked): NotifyReceipt;
  /** What any other answer means, where it is more than its status says. */
  refusal?(
    answer: Answered,
    asked: Asked,
    after: Parameters<NonNullable<Call['refusal']>>[1],
  ): ReturnType<NonNullable<Call['refusal']>>;
}

/** What the endpoint calls these users, of whom it knows that. */
export const idsThere = (users: readonly User[], { mentions = {} }: GroupRobot): readonly string[] =>
  users.flatMap(({ id }) => (Object.hasOwn(mentions, id) ? (mentions[id] ?? []) : []));

type RobotDeps = Omit<ChannelDeps, 'print'> & { readonly timeout?: number };

/** Both activities throw as `endpointOfContact`, `call` and the robot's own `read` and `refusal` do. `timeout` in milliseconds is for tests. */
export const robotChannel =
  <Kind extends RobotChannel>(robot: Robot<Kind>) =>
  (deps: RobotDeps): ChannelActivities => {
    const { configuration, secret, publicUrl, timeout } = deps;
    return {
      async notify(request: NotifyRequest) {
        const present = configuration();
        const destination = endpointOfContact(present, robot.channel, request);
        const { user } = recipientOf(present, robot.channel, request);
        const message = messageOf(request, { ...destination, secret, publicUrl });
        const tone = toneOf(request.incident.severity);
        const own = templated<RobotChannel>(present.templates, robot.channel, message);
        const said: Said = { message, own: own.own('page'), tone, paged: user, called: [user] };
        const { receipt, text } = await send(robot, said, destination, timeout);
        keepText(deps, request, text, message.ackUrl);
        return own.told(receipt);
      },
      async tell(request: NoticeRequest) {
        const present = configuration();
        const destination = endpointOfNotice(present, robot.channel, request);
        const message = noticeMessageOf(request, { ...destination, nameOf: namesIn(present) });
        const tone = noticeTone(request.incident);
        const own = templated<RobotChannel>(present.templates, robot.channel, message);
        const said: Said = { message, own: own.own('notice'), tone, paged: null, called: calledUpon(request, present) };
        return own.told((await send(robot, said, destination, timeout)).receipt);
      },
    };
  };

async function send<Kind extends RobotChannel>(
  robot: Robot<Kind>,
  said: Said,
  { name, endpoint }: Destination<Kind>,
  timeout: number | undefined,
): Promise<{ receipt: NotifyReceipt; text: string }> {
  const { url = endpoint.url, headers = {}, body, text, secrets = [] } = robot.post(said, endpoint);
  const asked: Asked = { what: `${robot.called} ${name}`, path: `channels.${robot.channel}.${name}` };
  const json = JSON.stringify(body);
  const { ackUrl } = said.message;
  const answer = await call({
    url,
    headers: { 'content-type': 'application/json', ...headers },
    body: json,
    allowPrivate: true,
    what: asked.what,
    secrets: [...secrets, endpoint.url, ...(ackUrl === null ? [] : [ackUrl])],
    refusal: (refused, after) => robot.refusal?.(refused, asked, after),
    ...(timeout === undefined ? {} : { timeout }),
  });
  return { receipt: robot.read(answer, asked), text: text ?? json };
}

/** An alert without a severity counts as an error (lifecycle §8). */
const toneOf = (severity: Severity | null): Tone => severity ?? 'error';

const noticeTone = ({ status, severity }: NoticeRequest['incident']): Tone =>
  status === 'resolved' || status === 'acknowledged' ? status : toneOf(severity);

/** After which changes somebody is to do something who had not been told to before. */
const CALLS: ReadonlySet<NoticeType> = new Set<NoticeType>([
  'incident.triggered',
  'incident.reopened',
  'incident.escalated',
  'incident.reassigned',
  'incident.unacknowledged',
]);

/** A group is told whose turn it is; a person is told elsewhere what concerns them. */
function calledUpon({ to, type, incident }: NoticeRequest, { users }: Configuration): readonly User[] {
  if (to.kind !== 'subscriber' || incident.status !== 'triggered' || !CALLS.has(type)) return [];
  return incident.assignees.flatMap((id) => users.get(id) ?? []);
}
