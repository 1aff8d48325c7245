/** The API's log. Routing keys and signed links stand in addresses, tokens in headers: none of them reaches the log. */
import { type Logger, pino } from 'pino';

/** After these words an address holds a secret. */
const SECRETS_AFTER = [
  /(integrations\/[^/]*\/).+/i,
  /((?<!v[12]\/)heartbeats\/).+/i,
  /(ack\/).+/i,
  /(callbacks\/twilio\/[^/]*\/).+/i,
];

/** The path of a URL as it may be logged: decoded, because a client may write `%69ntegrations`, without query and secrets. */
export function loggedPath(url: string): string {
  const [path = ''] = url.split(/[?#;]/, 1);
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // Not decodable is not routable; the raw path is looked at.
  }
  return SECRETS_AFTER.reduce((text, pattern) => text.replace(pattern, '$1***'), decoded).slice(0, 500);
}

interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  readonly ip?: string;
}

/**
 * `level`: trace, debug, info, warn, error, fatal, silent. One line of JSON each, to `out`: standard output where absent, a
 * file descriptor, or what has `write`.
 */
export function createLogger(level: string, out: number | { write(line: string): void } = 1): Logger {
  const options = {
    level,
    redact: ['req.headers', 'request.headers', 'headers.authorization', 'authorization'],
    serializers: {
      req: (request: LoggedRequest) => ({ method: request.method, url: loggedPath(request.url), ip: request.ip }),
    },
  };
  // Written at once: a process that ends must not take its last line along.
  return pino(options, typeof out === 'number' ? pino.destination({ dest: out, sync: true }) : out);
}
