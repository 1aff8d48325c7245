/** Acknowledging, taking it back, closing and deleting (https://docs.opsgenie.com/docs/alert-api#alert-actions). */
import type { ApiDeps } from '../deps.ts';
import { anAction, inAddress } from '../schemas/opsgenie.ts';
import type { ApiServer } from '../server.ts';
import { madeKeyOf } from '../sources/dedupKey.ts';
import { type Asked, type Done, addAct, withAlert } from './act.ts';
import { give, noteIn, personIn, send } from './asking.ts';
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

/** A person closes the incident; of one that others of its alerts keep open, the alert that an alias names. */
async function close(asked: Asked): Promise<Done> {
  const { deps, said, named, integration } = asked;
  const person = personIn(said, deps);
  if (person === undefined) return bySource(asked, 'resolve');
  return withAlert(asked, async (alert) => {
    if (named.type !== 'alias' || !othersFire(alert, integration.id))
      return give(deps, alert.incident.id, said, 'resolve');
    await note(asked, alert);
    return (await send(deps, integration, alert.alias, 'resolve', person)).result;
  });
}

const othersFire = ({ incident, alias }: FoundAlert, own: string): boolean =>
  incident.alerts.some(
    ({ status, integration, dedupKey }) => status === 'triggered' && (integration !== own || dedupKey !== alias),
  );

/** Events of the source, as from any other: safe with no worker alive. Of an incident named by id, all its alerts of this source. */
async function bySource(asked: Asked, action: 'acknowledge' | 'resolve'): Promise<Done> {
  const { deps, integration, named, said } = asked;
  const byAlias = named.type === 'alias';
  const alert = byAlias && noteIn(said, deps) === undefined ? undefined : await asked.find();
  const aliases = byAlias ? [madeKeyOf(named.identifier) ?? []].flat() : firing(alert, integration.id);
  const alias = aliases[0];
  if (alias === undefined) return alert === undefined ? { result: 'NOT_FOUND' } : tooLate(alert);
  if (alert !== undefined) await note(asked, alert);
  const sent = await Promise.all(aliases.map((each) => send(deps, integration, each, action)));
  const taken = sent.find(({ result }) => result === 'done');
  return { result: taken === undefined ? 'NOT_FOUND' : 'done', incident: taken?.incident ?? '', alias };
}

function firing(alert: FoundAlert | undefined, own: string): readonly string[] {
  const alerts = alert?.incident.alerts ?? [];
  return alerts.flatMap(({ status, integration, dedupKey }) =>
    status === 'triggered' && integration === own ? dedupKey : [],
  );
}

const tooLate = ({ incident, alias }: FoundAlert): Done => ({
  result: 'ALREADY_RESOLVED',
  incident: incident.id,
  alias,
});

/** Events carry none. */
async function note({ deps, said }: Asked, { incident }: FoundAlert): Promise<void> {
  const text = noteIn(said, deps);
  if (text !== undefined) await give(deps, incident.id, said, 'notes', { text });
}
