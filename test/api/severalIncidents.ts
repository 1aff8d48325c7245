/**
 * An IncidentGateway that stands in for Temporal: several incidents, each by the production rules of domain/. Its methods are
 * its own properties, for the API wraps a gateway by copying it.
 */
import type { CommandResult, FoundIncident, IncidentFilter, IncidentGateway, ListedIncident } from '../../api/ports.ts';
import type { PersonsCommand, ProviderWord } from '../../domain/commands.ts';
import { decide } from '../../domain/decide.ts';
import { TocsinError } from '../../domain/errors.ts';
import { sentence } from '../../domain/report.ts';
import { truthOf } from '../../domain/truth.ts';
import type { NotificationView } from '../../domain/view.ts';
import { incidentView, notificationViews } from '../../domain/view.ts';
import type { Life } from '../support/life.ts';

/** `noWorker`: nobody answers. `away`: Temporal cannot be reached. */
type Engine = 'up' | 'noWorker' | 'away';

export class SeveralIncidents implements IncidentGateway {
  engine: Engine = 'up';
  readonly asked: PersonsCommand[] = [];
  readonly heard: ProviderWord[] = [];
  private lives: readonly Life[] = [];

  /** These, and no others, from now on: in the order of their numbers, which begin with 1. Nothing was asked of them. */
  hold(lives: readonly Life[]): void {
    this.lives = lives;
    this.engine = 'up';
    this.asked.length = 0;
    this.heard.length = 0;
  }

  list = async ({ status, number, limit }: IncidentFilter) => {
    if (this.engine === 'away') throw new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal cannot be reached');
    const all = this.lives.map((life): ListedIncident => {
      const { incident, workflowId, runId } = this.found(life);
      return { incident, workflowId, runId };
    });
    const incidents = all
      .filter(({ incident }) => number === undefined || incident.number === number)
      .filter(({ incident }) => (status === 'resolved') === (incident.status === 'resolved') || status === undefined)
      .toSorted((one, other) => other.incident.createdAt.localeCompare(one.incident.createdAt))
      .slice(0, limit);
    return { incidents, nextCursor: null };
  };

  read = async (id: string): Promise<FoundIncident | undefined> => {
    const life = this.life(id);
    return life && this.found(life);
  };

  notifications = async (id: string): Promise<readonly NotificationView[] | undefined> => {
    if (this.engine === 'noWorker') throw new TocsinError('NO_WORKER', 'no worker answered the query');
    const life = this.life(id);
    return life && notificationViews(life.state);
  };

  command = async (id: string, command: PersonsCommand): Promise<CommandResult> => {
    const life = this.life(id);
    if (life === undefined) return { kind: 'notFound' };
    this.asked.push(command);
    const outcome = life.command(command.actor.id ?? '', command);
    return { kind: 'done', outcome, found: this.found(life) };
  };

  hear = async (id: string, word: ProviderWord): Promise<boolean> => {
    const life = this.life(id);
    if (life === undefined) return false;
    this.heard.push(word);
    life.state = decide(life.state, { type: 'provider', word }, life.now).state;
    return true;
  };

  next = (): never => unused();
  openOf = (): never => unused();
  timeline = (): never => unused();
  tellHeld = (): never => unused();
  sendTest = (): never => unused();
  trouble = (): never => unused();

  private life(id: string): Life | undefined {
    return this.lives.find(({ state }) => state.id === id);
  }

  private found(life: Life): FoundIncident {
    const { state } = life;
    return {
      incident: { ...incidentView(state), number: this.lives.indexOf(life) + 1 },
      sentence: sentence(state),
      truth: truthOf(state),
      policy: { id: state.policy.id, ofService: true },
      workflowId: 'incident/x/y',
      runId: 'r',
    };
  }
}

function unused(): never {
  throw new Error('replies to text messages do not ask this');
}
