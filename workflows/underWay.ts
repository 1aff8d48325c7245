/** The effects of incidents that are under way: each started once, asked back when it is void, and its outcome told to the incident. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Command, PersonsCommand } from '../domain/commands.ts';
import type { Effect } from '../domain/effects.ts';
import { effects } from '../domain/effects.ts';
import type { IncidentState } from '../domain/incident.ts';
import { attempt, lookups } from './activities.ts';

type Outcome = Exclude<Command, PersonsCommand>;

export class UnderWay {
  private readonly scopes = new Map<string, CancellationScope>();
  private readonly tell: (incident: string, outcome: Outcome) => void;

  constructor(tell: (incident: string, outcome: Outcome) => void) {
    this.tell = tell;
  }

  get count(): number {
    return this.scopes.size;
  }

  /** Starts what the incident wants and is not under way, and asks back what it no longer wants. Awaits nothing. */
  carryOut(state: IncidentState): void {
    for (const effect of effects(state)) {
      const scope = this.scopes.get(effect.key);
      if (scope === undefined) this.start(state, effect);
      else if (effect.kind === 'notify' && effect.void) scope.cancel();
    }
  }

  private start(state: IncidentState, effect: Effect): void {
    const scope = new CancellationScope();
    this.scopes.set(effect.key, scope);
    scope
      .run(() => perform(state, effect))
      .then((outcome) => {
        this.scopes.delete(effect.key);
        this.tell(state.id, outcome);
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }
}

async function perform({ policy }: IncidentState, effect: Effect): Promise<Outcome> {
  if (effect.kind === 'notify') {
    return { type: 'attempted', notification: effect.notification, result: await attempt(effect) };
  }
  const { seq, question, summary } = effect;
  const answer = await lookups.whoIsTold.executeWithOptions({ summary }, [policy, question]);
  return { type: 'answer', seq, answer };
}
