/** The effects of incidents that are under way: each started once, asked back when it is void, and its outcome told to the incident. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Command, PersonsCommand } from '../domain/commands.ts';
import type { Effect } from '../domain/effects.ts';
import { effects } from '../domain/effects.ts';
import type { IncidentState } from '../domain/incident.ts';
import { attempt, lookups, records } from './activities.ts';

type Outcome = Exclude<Command, PersonsCommand>;

export class UnderWay {
  private readonly scopes = new Map<string, { readonly scope: CancellationScope; readonly kind: Effect['kind'] }>();
  private readonly tell: (incident: string, outcome: Outcome) => void;

  constructor(tell: (incident: string, outcome: Outcome) => void) {
    this.tell = tell;
  }

  /** How many there are whose outcome a next run would not hear; what the store is asked for can be asked again. */
  get count(): number {
    return [...this.scopes.values()].filter(({ kind }) => kind !== 'number' && kind !== 'keep').length;
  }

  /** Starts what the incident wants and is not under way, and asks back what it no longer wants. Awaits nothing. */
  carryOut(state: IncidentState): void {
    for (const effect of effects(state)) {
      const begun = this.scopes.get(effect.key);
      if (begun === undefined) this.start(state, effect);
      else if (effect.kind === 'notify' && effect.void) begun.scope.cancel();
    }
  }

  private start(state: IncidentState, effect: Effect): void {
    const scope = new CancellationScope();
    this.scopes.set(effect.key, { scope, kind: effect.kind });
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

async function perform({ id, policy }: IncidentState, effect: Effect): Promise<Outcome> {
  const { summary } = effect;
  switch (effect.kind) {
    case 'notify':
      return { type: 'attempted', notification: effect.notification, result: await attempt(effect) };
    case 'tell':
      return { type: 'noticeAttempted', notice: effect.notice, result: await attempt(effect) };
    case 'ask': {
      const answer = await lookups.whoIsTold.executeWithOptions({ summary }, [policy, effect.question]);
      return { type: 'answer', seq: effect.seq, answer };
    }
    case 'number':
      return { type: 'numbered', number: await records.numberIncident.executeWithOptions({ summary }, [id]) };
    case 'keep': {
      const { entries, notifications } = effect;
      const kept = await records.keepRecord.executeWithOptions({ summary }, [id, { entries, notifications }]);
      return {
        type: 'recordMoved',
        record: kept ? { entries: idsOf(entries), notifications: idsOf(notifications) } : null,
      };
    }
    default:
      return effect satisfies never;
  }
}

const idsOf = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);
