/**
 * One delivery over SMTP (RFC 5321), and what its failure means. A connection for each message: a pooled one may have gone
 * stale unseen, and a message lost on it could not be told from one that the server took and did not answer for.
 */
import { Readable } from 'node:stream';
import type { ApplicationFailure } from '@temporalio/common';
import type { NodemailerError } from 'nodemailer/lib/errors';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import type { ConnectionUrlOptions } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { cut, oneLine } from '../../domain/text.ts';
import { retryable, terminal, unknown } from '../errors.ts';

export interface Delivery {
  /** `smtp://`, which turns to TLS where the server offers it, or `smtps://`; with user and password, or without. */
  readonly url: string;
  readonly from: string;
  readonly to: string;
  /** The whole message, headers and body. */
  readonly message: Buffer;
  /** Milliseconds for everything, from the look-up of the host's name to the answer. */
  readonly timeout: number;
}

const REPLY_LIMIT = 300;

interface Context {
  readonly handedOver: boolean;
  readonly where: string;
  readonly scrub: (text: string) => string;
}

/** Refused before anything was said to the server: an address that cannot be written in SMTP, a message larger than the server takes. */
const NEVER_SENT: readonly string[] = ['EENVELOPE API', 'EMESSAGE MAIL FROM'];

/** Replies that say "log in first" or "not with this login" (RFC 4954 §6). */
const LOGIN_REPLIES: readonly (number | undefined)[] = [530, 534, 535, 538];

/** Resolves with the server's final reply, `250 2.0.0 Ok: queued as …`. Throws one failure of activities/errors.ts. */
export async function deliver(delivery: Delivery): Promise<string> {
  const { message, timeout } = delivery;
  const { auth, ...server } = parseConnectionUrl(delivery.url);
  const requireTLS = auth !== undefined && server['ignoreTLS'] !== true && !isLoopback(server.host ?? 'localhost');
  const limits = { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout };
  const connection = new SMTPConnection({ ...server, ...limits, ...(requireTLS ? { requireTLS } : {}) });
  const scrub = scrubber(delivery.to, auth);
  let handedOver = false;
  // Read only once the server has said "354 go ahead"; from then on it may have the message.
  const handOver = Readable.from(
    (function* () {
      handedOver = true;
      yield message;
    })(),
  );
  let timer: NodeJS.Timeout | undefined;
  try {
    const reply = await new Promise<string>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
      connection.on('error', reject);
      connection.once('end', () => reject(new Error('the connection was closed')));
      converse(connection, { auth, delivery, handOver }).then(resolve, reject);
    });
    connection.quit();
    return cut(oneLine(scrub(reply)), REPLY_LIMIT);
  } catch (error) {
    connection.close();
    const where = `${server.host ?? 'localhost'}${server.port === undefined ? '' : `:${server.port}`}`;
    throw failureOf(error as NodemailerError, { handedOver, where, scrub });
  } finally {
    clearTimeout(timer);
  }
}

/** Nothing that is said to it can be read on the way. Everywhere else a password goes over TLS alone, or not at all. */
const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

type Auth = ConnectionUrlOptions['auth'];

/** The dialogue. Where the connection breaks it may never settle: the connection's events say so then. */
async function converse(
  connection: SMTPConnection,
  { auth, delivery, handOver }: { auth: Auth; delivery: Delivery; handOver: Readable },
): Promise<string> {
  await step((done) => connection.connect(done));
  // A server that offers no login is spoken to without one; it answers 530 where it should not be.
  if (auth !== undefined && connection.allowsAuth) await step((done) => connection.login(auth, done));
  const { from, to, message } = delivery;
  const { response } = await step<{ response: string }>((done) =>
    connection.send({ from, to, size: message.length }, handOver, done),
  );
  return response;
}

const step = <Result>(start: (done: (error?: Error | null, result?: Result) => void) => void): Promise<Result> =>
  new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result as Result)));
  });

/** What a reply or a broken connection says about the next attempt (lifecycle §5.5). */
function failureOf(error: NodemailerError, { handedOver, where, scrub }: Context): ApplicationFailure {
  const { responseCode, permanent = false, code, command, response, message } = error;
  const detail = `SMTP server ${where}: ${scrub(response ?? message)}`;
  const answered = responseCode !== undefined;
  if (answered && !permanent) return retryable('PROVIDER_BUSY', detail);
  if (code === 'EAUTH' || LOGIN_REPLIES.includes(responseCode)) {
    // Not the recipient's fault, and mended while the incident is open: the operator puts the login right, and the next attempt goes through.
    return retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right the login in channels.email.smtp)`);
  }
  if (handedOver && !answered) return unknown('PROVIDER_SILENT', detail);
  if (answered ? code === 'EENVELOPE' || code === 'EMESSAGE' : NEVER_SENT.includes(`${code} ${command}`)) {
    return terminal(command === 'RCPT TO' || command === 'API' ? 'ADDRESS_REFUSED' : 'PROVIDER_REFUSED', detail);
  }
  return retryable('PROVIDER_UNREACHABLE', `${detail} (${helpFor(error)})`);
}

/** Node's names of what is wrong with a certificate: https://nodejs.org/api/tls.html#x509-certificate-error-codes. */
const UNTRUSTED = /SELF_SIGNED|SELF-SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|self.signed|unable to (?:verify|get)/i;

function helpFor({ code, message }: NodemailerError): string {
  if (UNTRUSTED.test(message)) return 'NODE_EXTRA_CA_CERTS names a file with the certificates of your own authority';
  if (code === 'ETLS') {
    return 'a password is sent over TLS alone: use smtps://, or end the address with ?ignoreTLS=true to send it as it is';
  }
  return 'is channels.email.smtp right, and does it answer from here?';
}

/** Keeps the recipient's address and the login out of the workflow's history: a server may echo either, the password as it went over the wire too. */
function scrubber(to: string, auth: Auth): (text: string) => string {
  const hidden = [[to, '<the address>']];
  if (auth !== undefined && auth.pass !== '') {
    const secrets = [auth.pass, `\u0000${auth.user}\u0000${auth.pass}`];
    for (const secret of secrets) hidden.push([secret, '***'], [Buffer.from(secret).toString('base64'), '***']);
  }
  return (text) => hidden.reduce((rest, [secret = '', shown = '']) => rest.replaceAll(secret, shown), text);
}
