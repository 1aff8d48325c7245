/**
 * Amazon SNS by HTTP: what it wraps around a message, and how it proves itself (docs.aws.amazon.com/sns/latest/dg,
 * sns-verify-signature-of-message and http-subscription-confirmation-json; wire-formats §1h). What is signed names its
 * topic; whoever has an account may have a topic of their own, so `topics` says which ones count.
 */
import { X509Certificate, type KeyObject, verify as verifies } from 'node:crypto';
import type { Integration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import { BoundedMap } from '../../intake/boundedMap.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import { refused } from './signatures.ts';
import { parseTimestamp } from './timestamp.ts';
import { vendorGet } from './vendorGet.ts';

/** The members that are signed, in the order of their bytes; Subject only where there is one. */
const SIGNED: ReadonlyMap<string, readonly string[]> = new Map([
  ['Notification', ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']],
  ['SubscriptionConfirmation', ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']],
  ['UnsubscribeConfirmation', ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']],
]);
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
]);
/** Of Amazon's regions, in China too. */
const AMAZON = /^sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?$/;
/** Milliseconds: longer than SNS tries again (at most an hour), and room for clocks. */
const WINDOW = 2 * 3_600_000;
/** Certificates that are kept; Amazon has one a region and year. */
const CERTIFICATES = 50;

export type EnvelopeType = 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';

export interface Envelope {
  readonly type: EnvelopeType;
  readonly topic: string;
  readonly members: Members;
}

/** What SNS wraps around a message; undefined where it delivers messages raw. */
export function envelopeOf(body: unknown): Envelope | undefined {
  const members = membersOf(body);
  const type = textOf(members?.['Type']) ?? '';
  if (members === undefined || !SIGNED.has(type) || members['Message'] === undefined) return undefined;
  const missing = ['MessageId', 'TopicArn', 'Message'].filter((member) => textOf(members[member]) === undefined);
  const topic = textOf(members['TopicArn']);
  if (missing.length > 0 || topic === undefined) {
    throw new TocsinError('BAD_EVENT', `missing or blank: ${missing.join(', ')}; every message of SNS has them`);
  }
  return { type: type as EnvelopeType, topic, members };
}

/** What there is at Amazon's addresses: other paths may answer with what somebody else wrote. */
const isCertificate = ({ pathname, search }: URL): boolean =>
  /^\/SimpleNotificationService-[0-9a-f]{8,64}\.pem$/.test(pathname) && search === '';
const isConfirmation = ({ pathname, searchParams }: URL): boolean =>
  pathname === '/' && searchParams.get('Action') === 'ConfirmSubscription';

/** The address, if it is Amazon's for that purpose, or of a stand-in that the integration names. Throws SOURCE_REFUSED. */
function trusted(
  address: unknown,
  member: string,
  { endpoints = [] }: Integration,
  isMeant: (url: URL) => boolean,
): { url: URL; own: boolean } {
  const text = textOf(address) ?? '';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && url.username + url.password === '') {
    if (endpoints.includes(url.origin)) return { url, own: true };
    if (url.protocol === 'https:' && url.port === '' && AMAZON.test(url.hostname) && isMeant(url))
      return { url, own: false };
  }
  throw refused(
    `${member} is not one that Amazon gives, at https://sns.<region>.amazonaws.com, nor of the integration's endpoints`,
  );
}

// By address. A certificate that is no longer valid is asked for anew.
const certificates = new BoundedMap<string, Promise<X509Certificate>>(CERTIFICATES);

async function keyAt(url: URL, own: boolean): Promise<KeyObject> {
  const isValid = ({ validFrom, validTo }: X509Certificate): boolean =>
    Date.parse(validFrom) <= Date.now() && Date.now() < Date.parse(validTo);
  const known = certificates.get(url.href);
  if (known !== undefined) {
    const certificate = await known;
    if (isValid(certificate)) return certificate.publicKey;
  }
  const asked = vendorGet(url, own).then((pem) => certificateOf(pem, url));
  certificates.set(url.href, asked);
  try {
    const certificate = await asked;
    if (isValid(certificate)) return certificate.publicKey;
    throw refused(
      `the certificate at ${url.host} is not valid now: from ${certificate.validFrom} to ${certificate.validTo}`,
    );
  } catch (error) {
    certificates.delete(url.href);
    throw error;
  }
}

function certificateOf(pem: string, url: URL): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new TocsinError('PROVIDER_UNREACHABLE', `${url.host} gave no certificate in PEM`, { cause: error });
  }
}

/** Throws SOURCE_REFUSED where the message is not signed by SNS, or long ago, and else as `vendorGet` does for its certificate. */
export async function demandSignature({ type, members }: Envelope, integration: Integration): Promise<void> {
  const algorithm = ALGORITHMS.get(textOf(members['SignatureVersion']) ?? '');
  const signature = textOf(members['Signature']);
  if (algorithm === undefined || signature === undefined) throw refused('it has no signature of version 1 or 2');
  const at = parseTimestamp(members['Timestamp']) ?? 0;
  const { url, own } = trusted(members['SigningCertURL'], 'SigningCertURL', integration, isCertificate);
  const signed = (SIGNED.get(type) ?? [])
    .filter((member) => typeof members[member] === 'string')
    .map((member) => `${member}\n${members[member] as string}\n`)
    .join('');
  const key = await keyAt(url, own);
  if (!verifies(algorithm, Buffer.from(signed), key, Buffer.from(signature, 'base64'))) {
    throw refused('its signature is not of its content: it is not of SNS, or was changed on its way');
  }
  if (Math.abs(Date.now() - at) > WINDOW) {
    throw refused('its Timestamp is more than 2 hours from now; SNS tries again for an hour at most');
  }
}

/** Throws SOURCE_REFUSED for a topic that the integration does not take. */
export function demandTopic(topic: string | undefined, { topics }: Integration): void {
  if (topics === undefined || (topic !== undefined && topics.includes(topic))) return;
  throw refused(
    `its topic ${topic === undefined ? '' : `'${topic.slice(0, 256)}' `}is not among the integration's topics`,
  );
}

/** Confirms a subscription, by a visit to the address that SNS names. It may be repeated. Throws as `trusted` and `vendorGet` do. */
export async function confirm({ members }: Envelope, integration: Integration): Promise<void> {
  const { url, own } = trusted(members['SubscribeURL'], 'SubscribeURL', integration, isConfirmation);
  await vendorGet(url, own);
}
