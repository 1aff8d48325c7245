/**
 * Slack on loopback, as it is known: the Web API that takes forms and answers 200 to nearly everything (docs.slack.dev/reference/methods),
 * Block Kit's limits (docs.slack.dev/reference/block-kit), what it sends when a button is pressed or somebody writes, signed
 * (docs.slack.dev/authentication/verifying-requests-from-slack), and Socket Mode (docs.slack.dev/apis/events-api/using-socket-mode).
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { HttpReaction, HttpServer, ReceivedRequest } from '../httpServer.ts';
import { startHttpServer } from '../httpServer.ts';
import type { WebSocketServer } from '../webSocketServer.ts';
import { startWebSocketServer } from '../webSocketServer.ts';

interface Text {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
}

export interface SlackElement {
  readonly type: string;
  readonly action_id?: string;
  readonly value?: string;
  readonly url?: string;
  readonly text?: Text | string;
}

export interface SlackBlock {
  readonly type: string;
  readonly text?: Text;
  readonly fields?: readonly Text[];
  readonly elements?: readonly SlackElement[];
}

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts: string | null;
  readonly broadcast: boolean;
  readonly metadata: { readonly event_type: string; readonly event_payload: Record<string, string> } | null;
  readonly bot: boolean;
  /** Of now; the first is what was posted. */
  text: string;
  blocks: readonly SlackBlock[];
  edits: number;
}

export interface SlackStandIn {
  /** For `channels.slack`. */
  readonly configured: {
    readonly botToken: string;
    readonly signingSecret: string;
    readonly appToken: string;
    readonly apiUrl: string;
  };
  readonly server: HttpServer;
  readonly messages: SlackMessage[];
  /** What was told to one person alone, by a `response_url` or by chat.postEphemeral. */
  readonly ephemerals: { readonly user: string; readonly text: string }[];
  /** Calls by method, those that were refused included. */
  readonly calls: string[];
  /** The next call of this method gets that instead; `lost`: it is done, and its answer is lost. */
  next(method: string, reaction: HttpReaction | 'lost' | { readonly error: string }): void;
  /** Posted to `url`, signed; `response_url` is this stand-in's. */
  press(url: string, message: SlackMessage, action: string, user: string, more?: Pressed): Promise<Response>;
  payload(message: SlackMessage, action: string, user: string, more?: Pressed): Record<string, unknown>;
  /** What somebody wrote in the thread of `message`. */
  written(message: SlackMessage, user: string, text: string, more?: Record<string, unknown>): Record<string, unknown>;
  post(url: string, body: string, type: string, more?: Signed): Promise<Response>;
  /** Has the app, where it is connected by Socket Mode, take that; resolves to whether it acknowledged within 5 s. */
  send(type: 'interactive' | 'events_api', payload: unknown): Promise<boolean>;
  /** Connections by Socket Mode that are open. */
  readonly sockets: WebSocketServer;
  /** In seconds, as `X-Slack-Request-Timestamp`. */
  sign(body: string, timestamp: number, secret?: string): string;
  stop(): Promise<void>;
}

export interface Pressed {
  readonly action_ts?: string;
  readonly value?: string;
  readonly response_url?: string;
}

export interface Signed {
  readonly timestamp?: number;
  readonly signature?: string | null;
  readonly secret?: string;
  readonly headers?: Record<string, string>;
}

const BOT_TOKEN = 'xoxb-1-stand-in';
const APP_TOKEN = 'xapp-1-stand-in';
const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const APP = 'A0TOCSIN';
const BOT = 'B0TOCSIN';
const BOT_USER = 'U0BOT';
const TEAM = 'T0001';

/** Names and people of the workspace. */
const CHANNELS: Readonly<Record<string, string>> = {
  '#incidents': 'C0INCIDENTS',
  '#old': 'C0OLD',
  '#apart': 'C0APART',
};
const ARCHIVED = 'C0OLD';
const NOT_MEMBER = 'C0APART';
const PEOPLE: readonly string[] = ['U02ANA', 'U03BOB', 'U04CYN', 'W05DAN'];

type Answer = Record<string, unknown>;
const no = (error: string, messages: readonly string[] = []): Answer => ({
  ok: false,
  error,
  ...(messages.length === 0 ? {} : { response_metadata: { messages } }),
});

