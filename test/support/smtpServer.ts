/** A real SMTP server on loopback that remembers what it was given, and can be told to misbehave. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { Certificate } from './certificates.ts';
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server';

/** A message the server holds, parsed. */
export interface ReceivedMail {
  /** With angle brackets. */
  readonly messageId: string;
  readonly subject: string;
  /** The address in the header, and the name beside it. */
  readonly to: string;
  readonly toName: string;
  readonly from: string;
  /** The envelope's recipients. */
  readonly recipients: readonly string[];
  readonly text: string;
  readonly html: string;
  /** Raw values by lower-case name; of a repeated one the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly raw: string;
  /** Milliseconds since the epoch: when its last byte was there. */
  readonly receivedAt: number;
}

/** The points of a session at which the server can react. At `message` the whole message was received. */
export type Stage = 'connect' | 'login' | 'sender' | 'recipient' | 'message';

/** Answers with a code, after holding for some milliseconds, or cuts the connection without an answer. An empty one holds back nothing: accept. */
export interface Reaction {
  readonly hold?: number;
  readonly drop?: true;
  readonly answer?: { readonly code: number; readonly text: string };
}

export interface When {
  /** Only in sessions with this envelope recipient; at `recipient` and `message`. */
  readonly recipient?: string;
  /** Only so often; for ever where absent. */
  readonly times?: number;
}

export interface SmtpServer {
  /** `smtp://127.0.0.1:<port>`, or `smtps://`; with the login where one is asked for. */
  readonly url: string;
  /** In the order of arrival. A message is held unless it was refused: with `drop` or `hold` at `message` it is held too. */
  readonly mails: readonly ReceivedMail[];
  /** Of each login that was tried, whether it came over TLS. */
  readonly logins: readonly { readonly secure: boolean }[];
  /** Sessions so far. */
  readonly sessions: () => number;
  /** From now on; the first that fits wins. */
  readonly at: (stage: Stage, reaction: Reaction, when?: When) => void;
  /** Forgets all reactions. */
  readonly behave: () => void;
  /** Connections are refused until `listen`. */
  readonly refuse: () => Promise<void>;
  /** Listens again on the same port. */
  readonly listen: () => Promise<void>;
  /** All mails, once there are that many or the predicate holds. Throws after the timeout, in milliseconds, and says what there was. */
  readonly waitFor: (
    wanted: number | ((mails: readonly ReceivedMail[]) => boolean),
    timeout?: number,
  ) => Promise<readonly ReceivedMail[]>;
  readonly stop: () => Promise<void>;
}

export interface SmtpServerOptions {
  /** The only one accepted. */
  readonly login?: { user: string; pass: string };
  /** TLS from the start, with the package's own test certificate where none is given. */
  readonly secure?: boolean;
  readonly certificate?: Certificate;
  /** TLS once the client asks for it. */
  readonly startTls?: boolean;
}

export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<SmtpServer> {
  const { login, secure = false, startTls = false, certificate } = options;
  const inbox = new Inbox();
  const script = new Script();
  let server: SMTPServer | undefined;
  let port = 0;

  const cut = (session: SMTPServerSession): void => {
    for (const connection of server?.connections ?? [])
      if (connection.session === session) connection._socket.destroy();
  };

  async function listen(): Promise<void> {
    server = new SMTPServer({
      ...handlers({ inbox, script, login, cut }),
      secure,
      authOptional: login === undefined,
      allowInsecureAuth: true,
      disabledCommands: [...(startTls ? [] : ['STARTTLS']), ...(login === undefined ? ['AUTH'] : [])],
      ...certificate,
      disableReverseLookup: true,
      closeTimeout: 1,
      logger: false,
    });
    // A client that goes away in the middle is part of the tests.
    server.on('error', () => undefined);
    const listening = server.listen(port, '127.0.0.1');
    await once(listening, 'listening');
    port = (listening.address() as AddressInfo).port;
  }

  const refuse = (): Promise<void> => new Promise((resolve) => (server ? server.close(resolve) : resolve()));

  await listen();
  const credentials = login === undefined ? '' : `${encodeURIComponent(login.user)}:${encodeURIComponent(login.pass)}@`;
  return {
    url: `${secure ? 'smtps' : 'smtp'}://${credentials}127.0.0.1:${port}${secure && certificate === undefined ? '?tls.rejectUnauthorized=false' : ''}`,
    mails: inbox.mails,
    logins: script.logins,
    sessions: () => script.sessions,
    at: (stage, reaction, when) => script.add(stage, reaction, when),
    behave: () => script.clear(),
    refuse,
    listen,
    waitFor: (wanted, timeout) => inbox.waitFor(wanted, timeout),
    stop: refuse,
  };
}

