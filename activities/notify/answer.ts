/** How a provider's answer is read, where its body says what came of the request. */
import type { ApplicationFailure } from '@temporalio/common';
import { retryable, unknown } from '../errors.ts';
import type { Answered } from './http.ts';

/** Where an answer came from, for what is told of it. */
export interface Asked {
  /** `WeCom robot ops`. */
  readonly what: string;
  /** `channels.wecom.ops`. */
  readonly path: string;
}

/** The whole body. Throws PROVIDER_SILENT, unknown, where it broke off. */
export function bodyOf({ body }: Pick<Answered, 'body'>, { what }: Pick<Asked, 'what'>): string {
  if (body === null) throw unknown('PROVIDER_SILENT', `${what}: the answer broke off`);
  return body;
}

export type Members = Readonly<Record<string, unknown>>;

/** An object or a list that stands in a JSON text; undefined where there is neither. */
export function objectIn(body: string | null): Members | undefined {
  try {
    return objectOf(JSON.parse(body ?? ''));
  } catch {
    return undefined;
  }
}

/** A value of JSON that has members. */
export const objectOf = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null ? (value as Members) : undefined;

/** Something else answers there: a proxy, or the login page of a network. `setting` holds the address. */
export const stranger = (
  { shown }: Pick<Answered, 'shown'>,
  vendor: string,
  { what, path }: Asked,
  setting = 'url',
): ApplicationFailure =>
  retryable('PROVIDER_UNREACHABLE', `${what} answered ${shown} (is it ${vendor} that answers at ${path}.${setting}?)`);

/** That a setting is wrong, which the operator can put right while the incident is open. */
export const wrongSetting = ({ shown }: Answered, setting: string, { what, path }: Asked): ApplicationFailure =>
  retryable('PROVIDER_LOGIN_REFUSED', `${what} answered ${shown} (put right ${path}.${setting})`);