export async function startSlack(): Promise<SlackStandIn> {
  const server = await startHttpServer();
  const messages: SlackMessage[] = [];
  const ephemerals: { user: string; text: string }[] = [];
  const calls: string[] = [];
  const instead = new Map<string, HttpReaction | 'lost' | { readonly error: string }>();
  const acknowledged = new Map<string, () => void>();
  const sockets = await startWebSocketServer(
    (text) => {
      const { envelope_id: id } = JSON.parse(text) as { envelope_id?: string };
      acknowledged.get(id ?? '')?.();
    },
    (socket) => socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: APP } })),
  );
  let count = 0;
  const tick = (): string => `${Math.floor(Date.now() / 1_000)}.${String((count += 1)).padStart(6, '0')}`;

  /** https://docs.slack.dev/reference/methods/chat.postMessage#channels: an id, a `#name`, or a person, whose direct messages are opened. */
  const place = (channel: string): string | Answer => {
    const id = CHANNELS[channel] ?? (PEOPLE.includes(channel) ? `D${channel.slice(1)}` : channel);
    const known = Object.values(CHANNELS).includes(id) || PEOPLE.some((each) => `D${each.slice(1)}` === id);
    if (!known) return no('channel_not_found');
    if (id === ARCHIVED) return no('is_archived');
    return id === NOT_MEMBER ? no('not_in_channel') : id;
  };

  const methods: Readonly<Record<string, (form: URLSearchParams) => Answer>> = {
    'auth.test': () => ({ ok: true, team_id: TEAM, user_id: BOT_USER, bot_id: BOT, app_id: APP }),
    'chat.postMessage'(form) {
      const channel = place(form.get('channel') ?? '');
      if (typeof channel !== 'string') return channel;
      const wrong = wrongIn(form);
      if (wrong !== null) return wrong;
      const thread = form.get('thread_ts');
      if (thread !== null && !messages.some(({ ts }) => ts === thread)) return no('thread_not_found');
      const message: SlackMessage = {
        channel,
        ts: tick(),
        thread_ts: thread,
        broadcast: form.get('reply_broadcast') === 'true',
        bot: true,
        edits: 0,
        ...contentOf(form),
        metadata: metadataOf(form),
      };
      messages.push(message);
      return { ok: true, channel, ts: message.ts, message: shown(message) };
    },
    'chat.update'(form) {
      // "For direct messages, ensure that this value is a DM ID (starts with D)": docs.slack.dev/reference/methods/chat.update
      const id = form.get('channel') ?? '';
      if (!/^[CDG]/.test(id)) return no('channel_not_found');
      const message = messages.find(({ channel, ts }) => channel === id && ts === form.get('ts'));
      if (message === undefined) return no('message_not_found');
      if (!message.bot) return no('cant_update_message');
      const wrong = wrongIn(form);
      if (wrong !== null) return wrong;
      Object.assign(message, contentOf(form), { edits: message.edits + 1 });
      return { ok: true, channel: id, ts: message.ts, text: message.text };
    },
    'chat.postEphemeral'(form) {
      const channel = place(form.get('channel') ?? '');
      if (typeof channel !== 'string') return channel;
      if ((form.get('text') ?? '') === '') return no('no_text');
      ephemerals.push({ user: form.get('user') ?? '', text: form.get('text') ?? '' });
      return { ok: true, message_ts: tick() };
    },
    'conversations.replies'(form) {
      const parent = messages.find(({ channel, ts }) => channel === form.get('channel') && ts === form.get('ts'));
      if (parent === undefined) return no('thread_not_found');
      const whole = form.get('include_all_metadata') === 'true';
      const thread = [parent, ...messages.filter(({ thread_ts }) => thread_ts === parent.ts)];
      const limit = Number(form.get('limit') ?? '1000');
      return {
        ok: true,
        messages: thread
          .slice(0, limit)
          .map((each) => ({ ...shown(each), ...(whole ? { metadata: each.metadata } : {}) })),
      };
    },
    'apps.connections.open': () => ({ ok: true, url: `${sockets.url}/link/?ticket=${randomUUID()}&app_id=${APP}` }),
  };

  server.answer('/api/', (request) => {
    const method = request.path.slice('/api/'.length);
    calls.push(method);
    const special = instead.get(method);
    instead.delete(method);
    if (special !== undefined && special !== 'lost') return 'error' in special ? answered(no(special.error)) : special;
    const answer = answerTo(method, request, methods);
    return special === 'lost' ? { instead: 'reset' } : answered(answer);
  });
  // docs.slack.dev/interactivity/handling-user-interaction#message_responses
  server.answer('/actions/', ({ path, body }) => {
    const { text = '', response_type: type } = JSON.parse(body) as { text?: string; response_type?: string };
    if (type === 'ephemeral') ephemerals.push({ user: path.split('/').at(-1) ?? '', text });
    return { body: 'ok' };
  });

  const sign = (body: string, timestamp: number, secret = SIGNING_SECRET): string =>
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

  const standIn: SlackStandIn = {
    configured: {
      botToken: BOT_TOKEN,
      signingSecret: SIGNING_SECRET,
      appToken: APP_TOKEN,
      apiUrl: `${server.url}/api/`,
    },
    server,
    messages,
    ephemerals,
    calls,
    sockets,
    sign,
    next: (method, reaction) => void instead.set(method, reaction),
    payload(message, action, user, more = {}) {
      const element = message.blocks.flatMap(({ elements = [] }) => elements).find((each) => each.action_id === action);
      if (element === undefined && more.value === undefined) throw new Error(`there is no button ${action}`);
      return {
        type: 'block_actions',
        team: { id: TEAM, domain: 'example' },
        user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: TEAM },
        api_app_id: APP,
        token: 'not-used-any-more',
        container: { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: false },
        trigger_id: `${tick()}.x`,
        channel: { id: message.channel, name: message.channel.startsWith('D') ? 'directmessage' : 'incidents' },
        message: shown(message),
        state: { values: {} },
        response_url: more.response_url ?? `${server.url}/actions/${TEAM}/${user}`,
        actions: [
          {
            type: 'button',
            action_id: action,
            block_id: 'b1',
            text: element?.text ?? { type: 'plain_text', text: action },
            ...(more.value === undefined
              ? element?.value === undefined
                ? {}
                : { value: element.value }
              : { value: more.value }),
            action_ts: more.action_ts ?? tick(),
          },
        ],
      };
    },
    async press(url, message, action, user, more) {
      const body = new URLSearchParams({ payload: JSON.stringify(standIn.payload(message, action, user, more)) });
      return standIn.post(url, body.toString(), 'application/x-www-form-urlencoded');
    },
    written: (message, user, text, more = {}) => ({
      token: 'not-used-any-more',
      team_id: TEAM,
      api_app_id: APP,
      event: {
        type: 'message',
        user,
        text,
        ts: tick(),
        team: TEAM,
        thread_ts: message.ts,
        parent_user_id: message.bot ? BOT_USER : 'U04CYN',
        channel: message.channel,
        channel_type: message.channel.startsWith('D') ? 'im' : 'channel',
        ...more,
      },
      type: 'event_callback',
      event_id: `Ev${count}`,
      event_time: Math.floor(Date.now() / 1_000),
      authorizations: [{ team_id: TEAM, user_id: BOT_USER, is_bot: true }],
    }),
    async post(url, body, type, { timestamp = Math.floor(Date.now() / 1_000), signature, secret, headers = {} } = {}) {
      const signed = signature === undefined ? sign(body, timestamp, secret) : signature;
      return fetch(url, {
        method: 'POST',
        headers: {
          'content-type': type,
          'x-slack-request-timestamp': String(timestamp),
          ...(signed === null ? {} : { 'x-slack-signature': signed }),
          ...headers,
        },
        body,
      });
    },
    async send(type, payload) {
      const id = randomUUID();
      const answered = new Promise<boolean>((resolve) => {
        const late = setTimeout(() => resolve(false), 5_000).unref();
        acknowledged.set(id, () => {
          clearTimeout(late);
          resolve(true);
        });
      });
      sockets.send(JSON.stringify({ envelope_id: id, type, payload, accepts_response_payload: false }));
      return answered;
    },
    async stop() {
      await Promise.all([server.stop(), sockets.stop()]);
    },
  };
  return standIn;
}

