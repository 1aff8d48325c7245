/**
 * An ntfy server as its source has it (server/errors.go, server/server.go of github.com/binwiederhier/ntfy), on loopback: JSON
 * posted to its root, at most twice the 4,096 bytes of a message, 60 requests at once and then 429. ntfy has no SDK for Node.
 */
import type { HttpReaction, ReceivedRequest } from '../httpServer.ts';
import type { Robot } from './robot.ts';
import { json, parsed, startRobot } from './robot.ts';

export interface NtfyMessage {
  readonly topic: string;
  readonly title?: string;
  readonly message: string;
  readonly priority?: number;
  readonly click?: string;
  readonly actions?: readonly {
    readonly action: string;
    readonly label: string;
    readonly url: string;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }[];
}

export const NTFY_TOKEN = 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2';
export const NTFY_TOPIC = 'tocsin-ops';
const MESSAGE_BYTES = 4_096;
const REQUESTS = 60;

/** `url` is that of the topic. */
export const startNtfy = (): Promise<Robot<NtfyMessage>> =>
  startRobot(`/${NTFY_TOPIC}`, (request, taken) => {
    const refused = refusal(request, taken);
    if (refused !== undefined) return { refused };
    const message = parsed(request.body) as NtfyMessage;
    const time = Math.floor(Date.now() / 1_000);
    return {
      message,
      answer: json({ id: `m${taken + 1}`, time, expires: time + 43_200, event: 'message', ...message }),
    };
  });

function refusal({ method, path, headers, body }: ReceivedRequest, taken: number): HttpReaction | undefined {
  if (method !== 'POST' || path !== '/') return problem(404, 40401, 'page not found');
  if (Buffer.byteLength(body) > 2 * MESSAGE_BYTES) return problem(413, 41303, 'JSON body too large');
  const message = parsed(body) as NtfyMessage | undefined;
  if (message === undefined) return problem(400, 40024, 'invalid request: request body must be valid JSON');
  if (!/^[-_A-Za-z0-9]{1,64}$/.test(message.topic)) return problem(400, 40009, 'invalid request: topic invalid');
  const authorization = headers.authorization ?? '';
  if (authorization !== '' && authorization !== `Bearer ${NTFY_TOKEN}`) return problem(401, 40101, 'unauthorized');
  if (authorization === '' || message.topic !== NTFY_TOPIC) return problem(403, 40301, 'forbidden');
  if (taken >= REQUESTS) return problem(429, 42901, 'limit reached: too many requests, please be nice');
  if (Buffer.byteLength(message.message) > MESSAGE_BYTES) {
    return problem(400, 40014, 'invalid request: attachments not allowed');
  }
  const { priority = 3, actions = [] } = message;
  if (![1, 2, 3, 4, 5].includes(priority)) return problem(400, 40007, 'invalid priority parameter');
  const wrong = actions.length > 3 || actions.some(({ label, url }) => label === '' || !URL.canParse(url));
  return wrong ? problem(400, 40018, 'invalid request: actions invalid') : undefined;
}

const problem = (http: number, code: number, error: string): HttpReaction => json({ code, http, error }, http);
