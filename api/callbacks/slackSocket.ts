/**
 * Slack by Socket Mode, where Tocsin has no public address (https://docs.slack.dev/apis/events-api/using-socket-mode): a
 * connection that is opened from here, while `channels.slack.appToken` is configured.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { Agent } from 'undici';
import type { SlackChannel } from '../../domain/channels.ts';
import { seconds } from '../../domain/duration.ts';
import type { SlackDeps, SlackHandling } from './slackHandling.ts';
import { inTime } from './slackInTime.ts';
import { readSlackPayload } from './slackPayloads.ts';

export interface SlackSocket {
  /** Connects, or does no longer, or anew, as the configuration is now. */
  look(): void;
  /** Ends when no connection is open, and what came by it is done. */
  stop(): Promise<void>;
}

interface Connection {
  readonly appToken: string;
  readonly apiUrl: string;
  stop(): Promise<void>;
}

/** After a connection that was open: Slack closes each after some hours, and asks to come back. */
const AFTER_CLOSED = seconds(1);
const AFTER_FAILED = seconds(30);
const CALL_TIMEOUT = seconds(10);
const CLOSED_WITHIN = seconds(3);

export function slackSocket({ configuration }: SlackDeps, handle: SlackHandling, log: FastifyBaseLogger): SlackSocket {
  let connection: Connection | undefined;
  let over = false;
  const stopping = new Set<Promise<void>>();
  const end = (): void => {
    if (connection === undefined) return;
    const stopped = connection.stop().finally(() => stopping.delete(stopped));
    stopping.add(stopped);
    connection = undefined;
  };
  return {
    look() {
      const { slack } = configuration().channels;
      if (over) return;
      if (connection?.appToken === slack?.appToken && connection?.apiUrl === slack?.apiUrl) return;
      end();
      if (slack?.appToken === undefined) return;
      const { appToken, apiUrl } = slack;
      const present = (): SlackChannel => configuration().channels.slack ?? slack;
      connection = {
        appToken,
        apiUrl,
        stop: connect({ appToken, apiUrl }, (payload) => handle(payload, present()), log),
      };
    },
    async stop() {
      over = true;
      end();
      await Promise.all(stopping);
    },
  };
}

/**
 * The library's own reconnecting is not used: where Slack refuses the token by then, it leaves a rejection that nobody
 * handles, and the process would end with it.
 */
function connect(
  { appToken, apiUrl }: Pick<Connection, 'appToken' | 'apiUrl'>,
  take: (payload: ReturnType<typeof readSlackPayload>) => Promise<void>,
  log: FastifyBaseLogger,
): () => Promise<void> {
  const ended = new AbortController();
  const dispatcher = new Agent();
  const underWay = new Set<Promise<unknown>>();
  let disconnect = async (): Promise<void> => undefined;

  async function run(): Promise<void> {
    const { SocketModeClient } = await import('@slack/socket-mode');
    const client = new SocketModeClient({
      appToken,
      autoReconnectEnabled: false,
      dispatcher,
      logger: quiet(log),
      clientOptions: {
        slackApiUrl: apiUrl,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: CALL_TIMEOUT,
      },
    });
    client.on('slack_event', ({ ack, type, body }: Envelope) => {
      const done = taken(ack, type, body).finally(() => underWay.delete(done));
      underWay.add(done);
    });
    disconnect = () => client.disconnect();
    while (!ended.signal.aborted) {
      const closed = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
      const gap = await client.start().then(
        () => closed.then(() => AFTER_CLOSED),
        (error: unknown) => {
          if (!ended.signal.aborted)
            log.error({ err: error }, 'Slack cannot be reached by Socket Mode: its buttons and threads are not heard');
          return AFTER_FAILED;
        },
      );
      await sleep(gap, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  }

  const failed = (error: unknown): void => log.error({ err: error }, 'what came from Slack could not be done');

  /** What could not be done is not acknowledged: Slack sends it again, or says so to who pressed. */
  async function taken(ack: Envelope['ack'], type: string, body: unknown): Promise<void> {
    try {
      if (type === 'interactive' || type === 'events_api') {
        const payload = readSlackPayload(body);
        const done = take(payload).finally(() => underWay.delete(done));
        underWay.add(done);
        await inTime(payload, done, failed);
      }
      await ack();
    } catch (error) {
      failed(error);
    }
  }

  const running = run();
  const close = async (): Promise<void> => {
    await disconnect();
    await dispatcher.destroy();
    await running;
  };
  return async () => {
    ended.abort();
    // The library waits half a minute for a peer that does not close its side.
    await Promise.race([close(), sleep(CLOSED_WITHIN, undefined, { ref: false })]);
    await Promise.allSettled(underWay);
  };
}

interface Envelope {
  readonly ack: () => Promise<void>;
  readonly type: string;
  readonly body: unknown;
}

/** Of what the library says only trouble is told: what it receives is others' business. */
function quiet(log: FastifyBaseLogger) {
  const trouble = (...said: unknown[]): void => log.warn(`Slack, Socket Mode: ${said.map(String).join(' ')}`);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: trouble,
    error: trouble,
    setLevel: () => undefined,
    getLevel: () => 'warn' as never,
    setName: () => undefined,
  };
}