function answerTo(
  method: string,
  { headers, body, method: verb }: ReceivedRequest,
  methods: Readonly<Record<string, (form: URLSearchParams) => Answer>>,
): Answer {
  const { authorization, 'content-type': type = '' } = headers;
  if (verb !== 'POST' || !type.startsWith('application/x-www-form-urlencoded')) return no('invalid_form_data');
  if (authorization === undefined) return no('not_authed');
  const token = method === 'apps.connections.open' ? APP_TOKEN : BOT_TOKEN;
  if (authorization !== `Bearer ${token}`) return no('invalid_auth');
  return methods[method]?.(new URLSearchParams(body)) ?? no('unknown_method');
}

const answered = (answer: Answer): HttpReaction => {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  if (answer['error'] !== 'ratelimited') return { headers, body: JSON.stringify(answer) };
  return { status: 429, headers: { ...headers, 'retry-after': '3' }, body: JSON.stringify(answer) };
};

const contentOf = (form: URLSearchParams): Pick<SlackMessage, 'text' | 'blocks'> => ({
  text: form.get('text') ?? '',
  blocks: JSON.parse(form.get('blocks') ?? '[]') as SlackBlock[],
});

const metadataOf = (form: URLSearchParams): SlackMessage['metadata'] =>
  JSON.parse(form.get('metadata') ?? 'null') as SlackMessage['metadata'];