/** What was told to go wrong. */
class Script {
  sessions = 0;
  readonly logins: { readonly secure: boolean }[] = [];
  readonly #rules: { stage: Stage; reaction: Reaction; recipient: string | undefined; left: number }[] = [];

  add(stage: Stage, reaction: Reaction, { recipient, times = Infinity }: When = {}): void {
    this.#rules.push({ stage, reaction, recipient, left: times });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The reaction for this point, counted as used. */
  take(stage: Stage, recipients: readonly string[] = []): Reaction {
    const rule = this.#rules.find(
      (each) => each.stage === stage && each.left > 0 && (!each.recipient || recipients.includes(each.recipient)),
    );
    if (rule !== undefined) rule.left--;
    return rule?.reaction ?? {};
  }
}

class Inbox {
  readonly mails: ReceivedMail[] = [];
  readonly #watchers = new Set<() => void>();

  keep(mail: ReceivedMail): void {
    this.mails.push(mail);
    for (const watcher of this.#watchers) watcher();
  }

  waitFor(wanted: number | ((mails: readonly ReceivedMail[]) => boolean), timeout = 30_000) {
    const there = () => (typeof wanted === 'number' ? this.mails.length >= wanted : wanted(this.mails));
    return new Promise<readonly ReceivedMail[]>((resolve, reject) => {
      const look = (): void => {
        if (there()) end(() => resolve(this.mails));
      };
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        settle();
      };
      const timer = setTimeout(() => {
        const held = this.mails.map(({ to, subject }) => `\n${to}: ${subject}`).join('');
        end(() => reject(new Error(`after ${timeout} ms the SMTP server holds ${this.mails.length} mails${held}`)));
      }, timeout);
      this.#watchers.add(look);
      look();
    });
  }
}

interface World {
  readonly inbox: Inbox;
  readonly script: Script;
  readonly login: { user: string; pass: string } | undefined;
  readonly cut: (session: SMTPServerSession) => void;
}

type Done = (error?: Error | null) => void;

function handlers({ inbox, script, login, cut }: World): SMTPServerOptions {
  const carryOut = async ({ hold, drop, answer }: Reaction, session: SMTPServerSession, done: Done): Promise<void> => {
    if (hold !== undefined) await sleep(hold, undefined, { ref: false });
    if (drop) cut(session);
    else done(answer === undefined ? null : replyWith(answer));
  };
  return {
    onConnect(session, done) {
      script.sessions++;
      void carryOut(script.take('connect'), session, done);
    },
    onAuth({ username, password }, session, done) {
      script.logins.push({ secure: session.secure });
      const right = username === login?.user && password === login?.pass;
      const refusal = replyWith({ code: 535, text: 'Username and password not accepted' });
      void carryOut(script.take('login'), session, (error) => {
        if (error || !right) done(error ?? refusal);
        else done(null, { user: username });
      });
    },
    onMailFrom(_address, session, done) {
      void carryOut(script.take('sender'), session, done);
    },
    onRcptTo({ address }, session, done) {
      void carryOut(script.take('recipient', [address]), session, done);
    },
    onData(stream, session, done) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      void receive(stream).then(
        async (raw) => {
          const reaction = script.take('message', recipients);
          if (reaction.answer === undefined) inbox.keep(await parse(raw, recipients));
          await carryOut(reaction, session, done);
        },
        // The client died in the middle of its message: nothing was received, and nobody waits for an answer.
        () => undefined,
      );
    },
  };
}

const replyWith = ({ code, text }: { code: number; text: string }): Error =>
  Object.assign(new Error(text), { responseCode: code });

async function receive(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function parse(raw: Buffer, recipients: readonly string[]): Promise<ReceivedMail> {
  const receivedAt = Date.now();
  const mail = await PostalMime.parse(raw);
  const to = mail.to?.[0];
  return {
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    to: to?.address ?? '',
    toName: to?.name ?? '',
    from: mail.from?.address ?? '',
    recipients,
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers: new Map(mail.headers.map(({ key, value }) => [key, value])),
    raw: raw.toString('latin1'),
    receivedAt,
  };
}
