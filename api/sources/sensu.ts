/**
 * Sensu's event as a pipe handler gets it on stdin: Sensu Core 1.x (github.com/sensu/sensu-docs, core/1.8/reference/handlers
 * and events), and Sensu Go, plain and `wrapped-json` (sensu-go/6.14, observe-events/events); wire-formats §1f. Neither
 * sends by HTTP: the handler is a `curl` that posts what it is given.
 */
import { TocsinError } from '../../domain/errors.ts';
import type { Severity, SourceEvent } from '../../domain/event.ts';
import { madeKeyOf } from './dedupKey.ts';
import { withinLimits } from '../../intake/limits.ts';
import { type Members, membersOf, pick, textOf } from '../../intake/members.ts';
import type { Source } from './source.ts';
import { parseSeconds } from './timestamp.ts';

/** By the exit status of a check; any other is unknown, and has no severity. */
const SEVERITIES: ReadonlyMap<number, Severity> = new Map([
  [1, 'warning'],
  [2, 'critical'],
]);
/** Core: `create` comes with every result that is not zero; while an event flaps it is open. */
const ACTIONS: ReadonlyMap<string, 'trigger' | 'resolve'> = new Map([
  ['create', 'trigger'],
  ['flapping', 'trigger'],
  ['resolve', 'resolve'],
]);
/** Without `command`: passwords stand on it. */
const OF_CHECK = ['status', 'state', 'output', 'occurrences', 'occurrences_watermark', 'interval', 'history'] as const;
const OF_CLIENT = ['name', 'address', 'subscriptions', 'environment'] as const;
const OF_METADATA = ['labels', 'annotations'] as const;

/** Events in a list, as Sensu's API gives them, and its documentation shows them. */
const MAX_EVENTS = 100;

const badEvent = (text: string): TocsinError => new TocsinError('BAD_EVENT', text);

/** What both generations of Sensu say, each in its own place. */
interface SensuEvent {
  /** What the event is about: a client, or an entity. */
  readonly source: string;
  readonly check: string;
  /** Names the alert within one Sensu. */
  readonly key: string;
  readonly action: 'trigger' | 'resolve';
  readonly details: Members;
}

function statusOf(check: Members): number | undefined {
  const status = Number(textOf(check['status']));
  return Number.isInteger(status) ? status : undefined;
}

/** The text, or a complaint that names what is missing. */
function demand(value: unknown, member: string): string {
  const text = textOf(value);
  if (text === undefined)
    throw badEvent(`missing or blank: ${member}; post the event as Sensu hands it to the handler`);
  return text;
}

function ofCore(event: Members, client: Members, check: Members): SensuEvent {
  const source = demand(client['name'], 'client.name');
  const name = demand(check['name'], 'check.name');
  // The documented default is `create`.
  const written = textOf(event['action'])?.toLowerCase() ?? (statusOf(check) === 0 ? 'resolve' : 'create');
  const action = ACTIONS.get(written);
  if (action === undefined) {
    throw badEvent(`'action' is '${written.slice(0, 64)}'; it is one of: ${[...ACTIONS.keys()].join(', ')}`);
  }
  const details = { client: pick(client, OF_CLIENT), check: { name, ...pick(check, OF_CHECK) } };
  return { source, check: name, key: `${source}/${name}`, action, details };
}

/** Go has no `action`: an event whose status is 0 passes. */
function ofGo(entity: Members, check: Members): SensuEvent {
  const about = membersOf(entity['metadata']) ?? {};
  const metadata = membersOf(check['metadata']) ?? {};
  const source = demand(about['name'], 'entity.metadata.name');
  const name = demand(metadata['name'], 'check.metadata.name');
  const status = statusOf(check);
  if (status === undefined) throw badEvent('check.status is not a number; it is 0 where the check passes');
  const namespace = textOf(about['namespace']) ?? textOf(metadata['namespace']) ?? 'default';
  const details = {
    entity: { name: source, namespace, ...pick(entity, ['entity_class']), ...pick(about, OF_METADATA) },
    check: { name, ...pick(check, OF_CHECK), ...pick(metadata, OF_METADATA) },
  };
  return {
    source,
    check: name,
    key: `${namespace}/${source}/${name}`,
    action: status === 0 ? 'resolve' : 'trigger',
    details,
  };
}

function read(event: Members, check: Members): SensuEvent {
  const [client, entity] = [membersOf(event['client']), membersOf(event['entity'])];
  if (client !== undefined) return ofCore(event, client, check);
  if (entity !== undefined) return ofGo(entity, check);
  throw badEvent('missing: client (Sensu Core) or entity (Sensu Go); post the event as Sensu hands it to the handler');
}

function eventOf(body: unknown): SourceEvent {
  const members = membersOf(body);
  if (members === undefined) throw badEvent("the body is not a JSON object; Sensu's event is one");
  const event = membersOf(members['spec']) ?? members;
  const check = membersOf(event['check']);
  if (check === undefined) {
    throw badEvent(
      'missing: check; an event that has only metrics is no alert: give the handler the filter is_incident',
    );
  }
  const { source, check: name, key, action, details } = read(event, check);
  const output = textOf(check['output'])?.split('\n', 1)[0];
  const severity = SEVERITIES.get(statusOf(check) ?? 0);
  const at = parseSeconds(event['timestamp']) ?? parseSeconds(check['executed']) ?? parseSeconds(check['issued']);
  return withinLimits({
    action,
    dedupKey: madeKeyOf(key) ?? key,
    summary: [`${source}/${name}`, output ?? []].flat().join(' '),
    source,
    ...(action === 'trigger' && severity !== undefined && { severity }),
    details,
    ...(at !== undefined && { at }),
  });
}

function translate(body: unknown): readonly SourceEvent[] {
  const events: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (events.length === 0 || events.length > MAX_EVENTS) {
    throw badEvent(`a list of events has 1 to ${MAX_EVENTS}; a handler is given one`);
  }
  return events.map(eventOf);
}

export const sensu: Source = {
  name: 'sensu',
  jsonHint: "give the handler's curl -H 'Content-Type: application/json', and --data-binary @- for the event on stdin",
  translate: ({ body }) => translate(body),
};
