/** What comes as no readable HTTP reaches no route: Node's parser refuses it (nodejs.org/api/http.html, 'clientError'). */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, TocsinError } from '../domain/errors.ts';
import { problemAt } from './problems.ts';

/** By Node's code of the error; anything else is BAD_REQUEST. */
const KNOWN: Readonly<Record<string, readonly [code: ErrorCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'the address and the headers may have 16 KiB together'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TOO_SLOW', 'a request has to be here whole within 30 s'],
};

/** Answers with a problem, as everything else does, and closes the connection. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [code, detail] = KNOWN[error.code ?? ''] ?? ['BAD_REQUEST', 'this is no HTTP request'];
  const problem = problemAt(new TocsinError(code, detail), '');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
