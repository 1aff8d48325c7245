/** TC3-HMAC-SHA256, computed from the request alone: https://cloud.tencent.com/document/api/382/52072. */
import { createHash, createHmac } from 'node:crypto';
import type { ReceivedRequest } from '../httpServer.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

interface Account {
  readonly secretId: string;
  readonly secretKey: string;
  /** Tencent knows one service by this host and page. */
  readonly service: string;
}

/** Tencent's code for what is wrong; undefined where nothing is. */
export function wrongSignature(
  { method, path, headers, body }: Pick<ReceivedRequest, 'method' | 'path' | 'headers' | 'body'>,
  account: Account,
): string | undefined {
  const [, id, date, service, signed = '', signature] =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/(\w+)\/tc3_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (id === undefined || date === undefined || service === undefined) return 'AuthFailure.InvalidAuthorization';
  if (id !== account.secretId) return 'AuthFailure.SecretIdNotFound';
  if (service !== account.service) return 'AuthFailure.SignatureFailure';
  const timestamp = Number(headers['x-tc-timestamp']);
  if (Math.abs(Date.now() / 1_000 - timestamp) > 300) return 'AuthFailure.SignatureExpire';
  if (new Date(timestamp * 1_000).toISOString().slice(0, 10) !== date) return 'AuthFailure.SignatureFailure';
  if (!signed.split(';').includes('content-type') || !signed.split(';').includes('host')) {
    return 'AuthFailure.InvalidAuthorization';
  }
  const [bare = '', query = ''] = path.split('?');
  const canonicalHeaders = signed.split(';').map((header) => {
    const value = String(headers[header]).trim().toLowerCase();
    // The SDK signs the host without its port, which the real one has not.
    return `${header}:${header === 'host' ? value.replace(/:\d+$/, '') : value}\n`;
  });
  const canonical = [method, bare, query, canonicalHeaders.join(''), signed, sha256(body)].join('\n');
  const text = ['TC3-HMAC-SHA256', timestamp, `${date}/${service}/tc3_request`, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(`TC3${account.secretKey}`, date), service), 'tc3_request');
  return hmac(key, text).toString('hex') === signature ? undefined : 'AuthFailure.SignatureFailure';
}
