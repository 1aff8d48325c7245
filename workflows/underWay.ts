/** The effects of incidents that are under way: each started once, asked back when it is void, and its outcome told to the incident. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Command, PersonsCommand } from '../domain/commands.ts';
import type { Effect } from '../domain/effects.ts';
import { effects } from '../domain/effects.ts';
import type { IncidentState } from '../domain/incident.ts';
import type { Asking } from '../domain/question.ts';
import { bytesOf } from '../domain/text.ts';
import { attempt, lookups, records } from './activities.ts';
import { say } from './merging.ts';

type Outcome = Exclude<Command, PersonsCommand>;

/**
 * Bytes of JSON that one workflow task starts. The server takes 4 MiB from a task, 2 of which a continue-as-new may have:
 * 500 people told of an alert with details at their limit are 16 MB, and a task that is refused is refused for ever.
 */
const STARTED_AT_ONCE = 1_024 * 1_024;

export class UnderWay {
  private readonly scopes = new Map<string, { readonly scope: CancellationScope; readonly kind: Effect['kind'] }>();
  private readonly tell: (incident: string, outcome: Outcome) => void;
  /** What the present task has started: all that happens in one task has one time. */
  private started = { at: 0, bytes: 0 };
  private left = false;

  constructor(tell: (incident: string, outcome: Outcome) => void) {
    this.tell = tell;
  }

  /** Some were too many for this task, and are to be started in the next. */
  get hasMore(): boolean {
    return this.left;
  }

  /** How many there are whose outcome a next run would not hear; what the store is asked for can be asked again. */
  get count(): number {
    return (
      Number(this.left) + [...this.scopes.values()].filter(({ kind }) => kind !== 'number' && kind !== 'keep').length
    );
  }

  /** Starts what the incidents want and is not under way, and asks back what they no longer want. Awaits nothing. */
  carryOut(states: readonly IncidentState[]): void {
    this.left = false;
    for (const state of states) for (const effect of effects(state)) this.look(state, effect);
  }

  private look(state: IncidentState, effect: Effect): void {
    const begun = this.scopes.get(effect.key);
    const isVoid = effect.kind === 'notify' && effect.void;
    if (begun !== undefined) {
      if (isVoid) begun.scope.cancel();
    } else if (isVoid) {
      const result = { outcome: 'cancelled', at: Date.now() } as const;
      this.tell(state.id, { type: 'attempted', notification: effect.notification, result });
    } else if (this.hasRoomFor(effect)) {
      this.start(state, effect);
    } else {
      this.left = true;
    }
  }

  /** One at least, however large it is; and none before one that waits, so that they go in order. */
  private hasRoomFor(effect: Effect): boolean {
    if (this.left) return false;
    const now = Date.now();
    if (this.started.at !== now) this.started = { at: now, bytes: 0 };
    const bytes = this.started.bytes + sizeOf(effect);
    if (this.started.bytes > 0 && bytes > STARTED_AT_ONCE) return false;
    this.started.bytes = bytes;
    return true;
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

async function perform(state: IncidentState, effect: Effect): Promise<Outcome> {
  const { id, policy } = state;
  const { summary } = effect;
  switch (effect.kind) {
    case 'notify':
      return { type: 'attempted', notification: effect.notification, result: await attempt(effect) };
    case 'tell':
      return { type: 'noticeAttempted', notice: effect.notice, result: await attempt(effect) };
    case 'ask': {
      const answer = await lookups.whoIsTold.executeWithOptions({ summary }, [policy, effect.question, asking(state)]);
      return { type: 'answer', seq: effect.seq, answer };
    }
    case 'say': {
      const { letter, to, message } = effect;
      return { type: 'letterSent', letter, there: message === null || (await say(to, message)) };
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

const asking = ({ id, service, urgency, turns }: IncidentState): Asking => ({
  incident: id,
  service: service.id,
  urgency,
  turns,
});

/** As JSON, with what is sent. */
const sizeOf = (effect: Effect): number =>
  bytesOf(JSON.stringify('request' in effect ? { ...effect, request: effect.request() } : effect));

const idsOf = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);
