/** An IncidentGateway that stands in for Temporal: one incident, by the production rules of domain/, under a virtual clock. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult, FoundIncident, IncidentGateway } from '../../api/ports.ts';
import type { PersonsCommand, ProviderWord } from '../../domain/commands.ts';
import { TocsinError } from '../../domain/errors.ts';
import { sentence } from '../../domain/report.ts';
import { truthOf } from '../../domain/truth.ts';
import { incidentView, nextView } from '../../domain/view.ts';
import type { Life } from '../support/life.ts';

/** `closed`: its execution is over. `noWorker`: nobody answers, signals are kept. `away`: Temporal cannot be reached. */
export type Engine = 'up' | 'closed' | 'noWorker' | 'away';

export class OneIncident implements IncidentGateway {
  engine: Engine = 'up';
  readonly asked: PersonsCommand[] = [];
  readonly heard: ProviderWord[] = [];
  /** Milliseconds until a command is answered. */
  slowness = 0;
  private readonly life: Life;

  constructor(life: Life) {
    this.life = life;
  }

  get id(): string {
    return this.life.state.id;
  }

  async read(id: string): Promise<FoundIncident | undefined> {
    this.reach();
    if (this.engine === 'noWorker') throw new TocsinError('NO_WORKER', 'no worker answered the query');
    return id === this.life.state.id ? this.found() : undefined;
  }

  async next(id: string) {
    this.reach();
    return id === this.life.state.id ? nextView(this.life.state) : undefined;
  }

  async command(id: string, command: PersonsCommand): Promise<CommandResult> {
    await sleep(this.slowness);
    this.reach();
    this.asked.push(command);
    if (id !== this.life.state.id) return { kind: 'notFound' };
    if (this.engine === 'noWorker') return { kind: 'recorded' };
    if (this.engine === 'closed') return { kind: 'closed', found: this.found() };
    const outcome = this.life.command(command.actor.id ?? '', command);
    return { kind: 'done', outcome, found: this.found() };
  }

  async hear(id: string, word: ProviderWord): Promise<boolean> {
    this.reach();
    if (id !== this.life.state.id) return false;
    this.heard.push(word);
    return true;
  }

  list = (): never => unused();
  openOf = (): never => unused();
  timeline = (): never => unused();
  notifications = (): never => unused();
  tellHeld = (): never => unused();
  sendTest = (): never => unused();
  trouble = (): never => unused();

  private reach(): void {
    if (this.engine === 'away') throw new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal cannot be reached');
  }

  private found(): FoundIncident {
    const { state } = this.life;
    const policy = { id: state.policy.id, ofService: true };
    return {
      incident: incidentView(state),
      sentence: sentence(state),
      truth: truthOf(state),
      policy,
      workflowId: 'incident/x/y',
      runId: 'r',
    };
  }
}

/** The same incident under an id of the form that real ones have, which a `Life` does not give. */
export function named(incident: OneIncident, id: string): IncidentGateway {
  const own = (given: string): string => (given === id ? incident.id : given);
  return {
    list: incident.list,
    openOf: incident.openOf,
    timeline: incident.timeline,
    notifications: incident.notifications,
    tellHeld: incident.tellHeld,
    sendTest: incident.sendTest,
    trouble: incident.trouble,
    read: (given) => incident.read(own(given)),
    next: (given) => incident.next(own(given)),
    command: (given, command) => incident.command(own(given), command),
    hear: (given, word) => incident.hear(own(given), word),
  };
}

function unused(): never {
  throw new Error('the phone page does not ask this');
}
