/** Acknowledging, taking it back, closing and deleting (https://docs.opsgenie.com/docs/alert-api#alert-actions). */
import type { ApiDeps } from '../deps.ts';
import { anAction, inAddress } from '../schemas/opsgenie.ts';
import type { ApiServer } from '../server.ts';
import { ownerIn } from '../../domain/identity.ts';
import type { Actor } from '../../domain/incident.ts';
import { madeKeyOf } from '../sources/dedupKey.ts';
import { type Asked, type Done, addAct, withAlert } from './act.ts';
import { give, leaveNote, personIn, send } from './asking.ts';
import type { FindAlert, FoundAlert } from './foundAlert.ts';

export function stateActs(app: ApiServer, deps: ApiDeps, find: FindAlert): void {
  const common = { method: 'POST', says: anAction } as const;
  addAct(app, deps, find, {
    ...common,
    path: '/acknowledge',
    action: 'Acknowledge',
    summary: 'Acknowledges an alert: by the user that is named, or else by its monitoring source',
    perform: acknowledge,
  });
  addAct(app, deps, find, {
    ...common,
    path: '/unacknowledge',
    action: 'UnAcknowledge',
    summary: 'Takes back the acknowledgement of the user that is named, or else of the monitoring source',
    perform: (asked) => withAlert(asked, ({ incident }) => give(asked.deps, incident.id, asked.said, 'unacknowledge')),
  });
  addAct(app, deps, find, {
    ...common,
    path: '/close',
    action: 'Close',
    summary: 'Closes an alert, and with the last one its incident',
    perform: close,
  });
  addAct(app, deps, find, {
    method: 'DELETE',
    path: '',
    action: 'Delete',
    summary: 'Closes an alert; what happened is kept',
    says: inAddress,
    perform: close,
  });
}

async function acknowledge(asked: Asked): Promise<Done> {
  const { deps, said } = asked;
  if (personIn(said, deps) === undefined) return bySource(asked, 'acknowledge');
  return withAlert(asked, ({ incident }) => give(deps, incident.id, said, 'acknowledge'));
}

/** A person closes the incident; of one that others' alerts keep open, those of the integration, or the one that an alias names. */
async function close(asked: Asked): Promise<Done> {
  const { deps, said, named, integration } = asked;
  const person = personIn(said, deps);
  if (person === undefined) return bySource(asked, 'resolve');
  return withAlert(asked, async (alert) => {
    const byAlias = named.type === 'alias';
    if (!othersFire(alert, integration.id, byAlias)) return give(deps, alert.incident.id, said, 'resolve');
    const aliases = byAlias ? [alert.alias] : firing(alert, integration.id);
    return aliases.length === 0 ? 'ALREADY_RESOLVED' : (await sendAll(asked, aliases, 'resolve', person)).result;
  });
}

/** Others: of other integrations, and where an alias names one alert, any other. Of alerts that are not listed, nobody knows. */
function othersFire({ incident, alias, workflowId }: FoundAlert, own: string, byAlias: boolean): boolean {
  if (incident.alertsTruncated && ownerIn(workflowId) !== own) return true;
  return incident.alerts.some(
    ({ status, integration, dedupKey }) =>
      status === 'triggered' && (integration !== own || (byAlias && dedupKey !== alias)),
  );
}

/** Events of the source, as from any other: safe with no worker alive. Of an incident named by id, all its alerts of this source. */
async function bySource(asked: Asked, action: 'acknowledge' | 'resolve'): Promise<Done> {
  const { integration, named } = asked;
  if (named.type === 'alias') return sendAll(asked, [madeKeyOf(named.identifier) ?? []].flat(), action);
  const alert = await asked.find();
  if (alert === undefined) return { result: 'NOT_FOUND' };
  const aliases = firing(alert, integration.id);
  return aliases.length === 0 ? tooLate(alert) : sendAll(asked, aliases, action);
}

function firing({ incident }: FoundAlert, own: string): readonly string[] {
  return incident.alerts.flatMap(({ status, integration, dedupKey }) =>
    status === 'triggered' && integration === own ? dedupKey : [],
  );
}

const tooLate = ({ incident, alias }: FoundAlert): Done => ({
  result: 'ALREADY_RESOLVED',
  incident: incident.id,
  alias,
});

/** One event for each alias, and the note, which events do not carry, when they are safe. */
async function sendAll(
  { deps, integration, said }: Asked,
  aliases: readonly string[],
  action: 'acknowledge' | 'resolve',
  person?: Actor,
): Promise<Done> {
  const alias = aliases[0];
  if (alias === undefined) return { result: 'NOT_FOUND' };
  const sent = await Promise.all(aliases.map((each) => send(deps, integration, each, action, person)));
  const taken = sent.find(({ result }) => result === 'done');
  if (taken !== undefined) await leaveNote(deps, taken.incident, said, [action, alias]);
  return { result: taken === undefined ? 'NOT_FOUND' : 'done', incident: taken?.incident ?? '', alias };
}
