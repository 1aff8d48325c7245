/** The incidents that an execution holds, and which of them something is for: one that is open at most, and those before it that have something unsettled. */
import { log, metricMeter } from '@temporalio/workflow';
import type { ChangeElsewhere, Command, PersonsCommand, ProviderWord } from '../domain/commands.ts';
import { decide, decideCommand } from '../domain/decide.ts';
import type { IncidentState } from '../domain/incident.ts';
import type { Message } from '../domain/letter.ts';
import type { CommandAnswer } from './messages.ts';
import { reportOf } from './report.ts';

/** In a replay nothing is counted. */
const transient = metricMeter.createCounter(
  'tocsin_incidents_transient',
  '',
  'Incidents that ended while they were suspended, by service',
);

export class HeldIncidents {
  /** Something was decided since this was last set to false. */
  changed = true;
  private readonly states: Map<string, IncidentState>;
  /** The one that events go to: the last. Undefined while it is asked what this run's own begins with. */
  private present: string | undefined;

  constructor(carried: readonly IncidentState[], opens: boolean) {
    this.states = new Map(carried.map((state) => [state.id, state]));
    if (!opens) this.fallBack();
  }

  /** In the order in which they began. */
  get all(): readonly IncidentState[] {
    return [...this.states.values()];
  }

  /** The present one where no id is given. */
  readonly find = (id = this.present): IncidentState | null =>
    id === undefined ? null : (this.states.get(id) ?? null);

  begin(state: IncidentState): void {
    this.states.set(state.id, state);
    this.present = state.id;
    this.changed = true;
  }

  /** No other opens: events go to the last of those that were carried. */
  fallBack(): void {
    this.present = this.all.at(-1)?.id;
    this.changed = true;
  }

  apply(id: string, command: Exclude<Command, PersonsCommand>): void {
    const state = this.states.get(id);
    if (state !== undefined) this.keep(decide(state, command, Date.now()).state);
  }

  /** Null where the incident is not here. */
  readonly obey = (id: string, command: PersonsCommand): CommandAnswer | null => {
    const before = this.states.get(id);
    if (before === undefined) return null;
    const { state, outcome } = decideCommand(before, command, Date.now());
    this.keep(state);
    return { outcome, report: reportOf(state) };
  };

  /** A command that came as a signal. */
  readonly obeyLater = (incidentId: string, command: PersonsCommand): void => {
    if (this.obey(incidentId, command) === null)
      log.warn('a command came for an incident that is not here', { incidentId });
  };

  readonly hearProvider = (incidentId: string, word: ProviderWord): void => {
    if (!this.states.has(incidentId)) log.warn('a provider spoke of an incident that is not here', { incidentId });
    this.apply(incidentId, { type: 'provider', word });
  };

  /** Where the one that it is for is not here any more, the present one answers. */
  readonly hearOther = (to: string, message: Message): void => {
    const id = this.states.has(to) ? to : this.present;
    if (id !== undefined) this.apply(id, { type: 'heard', to, message });
  };

  readonly hearChange = (change: ChangeElsewhere): void => {
    if (this.present !== undefined) this.apply(this.present, { type: 'changed', change });
  };

  private keep(state: IncidentState): void {
    const was = this.states.get(state.id);
    if (state.transient && was?.transient !== true) transient.add(1, { service: state.service.id });
    this.states.set(state.id, state);
    this.changed = true;
  }
}
