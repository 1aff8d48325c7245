/** What PUT asks of an incident, as the commands that people give (interfaces §5, Commands), one after the other. */
import type { CommandName } from '../../domain/commands.ts';
import { notFound } from '../notFound.ts';
import type { CommandBody } from '../personsCommand.ts';
import type { FoundIncident } from '../ports.ts';
import { type Requester, asking } from './acting.ts';
import type { Door } from './door.ts';
import { invalid } from './errors.ts';
import type { IncidentChange } from './incidentSchemas.ts';
import { changedIn, isWhole } from './sentBack.ts';

interface Step {
  readonly type: CommandName;
  readonly body: CommandBody;
}

/** The incident after it; null: some of it is noted durably, and no worker has confirmed it yet. */
export type Changed = FoundIncident | null;

/**
 * Throws NOT_FOUND, and as an error what came too late for the state: the steps before that are done then. The status
 * comes last, for after it nothing else may be possible; what is to be reopened is so first. A whole incident asks for what
 * of it is not as it was shown.
 */
export async function changeIncident(
  door: Door,
  requester: Requester,
  id: string,
  asked: IncidentChange,
): Promise<Changed> {
  let known: Promise<FoundIncident> | undefined;
  const now = (): Promise<FoundIncident> => (known ??= read(door, id));
  const change = isWhole(asked) ? changedIn(asked, await now(), door.deps.configuration()) : asked;
  const settings = settingsIn(change);
  const { first, last } = await statusSteps(change, now);
  let present: Changed | undefined;
  for (const { type, body } of [...first, ...settings, ...last]) {
    const given = await door.give(asking(requester, type, body), id);
    if (given.kind === 'refused') throw given.error;
    present = given.kind === 'recorded' || present === null ? null : given.found;
  }
  return present === undefined ? now() : present;
}

async function read({ deps }: Door, id: string): Promise<FoundIncident> {
  const found = await deps.incidents.read(id);
  if (found === undefined) throw notFound(id);
  return found;
}

function settingsIn({ title, priority, urgency, ...to }: IncidentChange): readonly Step[] {
  const users = (to.assignments ?? []).map(({ assignee }) => assignee.id);
  const policy = to.escalation_policy?.id;
  const level = to.escalation_level ?? undefined;
  const elsewhere = policy !== undefined || level !== undefined;
  if (users.length > 0 && elsewhere) {
    throw invalid('give either assignments, or escalation_policy or escalation_level or both');
  }
  return [
    ...(title === undefined || title === null ? [] : step('amend', { summary: title })),
    ...(priority === undefined ? [] : step('priority', { priority: priority?.id ?? null })),
    ...(urgency === undefined || urgency === null ? [] : step('urgency', { urgency })),
    ...(users.length === 0 ? [] : step('reassign', { users })),
    ...(elsewhere ? step('reassign', { escalationPolicy: policy, level }) : []),
  ];
}

const step = (type: CommandName, body: CommandBody = {}): readonly Step[] => [{ type, body }];

/** What gives it the status; nothing where it has it, but that one that is acknowledged may be so again. */
async function statusSteps(
  { status, resolution }: IncidentChange,
  present: () => Promise<FoundIncident>,
): Promise<{ readonly first: readonly Step[]; readonly last: readonly Step[] }> {
  if (status === undefined || status === null) return { first: [], last: [] };
  if (status === 'resolved') return { first: [], last: step('resolve', { resolution: resolution ?? undefined }) };
  const { incident: now } = await present();
  const first = now.status === 'resolved' ? step('reopen') : [];
  if (status === 'acknowledged') return { first, last: step('acknowledge') };
  if (now.status === 'suspended') return { first, last: step('trigger') };
  return { first, last: now.status === 'acknowledged' ? step('unacknowledge') : [] };
}
