/**
 * Sentry's webhooks of an integration (docs.sentry.io/integrations/integration-platform/webhooks; wire-formats §1h). An
 * alert rule that fires has no end of its own: the issue is the key, and what becomes of the issue ends it. A metric alert
 * says itself that it is over. What was assigned may have been by a rule, which is nobody who acknowledges.
 */
import { TocsinError } from '../../domain/errors.ts';
import type { EventAction, Link, Severity, SourceEvent } from '../../domain/event.ts';
import { withinLimits } from '../../intake/limits.ts';
import { type Members, membersOf, pick, textOf } from '../../intake/members.ts';
import { madeKeyOf } from './dedupKey.ts';
import { demandSigned, headerOf } from './signatures.ts';
import type { Received, Source } from './source.ts';
import { parseTimestamp } from './timestamp.ts';

const RESOURCE = 'sentry-hook-resource';
/** Of an event and of an issue. */
const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['fatal', 'critical'],
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'info'],
  ['debug', 'info'],
]);
/** `ignored` is what `archived` was called before. */
const ISSUE_ACTIONS: ReadonlyMap<string, EventAction | 'none'> = new Map([
  ['created', 'trigger'],
  ['unresolved', 'trigger'],
  ['resolved', 'resolve'],
  ['archived', 'resolve'],
  ['ignored', 'resolve'],
  ['assigned', 'none'],
]);
const METRIC_ACTIONS: ReadonlyMap<string, EventAction> = new Map([
  ['critical', 'trigger'],
  ['warning', 'trigger'],
  ['resolved', 'resolve'],
]);

const OF_EVENT = [
  'event_id',
  'culprit',
  'level',
  'environment',
  'release',
  'platform',
  'location',
  'metadata',
] as const;
const OF_ISSUE = [
  'shortId',
  'culprit',
  'level',
  'status',
  'substatus',
  'priority',
  'platform',
  'issueCategory',
  'issueType',
  'count',
  'userCount',
  'firstSeen',
  'lastSeen',
  'metadata',
] as const;
const OF_RULE = ['name', 'query', 'aggregate', 'dataset', 'environment', 'time_window', 'projects'] as const;
/** In an event's address in Sentry's API: its organization, and its project. */
const PROJECT = /\/projects\/[^/]+\/([^/]+)\//;
const ISSUE = /\/issues\/(\d+)\//;

const badEvent = (text: string): TocsinError => new TocsinError('BAD_EVENT', text);

const linkTo = (href: unknown): readonly Link[] => {
  const address = textOf(href);
  return address === undefined ? [] : [{ href: address, text: 'Sentry' }];
};

/** What one resource says of its alert. */
interface Said {
  readonly action: EventAction;
  readonly key: string;
  readonly title: string | undefined;
  readonly source: string | undefined;
  readonly severity: Severity | undefined;
  readonly details: Members;
  readonly link: unknown;
  readonly at?: number | undefined;
}

function demand(data: Members, member: string): Members {
  const found = membersOf(data[member]);
  if (found === undefined) throw badEvent(`missing: data.${member}; a webhook of this resource has it`);
  return found;
}

function keyOf(value: unknown, member: string): string {
  const key = madeKeyOf(value);
  if (key === undefined) throw badEvent(`missing or blank: ${member}; by it the alert is known again when it is over`);
  return key;
}

/** What an action means. Throws BAD_EVENT for one that the resource has not. */
function meaning<Meaning>(actions: ReadonlyMap<string, Meaning>, written: unknown): Meaning {
  const action = textOf(written)?.toLowerCase() ?? '';
  const found = actions.get(action);
  if (found !== undefined) return found;
  throw badEvent(`'action' is '${action.slice(0, 64)}'; it is one of: ${[...actions.keys()].join(', ')}`);
}

const severityOf = (level: unknown): Severity | undefined => LEVELS.get(textOf(level)?.toLowerCase() ?? '');

/** Sentry's tags are a list of pairs. */
const tagsOf = (value: unknown): Members =>
  Object.fromEntries(
    (Array.isArray(value) ? (value as readonly unknown[]) : []).flatMap((pair) => {
      const [name, text] = Array.isArray(pair) ? [textOf(pair[0]), textOf(pair[1])] : [];
      return name === undefined || text === undefined ? [] : [[name, text] as const];
    }),
  );

