/** A request of a source, read as that source's formats are: which content types it takes, the source says. */
import { Response } from 'undici';
import type { Integration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import { membersOf } from '../../intake/members.ts';
import type { Incoming, JsonReader } from '../jsonBody.ts';
import type { Reading, Received, Source } from './source.ts';

const JSON_TYPE = 'application/json';

/** Throws UNSUPPORTED_MEDIA_TYPE, with what to do about it, and what `read` throws. */
export async function receivedBy(
  source: Source,
  integration: Integration,
  request: Incoming & Pick<Received, 'log'>,
  read: JsonReader,
): Promise<Received> {
  const { headers, log } = request;
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
  const query = membersOf(request.query) ?? {};
  return { body: await bodyOf(reading, raw, request, read), raw, contentType, headers, query, integration, log };
}

async function bodyOf(reading: Reading, raw: Buffer, request: Incoming, read: JsonReader): Promise<unknown> {
  if (reading === 'multipart') return multipart(raw, request.headers['content-type'] ?? '');
  const text = raw.toString('utf8');
  if (reading === 'json') return read(request, text);
  return reading === 'form' ? Object.fromEntries(new URLSearchParams(text)) : text;
}

/** The fields of a form, files too, each a text (RFC 7578). The body is in memory already, and no larger than its limit. */
async function multipart(raw: Buffer, contentType: string): Promise<unknown> {
  const fields = await new Response(raw, { headers: { 'content-type': contentType } }).formData().catch(() => {
    throw new TocsinError('BAD_REQUEST', 'the body is no multipart/form-data with the boundary that its header names');
  });
  return Object.fromEntries(
    await Promise.all(
      [...fields].map(async ([name, value]) => [name, typeof value === 'string' ? value : await value.text()] as const),
    ),
  );
}
