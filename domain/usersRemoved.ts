/** Users whom the configuration no longer has (lifecycle §3): nobody may be thought to be on it who is not there. */
import { humanAckers } from './acknowledging.ts';
import type { ChangeElsewhere } from './commands.ts';
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import { startAgain } from './escalating.ts';

type Removal = Extract<ChangeElsewhere, { readonly kind: 'usersRemoved' }>;

/** Their acks end. With the last person's goes the source's, as with an unack, and the incident is triggered again. */
export function usersRemoved(decision: Decision, { id, users }: Removal): void {
  if (decision.state.id !== id || decision.state.status !== 'acknowledged') return;
  const gone = humanAckers(decision.state).filter((user) => users.includes(user));
  if (gone.length === 0) return;
  for (const user of gone) decision.record(SYSTEM, { type: 'ackerRemoved', user });
  if (humanAckers(decision.state).length > 0) return;
  decision.record(SYSTEM, { type: 'retriggered', reason: 'userRemoved' });
  startAgain(decision, 'userRemoved', []);
}
