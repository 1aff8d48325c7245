/** What names a group of alerts (lifecycle §2.1, §2.2): as people read it, and in its incidents' workflow id. */
import { groupOwner, incidentWorkflowId } from '../domain/identity.ts';
import { cut } from '../domain/text.ts';
import type { GroupedBy } from '../routing/grouping.ts';
import type { AlertGroup } from '../store/store.ts';
import { keyHash, sha256Hex } from './hashes.ts';

/** Characters of an expression, and of a value, that are shown; a longer one is told apart by its hash. */
const MAX_EXPRESSION = 60;
const MAX_VALUE = 100;
const HASH_LENGTH = 16;

/** `details.cluster="eu-1", severity="critical"`; `null` is what the alerts lack. */
export const groupKeyOf = (values: readonly GroupedBy[]): string =>
  values
    .map(({ expression, value }) => `${bounded(nameOf(expression), MAX_EXPRESSION)}=${bounded(value, MAX_VALUE)}`)
    .join(', ');

const nameOf = (expression: string): string => expression.trim().replace(/^event\.(?=[\w.]+$)/, '');

const bounded = (text: string, most: number): string =>
  text.length <= most ? text : `${cut(text, most)}#${sha256Hex(text).slice(0, HASH_LENGTH)}`;

/** The dedup key of a group's incidents, and their workflow id. The window's start is of the key, so that its incident is another one. */
export function groupIdentity({ service, key, since }: AlertGroup): {
  readonly dedupKey: string;
  readonly owner: string;
  readonly workflowId: string;
} {
  const dedupKey = since === null ? key : `${key} since ${new Date(since).toISOString()}`;
  const owner = groupOwner(service);
  return { dedupKey, owner, workflowId: incidentWorkflowId(owner, keyHash(dedupKey)) };
}
