/** Certificates as a private authority gives them, made where they are wanted: X.509 v3 in DER (RFC 5280), signed with ECDSA and SHA-256 (RFC 5758). */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** PEM of its own certificate, for those who trust it. */
  readonly ca: string;
  /** For a server on this address, or of this name. `expired`: valid until yesterday. `rsa`: with a key of RSA. */
  issue(of: { readonly ip?: string; readonly name?: string }, options?: { expired?: true; rsa?: true }): Certificate;
}

const DAY = 86_400_000;

export function createAuthority(): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = nameOf(`A private authority ${randomBytes(4).toString('hex')}`);
  const valid = [Date.now() - 2 * DAY, Date.now() + 30 * DAY] as const;
  // basicConstraints, critical: a CA.
  const isCa = extension('2.5.29.19', sequence(der(0x01, Buffer.from([0xff]))), true);
  const ca = certificate({ issuer: subject, subject, valid, publicKey, extensions: [isCa], signedBy: privateKey });
  return {
    ca,
    issue({ ip, name }, { expired, rsa } = {}) {
      const keys =
        rsa === true
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const until = Date.now() + (expired === true ? -DAY : DAY);
      const names = [
        ...(name === undefined ? [] : [der(0x82, Buffer.from(name))]),
        ...(ip === undefined ? [] : [der(0x87, Buffer.from(ip.split('.').map(Number)))]),
      ];
      const cert = certificate({
        issuer: subject,
        subject: nameOf(name ?? ip ?? ''),
        valid: [Date.now() - 2 * DAY, until],
        publicKey: keys.publicKey,
        extensions: [extension('2.5.29.17', sequence(...names))],
        signedBy: privateKey,
      });
      return { cert, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    },
  };
}

interface Made {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly valid: readonly [from: number, to: number];
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly signedBy: KeyObject;
}

function certificate({ issuer, subject, valid, publicKey, extensions, signedBy }: Made): string {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    issuer,
    sequence(
      ...valid.map((at) => der(0x18, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`))),
    ),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const whole = sequence(body, algorithm, bits(sign('sha256', body, signedBy)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const integer = (bytes: Buffer): Buffer => der(0x02, bytes);
const bits = (bytes: Buffer): Buffer => der(0x03, Buffer.concat([Buffer.from([0]), bytes]));
const nameOf = (name: string): Buffer => sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(name)))));
const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

function oid(written: string): Buffer {
  const [first = 0, second = 0, ...rest] = written.split('.').map(Number);
  const septets = (value: number): number[] =>
    value < 128 ? [value] : [...septets(Math.floor(value / 128)).map((one) => one | 0x80), value % 128];
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(septets)]));
}