const shown = ({ ts, text, blocks, thread_ts: thread, bot }: SlackMessage): Answer => ({
  type: 'message',
  user: bot ? BOT_USER : 'U04CYN',
  ts,
  text,
  blocks,
  ...(bot ? { bot_id: BOT, app_id: APP } : {}),
  ...(thread === null ? {} : { thread_ts: thread }),
});

/** The limits that Slack has; null where all of them are kept. */
function wrongIn(form: URLSearchParams): Answer | null {
  const { text, blocks } = contentOf(form);
  if (text === '' && blocks.length === 0) return no('no_text');
  // docs.slack.dev/reference/methods/chat.postMessage: beyond 40,000 characters Slack cuts.
  if (text.length > 40_000) return no('msg_too_long');
  if (blocks.length > 50) return no('invalid_blocks', ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]']);
  const wrong = blocks.flatMap((block, index) =>
    wrongBlock(block).map((each) => `[ERROR] ${each} [json-pointer:/blocks/${index}]`),
  );
  if (wrong.length > 0) return no('invalid_blocks', wrong);
  // github.com/slackapi/bolt-js/issues/2509: about 13,200 characters in all blocks.
  const all = blocks.flatMap(({ text: one, fields = [] }) => [...(one === undefined ? [] : [one]), ...fields]);
  if (all.reduce((sum, { text: each }) => sum + each.length, 0) > 13_200) return no('msg_blocks_too_long');
  const metadata = metadataOf(form);
  const flat = Object.values(metadata?.event_payload ?? {}).every((value) => typeof value === 'string');
  return metadata === null || (typeof metadata.event_type === 'string' && flat) ? null : no('invalid_metadata_format');
}

function wrongBlock({ type, text, fields, elements = [] }: SlackBlock): readonly string[] {
  const bad: string[] = [];
  const check = (what: string, value: string | undefined, limit: number): void => {
    if (value !== undefined && (value.length === 0 || value.length > limit))
      bad.push(`${what} must have 1 to ${limit} characters`);
  };
  switch (type) {
    case 'header':
      if (text?.type !== 'plain_text') bad.push('a header has plain text');
      check('header', text?.text ?? '', 150);
      break;
    case 'section':
      if (text === undefined && fields === undefined) bad.push('a section has text or fields');
      check('text', text?.text, 3_000);
      if (fields !== undefined && (fields.length === 0 || fields.length > 10)) bad.push('1 to 10 fields');
      for (const { text: each } of fields ?? []) check('field', each, 2_000);
      break;
    case 'actions': {
      if (elements.length === 0 || elements.length > 25) bad.push('1 to 25 elements');
      const ids = elements.map(({ action_id: id }) => id);
      if (new Set(ids).size < ids.length) bad.push('action_id is not unique');
      for (const { text: label, value, action_id: id, url } of elements) {
        check('button', typeof label === 'object' ? label.text : label, 75);
        check('value', value, 2_000);
        check('action_id', id, 255);
        check('url', url, 3_000);
      }
      break;
    }
    case 'context':
      if (elements.length === 0 || elements.length > 10) bad.push('1 to 10 elements');
      break;
    default:
      bad.push(`unsupported type: ${type}`);
  }
  return bad;
}
