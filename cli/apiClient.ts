/** The API as a command finds it from the environment: its address and its token, and what it answers. */
import { join, resolve } from 'node:path';
import { readEnvironment } from '../config/environment.ts';
import { ERRORS, type ErrorCode, TocsinError } from '../domain/errors.ts';
import { readSecret } from './dataDir.ts';

export interface ApiClient {
  readonly url: string;
  /** Throws API_UNREACHABLE where nobody answers, and the API's own error where it refuses. `within`: milliseconds. */
  call<Body>(method: 'GET' | 'POST', path: string, body?: unknown, within?: number): Promise<Body>;
}

const WITHIN = 15_000;
/** Addresses on which one listens, and which one does not call. */
const EVERYWHERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' };

/**
 * At TOCSIN_PUBLIC_URL, or HOST and PORT of this machine; with TOCSIN_API_TOKEN, or the token that a start generated in the
 * data folder. Throws BAD_ENVIRONMENT where there is no token.
 */
export function apiClient(env: NodeJS.ProcessEnv): ApiClient {
  const { publicUrl, dataDir, apiToken } = readEnvironment(env);
  const { hostname } = new URL(publicUrl);
  const url = publicUrl.replace(`//${hostname}`, `//${EVERYWHERE[hostname] ?? hostname}`);
  const token = apiToken ?? readSecret(join(resolve(dataDir), 'token'));
  if (token === undefined)
    throw new TocsinError(
      'BAD_ENVIRONMENT',
      `TOCSIN_API_TOKEN: expected a token of the API, and it is not set; nor is there one in ${resolve(dataDir)} (TOCSIN_DATA_DIR), where a start would keep it.`,
    );
  return {
    url,
    async call<Body>(method: 'GET' | 'POST', path: string, body?: unknown, within = WITHIN) {
      const response = await answered(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(within),
      });
      const answer: unknown = await response.json().catch(() => undefined);
      if (response.ok && answer !== undefined) return answer as Body;
      throw refused(url, response.status, answer);
    },
  };
}

async function answered(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (error) {
    const { cause, message } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new TocsinError(
      'API_UNREACHABLE',
      `${new URL(address).origin}: ${why}. Start it (npm start, or npx tocsin api), or say where it is: TOCSIN_PUBLIC_URL, or HOST and PORT.`,
      { cause: error },
    );
  }
}

function refused(url: string, status: number, answer: unknown): TocsinError {
  const { code, detail } = (answer ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  if (typeof code === 'string' && Object.hasOwn(ERRORS, code))
    return new TocsinError(code as ErrorCode, String(detail));
  return new TocsinError(
    'API_UNREACHABLE',
    `${url} answered ${status}, and not as Tocsin does. Is it the right address?`,
  );
}
