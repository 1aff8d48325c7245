/** What the OpenAPI document says of answers that no route knows of: their content types, and what is refused before a route is asked. */
import type { SwaggerTransformObject } from '@fastify/swagger';
import { z } from 'zod';
import { problem } from './schemas/answers.ts';

type Document = ReturnType<SwaggerTransformObject>;
type Methods = Readonly<Record<string, Operation>>;
interface Operation {
  readonly parameters?: readonly { readonly in: string }[];
  readonly requestBody?: unknown;
  responses?: Readonly<Record<string, Response>>;
}
interface Response {
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
}

/** The document, true of every answer. */
export function answersOf(document: Document): Document {
  const copy = structuredClone(document);
  const paths = (copy.paths ?? {}) as Readonly<Record<string, Methods>>;
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    operation.responses = { ...refusedBefore(operation), ...operation.responses };
    for (const response of Object.values(operation.responses)) withContentType(response);
  }
  return copy;
}

const { $schema: _draft, ...PROBLEM } = z.toJSONSchema(problem);
const refused = (description: string): Response => ({
  description,
  content: { 'application/json': { schema: PROBLEM } },
});

/** A route that says more of one of these says it itself. */
function refusedBefore({ parameters = [], requestBody }: Operation): Readonly<Record<string, Response>> {
  return {
    ...(parameters.some((parameter) => parameter.in === 'path') && { 400: refused('The address is not valid') }),
    ...(requestBody !== undefined && {
      413: refused('The body is larger than this address takes'),
      415: refused('This address does not take that content type'),
    }),
    431: refused('The address and the headers are too large'),
  };
}

/** The routes' schemas know no content type: a problem is `application/problem+json` (RFC 9457 §3), and is told by its members; what is a mere string is text. */
function withContentType(response: Response): void {
  const { 'application/json': json } = response.content ?? {};
  const type = json === undefined ? undefined : contentType(json.schema);
  if (type !== undefined) Object.assign(response, { content: { [type]: json } });
}

const contentType = (schema: unknown): string | undefined => {
  const { type, properties = {} } = (schema ?? {}) as { readonly type?: string; readonly properties?: object };
  if (type === 'string') return 'text/plain';
  return ['type', 'title', 'status', 'code'].every((member) => member in properties)
    ? 'application/problem+json'
    : undefined;
};
