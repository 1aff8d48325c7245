/** A request of a source, read as that source's formats are: which content types it takes, the source says. */
import type { FastifyRequest } from 'fastify';
import type { Integration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { JsonReader } from '../jsonBody.ts';
import type { Reading, Received, Source } from './source.ts';

const JSON_TYPE = 'application/json';

/** Throws UNSUPPORTED_MEDIA_TYPE, with what to do about it, and what `read` throws. */
export async function receivedBy(
  source: Source,
  integration: Integration,
  request: FastifyRequest,
  read: JsonReader,
): Promise<Received> {
  const { headers } = request;
  // By exact string, and by our own reading of the header alone: nothing else decides how the bytes are read.
  const contentType = (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const takes: ReadonlyMap<string, Reading> = new Map([[JSON_TYPE, 'json'], ...Object.entries(source.alsoTakes ?? {})]);
  const reading = takes.get(contentType);
  if (reading === undefined) {
    const others = [...takes.keys()].filter((type) => type !== JSON_TYPE);
    const also = others.length === 0 ? '' : `, or ${others.join(', ')}`;
    throw new TocsinError(
      'UNSUPPORTED_MEDIA_TYPE',
      `send JSON, with Content-Type: ${JSON_TYPE}${also}. ${source.jsonHint}`,
    );
  }
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { body: await bodyOf(reading, raw, request, read), raw, contentType, headers, integration };
}

async function bodyOf(reading: Reading, raw: Buffer, request: FastifyRequest, read: JsonReader): Promise<unknown> {
  const text = raw.toString('utf8');
  if (reading === 'json') return read(request, text);
  return reading === 'form' ? Object.fromEntries(new URLSearchParams(text)) : text;
}
