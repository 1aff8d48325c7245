/** Who is told of changes, in the oracle's words (lifecycle §5.6): a queue a recipient, the next not before the one before it is done. */
import type { Page, Scenario, Telling } from './scenario.ts';
import { fateOf, KEPT } from './scenario.ts';

/** Seconds before a failed attempt is made again: 2, 4, 8, …, five minutes at most. */
export const gapAfter = (attempts: number): number => Math.min(300, 2 ** attempts);

interface Queued {
  readonly word: string;
  attempts: number;
  at: number;
}

export class Bulletin {
  readonly tellings: Telling[] = [];
  private readonly world: Scenario;
  private readonly queues = new Map<string, Queued[]>();
  /** Contact methods to which a page was sent: `ana c1`. */
  private readonly paged = new Map<string, string>();

  constructor(world: Scenario) {
    this.world = world;
  }

  pageSent({ user, contact }: Page): void {
    this.paged.set(`${user} ${contact}`, user);
  }

  /** The last page that was sent there did not arrive, and none before it was sent. */
  pageLost({ user, contact }: Page): void {
    this.paged.delete(`${user} ${contact}`);
  }

  /**
   * Subscribers hear every word; with `by`, people who were paged and want it do too, but for whoever did it; and in silence
   * everybody hears it where pages stay to be seen.
   */
  say(word: string, now: number, by?: string | null): void {
    for (const to of this.world.subscribers) this.owe(to, word, now);
    for (const [where, user] of this.paged) {
      const wants = by !== undefined && user !== by && this.world.members[user]?.updates === true;
      if (wants) this.owe(where, word, now);
      else this.sayLate(where, word, now);
    }
  }

  /** In silence, if a page stays to be seen there. */
  sayLate(where: string, word: string, now: number): void {
    if (KEPT.some((contact) => where.endsWith(` ${contact}`))) this.owe(where, `${word}, silent`, now);
  }

  private owe(to: string, word: string, now: number): void {
    this.queues.set(to, [...(this.queues.get(to) ?? []), { word, attempts: 0, at: now }]);
  }

  deliver(now: number): void {
    for (const [to, queue] of this.queues) {
      for (let [first] = queue; first !== undefined && now >= first.at; [first] = queue) {
        this.tellings.push({ at: now, to, word: first.word });
        const fate = fateOf(this.world, to, now);
        if (fate.how === 'sent' || fate.how === 'terminal') {
          queue.shift();
          continue;
        }
        first.attempts += 1;
        first.at = now + Math.max(gapAfter(first.attempts), fate.how === 'retryable' ? fate.after : 0);
      }
    }
  }
}
