/** What the stand-ins of robots share: one address that messages are posted to, on loopback, and what it keeps. */
import type { HttpReaction, HttpServer, ReceivedRequest } from '../httpServer.ts';
import { startHttpServer } from '../httpServer.ts';
import type { Faults } from './faults.ts';
import { withFaults } from './faults.ts';

export interface Robot<Message> {
  /** The address of one that exists. */
  readonly url: string;
  readonly server: HttpServer;
  /** Those that it took. */
  readonly messages: readonly Message[];
  /** Faults for the next requests, one each. */
  readonly next: Faults['next'];
  /** Of a minute that goes on; a new one begins where it is called. */
  newMinute(): void;
  stop(): Promise<void>;
}

/** What came of a request: a message that is kept, or a refusal. */
export type Taken<Message> =
  { readonly message: Message; readonly answer: HttpReaction } | { readonly refused: HttpReaction };

/** `take`: judges a request; `taken` messages were taken in this minute. */
export async function startRobot<Message>(
  path: string,
  take: (request: ReceivedRequest, taken: number) => Taken<Message>,
): Promise<Robot<Message>> {
  const server = await startHttpServer();
  const messages: Message[] = [];
  let taken = 0;
  const { answering, next } = withFaults((request) => {
    const result = take(request, taken);
    if ('refused' in result) return result.refused;
    taken += 1;
    messages.push(result.message);
    return result.answer;
  });
  server.answer('/', answering);
  return {
    url: `${server.url}${path}`,
    server,
    messages,
    next,
    newMinute: () => {
      taken = 0;
    },
    stop: () => server.stop(),
  };
}

export const json = (body: object, status = 200): HttpReaction => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Undefined for what is no JSON. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
