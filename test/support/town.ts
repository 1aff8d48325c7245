/**
 * Several incidents that tell one another of their merging, under a virtual clock. Each key has an execution, as in
 * Temporal: it holds its incident, ends when nothing of it is to come, and a trigger after that opens the next one.
 * Letters lie in the post until they are delivered, in any order, and some come twice.
 */
import type { PersonsCommand } from '../../domain/commands.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { Effect } from '../../domain/effects.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { takesEvents } from '../../domain/reopening.ts';
import { takenBack } from '../../domain/forwarding.ts';
import type { Elsewhere, IncidentState } from '../../domain/incident.ts';
import { BEGIN, Life, TRIGGER } from './life.ts';

type Letter = Extract<Effect, { kind: 'say' }>;
interface Posted {
  readonly from: Life;
  readonly letter: Letter;
  phase: 'sent' | 'delivered';
}

export class Town {
  now = BEGIN;
  readonly lives: Life[] = [];
  readonly post: Posted[] = [];
  /** Letters that came, and may come once more at any time. */
  readonly copies: Letter[] = [];
  /** Events that found no incident to act on. */
  ignored = 0;
  /** Keys whose execution was ended by force. */
  private readonly terminated = new Set<string>();
  private readonly configuration: Configuration;
  private events = 0;
  private commands = 0;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  /** The incident of a key that is the latest. */
  life(key: string): Life | undefined {
    return this.lives.findLast(({ state }) => state.dedupKey === key);
  }

  state(key: string): IncidentState {
    const life = this.life(key);
    if (life === undefined) throw new Error(`no incident of ${key}`);
    return life.state;
  }

  elsewhere(key: string): Elsewhere {
    const { id } = this.state(key);
    return { incident: id, workflowId: id };
  }

  /** An event of the source, to whatever execution its key has. */
  event(key: string, action: SourceEvent['action'] = 'trigger', more: Partial<SourceEvent> = {}): this {
    this.give(
      { ...TRIGGER, ...more, action, dedupKey: more.dedupKey ?? key, summary: `${key} fails` },
      key,
      `v${++this.events}`,
      1,
    );
    return this.goOn();
  }

  private give(event: SourceEvent, key: string, id: string, count: number): void {
    const life = this.life(key);
    if (
      life !== undefined &&
      !this.isClosed(life) &&
      (takesEvents(life.state, this.now) || event.action !== 'trigger')
    ) {
      life.arrive(event, count, id);
    } else if (event.action === 'trigger' && !this.terminated.has(key)) {
      const opened = new Life(this.configuration, event, {}, null, {
        id: `i.${key}.${this.lives.length}`,
        at: this.now,
      });
      opened.storing('absent');
      opened.post = (letter) => this.post.push({ from: opened, letter, phase: 'sent' });
      this.lives.push(opened);
    } else {
      this.ignored += 1;
    }
  }

  merge(source: string, target: string, command: Partial<PersonsCommand> = {}): ReturnType<Life['command']> {
    const life = this.life(source);
    if (life === undefined) throw new Error(`no incident of ${source}`);
    life.now = this.now;
    const outcome = life.command('ana', {
      type: 'merge',
      id: `merge ${++this.commands}`,
      into: this.elsewhere(target),
      ...command,
    });
    this.goOn();
    return outcome;
  }

  resolve(key: string): this {
    const life = this.life(key);
    if (life === undefined || this.isClosed(life)) return this;
    life.now = this.now;
    life.resolve('ana');
    return this.goOn();
  }

  /** Somebody ends the execution of a key by force. */
  terminate(key: string): this {
    this.terminated.add(key);
    return this;
  }

  isTerminated(key: string): boolean {
    return this.terminated.has(key);
  }

  /** Time passes by so many seconds. */
  wait(seconds: number): this {
    this.now += seconds * 1_000;
    return this.goOn();
  }

  /** The post brings the letter at this place or its outcome; false where there is none. */
  deliver(place: number): boolean {
    const posted = this.post[place % Math.max(1, this.post.length)];
    if (posted === undefined) return false;
    if (posted.phase === 'sent') {
      const there = this.bring(posted.letter);
      if (there) {
        posted.phase = 'delivered';
        this.copies.push(posted.letter);
        this.goOn();
        return true;
      }
      this.post.splice(this.post.indexOf(posted), 1);
      if (!this.isClosed(posted.from)) posted.from.delivered(posted.letter, false);
    } else {
      this.post.splice(this.post.indexOf(posted), 1);
      if (!this.isClosed(posted.from)) posted.from.delivered(posted.letter, true);
    }
    this.goOn();
    return true;
  }

  /** A letter that came before comes again. */
  repeat(place: number): void {
    const letter = this.copies[place % Math.max(1, this.copies.length)];
    if (letter !== undefined) this.bring(letter);
    this.goOn();
  }

  /** The execution of a key continues as new: what lay in the post is written anew, and may come twice. */
  continueAsNew(key: string): void {
    const life = this.life(key);
    if (life === undefined || this.isClosed(life)) return;
    for (const posted of this.post.filter(({ from }) => from === life)) {
      this.post.splice(this.post.indexOf(posted), 1);
      if (posted.phase === 'sent') this.bring(posted.letter);
    }
    life.continueAsNew();
    this.goOn();
  }

  /** The post is empty, and no time has passed. */
  delivered(): this {
    for (let steps = 0; this.deliver(steps); steps++) if (steps > 5_000) throw new Error('the post never ends');
    return this;
  }

  /** Everything that is to come by itself has come. */
  quiet(): this {
    for (let rounds = 0; rounds < 40; rounds++) {
      this.delivered().wait(60);
    }
    return this;
  }

  isClosed(life: Life): boolean {
    const { dedupKey } = life.state;
    return this.terminated.has(dedupKey) || (life.settled && takenBack(life.state).length === 0);
  }

  /** Incidents that people may act on. */
  get open(): readonly IncidentState[] {
    return this.lives
      .filter((life) => !this.isClosed(life))
      .map(({ state }) => state)
      .filter(({ status }) => status !== 'resolved');
  }

  /** False where nobody is there. */
  private bring({ to, message }: Letter): boolean {
    if (message === null) return true;
    const life = this.lives.find(({ state }) => state.id === to.incident);
    if (life === undefined) return false;
    const present = this.life(life.state.dedupKey);
    if (present === undefined || this.isClosed(present)) return false;
    (this.isClosed(life) ? present : life).hear(message, to.incident);
    return true;
  }

  private goOn(): this {
    for (const life of this.lives) if (!this.terminated.has(life.state.dedupKey)) life.goOn(this.now);
    for (const life of this.lives) {
      const back = takenBack(life.state);
      if (back.length === 0) continue;
      life.takeBack();
      for (const { event, count, id } of back) this.give(event, life.state.dedupKey, id, count);
      this.goOn();
    }
    return this;
  }
}