function ofEventAlert(data: Members): Said {
  const event = demand(data, 'event');
  const issue = textOf(event['issue_id']) ?? ISSUE.exec(textOf(event['issue_url']) ?? '')?.[1];
  return {
    action: 'trigger',
    key: keyOf(issue, 'data.event.issue_id'),
    title: textOf(event['title']) ?? textOf(event['message']),
    source: PROJECT.exec(textOf(event['url']) ?? '')?.[1],
    severity: severityOf(event['level']),
    details: { ...pick(data, ['triggered_rule']), ...pick(event, OF_EVENT), tags: tagsOf(event['tags']) },
    link: event['web_url'],
    at: parseTimestamp(event['datetime']),
  };
}

function ofIssue(data: Members, action: EventAction): Said {
  const issue = demand(data, 'issue');
  const project = membersOf(issue['project']) ?? {};
  return {
    action,
    key: keyOf(issue['id'], 'data.issue.id'),
    title: textOf(issue['title']),
    source: textOf(project['slug']),
    severity: severityOf(issue['level']),
    details: pick(issue, OF_ISSUE),
    link: textOf(issue['web_url']) ?? issue['permalink'],
  };
}

function ofMetricAlert(data: Members, written: unknown): Said {
  const alert = demand(data, 'metric_alert');
  const rule = membersOf(alert['alert_rule']) ?? {};
  const action = meaning(METRIC_ACTIONS, written);
  const projects: unknown = alert['projects'];
  return {
    action,
    // Issues are numbered too, and by themselves.
    key: `metric-alert/${keyOf(alert['id'], 'data.metric_alert.id')}`,
    title: textOf(data['description_title']) ?? textOf(rule['name']) ?? textOf(alert['title']),
    source: textOf(Array.isArray(projects) ? (projects as readonly unknown[])[0] : undefined),
    severity: textOf(written)?.toLowerCase() === 'critical' ? 'critical' : 'warning',
    details: { ...pick(data, ['description_text']), rule: pick(rule, OF_RULE) },
    link: data['web_url'],
  };
}

/** Undefined for what is no alert: installations, comments, every single error, and resources that are yet to come. */
function saidBy({ body, headers, integration }: Received): Said | undefined {
  const members = membersOf(body);
  if (members === undefined) throw badEvent('the body is not a JSON object; a webhook of Sentry is one');
  const resource = headerOf(headers, RESOURCE) ?? '';
  if (resource === '') throw badEvent('the header Sentry-Hook-Resource is missing; every webhook of Sentry has it');
  const data = membersOf(members['data']) ?? {};
  if (resource === 'event_alert') return ofEventAlert(data);
  if (resource === 'metric_alert') return ofMetricAlert(data, members['action']);
  if (resource !== 'issue') return undefined;
  const action = meaning(ISSUE_ACTIONS, members['action']);
  const quiet = action === 'none' || (action === 'trigger' && integration.newIssues === 'ignore');
  return quiet ? undefined : ofIssue(data, action);
}

function translate(received: Received): readonly SourceEvent[] {
  const said = saidBy(received);
  if (said === undefined) return [];
  const { action, key, title, source, severity, details, link, at } = said;
  if (title === undefined && action === 'trigger')
    throw badEvent('missing or blank: the title; every alert of Sentry has one');
  const event = withinLimits({
    action,
    dedupKey: key,
    summary: title ?? '',
    source: source ?? 'sentry',
    ...(action === 'trigger' && severity !== undefined && { severity }),
    details,
    links: linkTo(link),
    ...(at !== undefined && { at }),
  });
  return [event];
}

function verify({ headers, raw, integration: { secret } }: Received): void {
  if (secret !== undefined) demandSigned(secret, [raw], headerOf(headers, 'sentry-hook-signature'));
}

export const sentry: Source = {
  name: 'sentry',
  jsonHint: 'Sentry sends JSON by itself, with Content-Type: application/json',
  verify,
  translate,
};
