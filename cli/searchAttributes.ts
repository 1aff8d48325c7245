/** Registers what workflows/searchAttributes.ts names, where it is missing: an incident that names an unknown attribute cannot start. */
import type { Connection } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';
import proto, { type temporal } from '@temporalio/proto';
import { grpcStatusOf } from '../intake/temporalErrors.ts';
import { TocsinError } from '../domain/errors.ts';
import { SEARCH_ATTRIBUTES } from '../workflows/searchAttributes.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

/** How each type is called in the API, and in the `temporal` command. */
const TYPES: Readonly<
  Record<SearchAttributeType, readonly [code: temporal.api.enums.v1.IndexedValueType, word: string]>
> = {
  [SearchAttributeType.TEXT]: [IndexedValueType.INDEXED_VALUE_TYPE_TEXT, 'Text'],
  [SearchAttributeType.KEYWORD]: [IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, 'Keyword'],
  [SearchAttributeType.KEYWORD_LIST]: [IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST, 'KeywordList'],
  [SearchAttributeType.INT]: [IndexedValueType.INDEXED_VALUE_TYPE_INT, 'Int'],
  [SearchAttributeType.DOUBLE]: [IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE, 'Double'],
  [SearchAttributeType.BOOL]: [IndexedValueType.INDEXED_VALUE_TYPE_BOOL, 'Bool'],
  [SearchAttributeType.DATETIME]: [IndexedValueType.INDEXED_VALUE_TYPE_DATETIME, 'Datetime'],
};

interface Attribute {
  readonly name: string;
  readonly code: temporal.api.enums.v1.IndexedValueType;
  readonly word: string;
}

const WANTED: readonly Attribute[] = Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => {
  const [code, word] = TYPES[type];
  return { name, code, word };
});

/** A cluster's frontends take the new names from a cache; its age was a minute at most by default (Server 1.29). */
const USABLE_WITHIN_MS = 90_000;
const ATTEMPTS = 3;
const ATTEMPT_GAP_MS = 500;
/** PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED: what Temporal Cloud and clusters with an authorizer answer. */
const NOT_PERMITTED: readonly number[] = [7, 12, 16];
const INVALID_ARGUMENT = 3;

/**
 * Returns the names that it registered, once they can be used: none where all were there. Throws SEARCH_ATTRIBUTES_MISSING,
 * with the command, where it may not, or where one is there with another type.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await register(connection, namespace);
    } catch (error) {
      // A worker and an API that start together may both find them missing; the second then fails, and finds them there.
      if (error instanceof TocsinError || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, ATTEMPT_GAP_MS));
    }
  }
}

async function register(connection: Connection, namespace: string): Promise<readonly string[]> {
  const present = await permitted(connection.operatorService.listSearchAttributes({ namespace }));
  if (present === undefined) {
    if (await usable(connection, namespace)) return [];
    throw missing(namespace, WANTED, 'and which are there may not be listed');
  }
  const types = present.customAttributes ?? {};
  const wrong = WANTED.filter(({ name, code }) => types[name] !== undefined && types[name] !== code);
  if (wrong.length > 0)
    throw missing(
      namespace,
      wrong,
      'and these names are there with another type: remove them first, or use a namespace of its own',
    );
  const absent = WANTED.filter(({ name }) => types[name] === undefined);
  if (absent.length === 0) return [];
  const searchAttributes = Object.fromEntries(absent.map(({ name, code }) => [name, code]));
  const added = await permitted(connection.operatorService.addSearchAttributes({ namespace, searchAttributes }));
  if (added === undefined) throw missing(namespace, absent, 'and Tocsin may not register them here');
  const until = Date.now() + USABLE_WITHIN_MS;
  while (!(await usable(connection, namespace))) {
    if (Date.now() > until)
      throw missing(
        namespace,
        absent,
        `and ${USABLE_WITHIN_MS / 1_000} s after they were registered they cannot be used. Look at the cluster; else start again`,
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return absent.map(({ name }) => name);
}

/** What the call gives; undefined where we may not make it. */
async function permitted<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (NOT_PERMITTED.includes(grpcStatusOf(error) ?? -1)) return undefined;
    throw error;
  }
}

/** Asks with all names in one query: the answer comes from where the start of an incident is checked too. */
async function usable(connection: Connection, namespace: string): Promise<boolean> {
  const query = WANTED.map(({ name }) => `${name} IS NULL`).join(' AND ');
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return true;
  } catch (error) {
    if (grpcStatusOf(error) === INVALID_ARGUMENT) return false;
    throw error;
  }
}

function missing(namespace: string, attributes: readonly Attribute[], why: string): TocsinError {
  const options = attributes.map(({ name, word }) => ` --name ${name} --type ${word}`).join('');
  return new TocsinError(
    'SEARCH_ATTRIBUTES_MISSING',
    `Incidents need search attributes in the namespace "${namespace}", ${why}. The command, for one who may:\n  temporal operator search-attribute create --namespace ${namespace}${options}`,
  );
}
