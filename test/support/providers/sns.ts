/**
 * Amazon SNS as far as a subscriber over HTTP meets it (docs.aws.amazon.com/sns/latest/dg, "Parsing message formats"): it
 * signs with its own RSA certificate, gives it at an address, and notes which subscriptions were confirmed.
 */
import { randomUUID, sign } from 'node:crypto';
import { createAuthority } from '../certificates.ts';
import { type HttpServer, startHttpServer } from '../httpServer.ts';

export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:alarms';

type Envelope = Record<string, string>;
type Type = 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';

export interface SnsService {
  readonly url: string;
  readonly server: HttpServer;
  readonly certificateUrl: string;
  /** A message as SNS posts it, signed by the version that it says; `more` replaces members before it is signed. */
  message(type: Type, more?: Partial<Envelope>, version?: '1' | '2'): Envelope;
  /** The tokens of those confirmed, in order. */
  confirmed(): readonly string[];
  stop(): Promise<void>;
}

/** `expired`: its certificate is no longer valid. */
export async function startSns({ expired }: { expired?: true } = {}): Promise<SnsService> {
  const server = await startHttpServer();
  const name = 'sns.amazonaws.com';
  const { cert, key } = createAuthority().issue({ name }, { rsa: true, ...(expired && { expired }) });
  const certificateUrl = `${server.url}/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem`;
  server.answer('/SimpleNotificationService-', { body: cert });
  server.answer('/?Action=ConfirmSubscription', {
    headers: { 'content-type': 'text/xml' },
    body: '<ConfirmSubscriptionResponse/>',
  });
  return {
    url: server.url,
    server,
    certificateUrl,
    message(type, more = {}, version = '2') {
      const token = randomUUID();
      const subscribe = {
        Token: token,
        SubscribeURL: `${server.url}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=${token}`,
      };
      const members: Envelope = {
        Type: type,
        MessageId: randomUUID(),
        TopicArn: TOPIC,
        Message: `You have chosen to subscribe to the topic ${TOPIC}.\nTo confirm, visit the SubscribeURL.`,
        Timestamp: new Date().toISOString(),
        ...(type !== 'Notification' && subscribe),
        ...(more as Envelope),
      };
      const signed = Object.keys(members)
        .toSorted()
        .map((member) => `${member}\n${members[member]}\n`)
        .join('');
      const signature = sign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256', Buffer.from(signed), key);
      return {
        ...members,
        SignatureVersion: version,
        Signature: signature.toString('base64'),
        SigningCertURL: certificateUrl,
        UnsubscribeURL: `${server.url}/?Action=Unsubscribe&SubscriptionArn=${TOPIC}:2bcfbf39`,
      };
    },
    confirmed: () =>
      server.requests
        .filter(({ path }) => path.startsWith('/?Action=ConfirmSubscription'))
        .map(({ path }) => new URLSearchParams(path.slice(2)).get('Token') ?? ''),
    stop: () => server.stop(),
  };
}
