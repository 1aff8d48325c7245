/** Who has an alert, and for how long it rests: snooze, assign, escalate, responders and teams. */
import { milliseconds } from '../../domain/duration.ts';
import type { ApiDeps } from '../deps.ts';
import { newEscalation, newOwner, newResponder, newSnooze, newTeam } from '../schemas/opsgenie.ts';
import type { ApiServer } from '../server.ts';
import { addAct, withAlert } from './act.ts';
import { type Said, give } from './asking.ts';
import type { FindAlert, FoundAlert } from './foundAlert.ts';
import { type Recipient, ownerNamed, policyNamed, usersOf } from './recipients.ts';
import type { Result } from './outcome.ts';

const SHORTEST = 1_000;
const LONGEST = 7 * 24 * 60 * 60 * 1_000;

export function peopleActs(app: ApiServer, deps: ApiDeps, find: FindAlert): void {
  addAct(app, deps, find, {
    method: 'POST',
    path: '/snooze',
    action: 'Snooze',
    summary: 'Acknowledges an alert until an instant, within 7 days, at which it is triggered again',
    says: newSnooze,
    perform: (asked) =>
      withAlert(asked, async ({ incident }) => {
        const left = Date.parse(asked.said.endTime) - Date.now();
        if (left < SHORTEST) return 'snoozeTooShort';
        if (left > LONGEST) return 'snoozeTooLong';
        return give(deps, incident.id, asked.said, 'snooze', { duration: milliseconds(left) });
      }),
  });
  addAct(app, deps, find, {
    method: 'POST',
    path: '/assign',
    action: 'AssignOwnership',
    summary: 'Assigns an alert to a user, with no more escalation',
    says: newOwner,
    perform: (asked) =>
      withAlert(asked, async ({ incident }) => {
        const owner = ownerNamed(asked.said.owner, deps.configuration());
        if (owner === undefined) return 'UNKNOWN_USER';
        return give(deps, incident.id, asked.said, 'reassign', { users: [owner] });
      }),
  });
  addAct(app, deps, find, {
    method: 'POST',
    path: '/escalate',
    action: 'Escalate',
    summary: 'Moves an alert on in its escalation policy, or starts another one',
    says: newEscalation,
    perform: (asked) => withAlert(asked, (alert) => escalate(deps, alert, asked.said)),
  });
  addAct(app, deps, find, {
    method: 'POST',
    path: '/responders',
    action: 'AddResponder',
    summary: 'Asks for the help of a user, a team, or who is on call by a schedule or at level 1 of a policy',
    says: newResponder,
    perform: (asked) => withAlert(asked, (alert) => invite(deps, alert, asked.said, asked.said.responder)),
  });
  addAct(app, deps, find, {
    method: 'POST',
    path: '/teams',
    action: 'AddTeam',
    summary: 'Asks for the help of a team',
    says: newTeam,
    perform: (asked) =>
      withAlert(asked, (alert) => invite(deps, alert, asked.said, { ...asked.said.team, type: 'team' })),
  });
}

/** On from where it stands, where it goes by that policy already. */
async function escalate(
  deps: ApiDeps,
  { incident, policy }: FoundAlert,
  said: Said & { readonly escalation: Recipient },
): Promise<Result> {
  const escalation = policyNamed(said.escalation, deps.configuration())?.id;
  if (escalation === undefined) return 'UNKNOWN_POLICY';
  if (escalation !== policy.id) return give(deps, incident.id, said, 'reassign', { escalationPolicy: escalation });
  const { level, pass, episode } = incident;
  return give(deps, incident.id, said, 'escalate', { fromLevel: level, fromPass: pass, fromEpisode: episode });
}

async function invite(deps: ApiDeps, { incident }: FoundAlert, said: Said, recipient: Recipient): Promise<Result> {
  const users = usersOf(recipient, deps.configuration(), Date.now());
  return users.length === 0 ? 'nobodyFound' : give(deps, incident.id, said, 'responders', { users });
}
