/** One GET of what a sender's own service offers, such as a certificate: bounded, and to public addresses alone. */
import { buildConnector, Client } from 'undici';
import { TocsinError } from '../../domain/errors.ts';
import { publicConnector } from '../../network/privateNetworks.ts';
import { refused } from './signatures.ts';

/** Milliseconds, and bytes; a sender waits meanwhile (SNS: 15 s). */
const TIMEOUT = 5_000;
const LIMIT = 64 * 1024;

/**
 * Its body, of an answer of 200. Redirects are not followed. Throws SOURCE_REFUSED where the service says for good that there
 * is no such thing, and PROVIDER_UNREACHABLE for any other trouble, which is answered with 502: the sender tries again. `allowPrivate`: the address may be in a network that is not public.
 */
export async function vendorGet(url: URL, allowPrivate: boolean): Promise<string> {
  const connect = allowPrivate ? buildConnector({ timeout: TIMEOUT }) : publicConnector({ timeout: TIMEOUT });
  const client = new Client(url.origin, { connect });
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    const response = await client.request({ method: 'GET', path: url.pathname + url.search, signal });
    if (isFinal(response.statusCode))
      throw refused(`${url.host} does not know that address: it answered ${response.statusCode}`);
    if (response.statusCode !== 200) throw new Error(`it answered ${response.statusCode}`);
    return await read(response.body);
  } catch (error) {
    if (error instanceof TocsinError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new TocsinError('PROVIDER_UNREACHABLE', `${url.host} could not be asked: ${why}`, { cause: error });
  } finally {
    void client.destroy();
  }
}

/** 408 and 429 ask to try again. */
const isFinal = (status: number): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;

async function read(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LIMIT) throw new Error(`its answer is larger than ${LIMIT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
