/**
 * The life of an incident as a workflow: it keeps the time and carries out effects; every rule is in domain/.
 * An execution holds one incident that is open, and those before it of the same key that have something unsettled.
 */
import {
  CancellationScope,
  condition,
  log,
  makeContinueAsNewFunc,
  metricMeter,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { isSettled } from '../domain/carrying.ts';
import type { CommandName, PersonsCommand } from '../domain/commands.ts';
import { PEOPLES_COMMANDS } from '../domain/commands.ts';
import { nextDeadline } from '../domain/deadlines.ts';
import type { Arrival } from '../domain/event.ts';
import { incidentIdOf } from '../domain/identity.ts';
import type { IncidentState } from '../domain/incident.ts';
import { next } from '../domain/next.ts';
import { openIncident } from '../domain/open.ts';
import type { Opening } from '../domain/opening.ts';
import type { PackedState } from '../domain/packing.ts';
import { takesEvents } from '../domain/reopening.ts';
import { takenBack } from '../domain/forwarding.ts';
import { outcomeOf } from '../domain/report.ts';
import { upgradedOpening, upgradedState } from '../domain/upgrading.ts';
import { incidentView, nextView, notificationViews, timelineView } from '../domain/view.ts';
import { carryWith } from '../domain/waiting.ts';
import { lookups } from './activities.ts';
import { Alarm } from './alarm.ts';
import { answering } from './answering.ts';
import { HeldIncidents } from './held.ts';
import type { IncidentInput, IncidentResult } from './messages.ts';
import {
  changedSignal,
  commandSignal,
  commandUpdate,
  eventsSignal,
  incidentQuery,
  mergeSignal,
  nextQuery,
  notificationsQuery,
  providerSignal,
  timelineQuery,
} from './messages.ts';
import { reportOf } from './report.ts';
import { UnderWay } from './underWay.ts';
import { memoOf, Visibility } from './visibility.ts';

/** In a replay nothing is counted. */
const opened = metricMeter.createCounter('tocsin_incidents_opened', '', 'Incidents that opened, by service');

/** Not to be cancelled: the Temporal UI's button for that must not silence a page. "Terminate" ends one by force. */
export async function incident(input: IncidentInput): Promise<IncidentResult> {
  return CancellationScope.nonCancellable(() => live(input));
}

async function live(input: IncidentInput): Promise<IncidentResult> {
  const { workflowId, runId, startTime } = workflowInfo();
  const held = new HeldIncidents((input.carried ?? []).map(upgradedState), input.open !== undefined);
  /** Events for an incident that is not open yet: this run's own, or the next of the same key. */
  const waiting: Arrival[] = [...(input.open?.arrivals ?? [])];
  const visibility = new Visibility();
  const alarm = new Alarm();
  /** This run opens one incident at most. `free`: routing let none come of its first trigger, and the next may open one here. */
  let ownIncident = 'opened' as 'opened' | 'asked' | 'free';

  const underWay = new UnderWay((id, command) => held.apply(id, command));

  const receive = (arrival: Arrival): void => {
    const state = held.find();
    const goesOn = state !== null && takesEvents(state, Date.now());
    if (goesOn || (state !== null && waiting.length === 0 && arrival.event.action !== 'trigger')) {
      held.apply(state.id, { type: 'arrival', arrival });
    } else {
      waiting.push(arrival);
      held.changed = true;
    }
  };
  const begin = ({ previous }: { previous: string | null }, opening: Opening): void => {
    const { first, rest } = split(waiting.splice(0));
    const id = incidentIdOf(workflowId, runId);
    const createdAt = input.carried === undefined ? startTime.getTime() : Date.now();
    held.begin(openIncident({ id, integration: input.integration, previous }, opening, first.event, createdAt));
    ownIncident = 'opened';
    if (first.event.drill !== true) opened.add(1, { service: opening.service.id });
    log.info('an incident is open', { incident: id, service: opening.service.id });
    receive(first);
    // Assigned by its trigger: whatever came after that finds people who are owed a page.
    if (opening.answer !== null) held.apply(id, { type: 'answer', seq: 1, answer: opening.answer });
    rest.forEach(receive);
    takeCommands();
  };
  /** Routing lets no incident come of the first trigger: what is carried goes on, and the next trigger is asked about anew. */
  const openNone = (): void => {
    const { rest } = split(waiting.splice(0));
    held.fallBack();
    ownIncident = 'free';
    rest.forEach(receive);
    takeCommands();
  };
  /** Not awaited: what the incident before it still owes must not wait for this. */
  const ask = async (previous: string | null): Promise<void> => {
    ownIncident = 'asked';
    const { first } = split(waiting);
    const opening = await lookups.openIncident(input.integration, first.event);
    if ('suppressed' in opening) openNone();
    else begin({ previous }, upgradedOpening(opening));
  };
  // Signals wait for their handler: a command for this run's own incident, until that is open.
  const takeCommands = (): void => {
    setHandler(commandSignal, held.obeyLater, { description: "A person's command that no worker took in time" });
    setHandler(providerSignal, held.hearProvider, {
      description: 'Word from a provider about a message of the incident',
    });
    setHandler(mergeSignal, held.hearOther, { description: 'Word from another incident about their merging' });
  };

  setHandler(eventsSignal, (arrivals) => arrivals.forEach(receive), {
    description: 'Events from the source, in order',
  });
  // Before the handlers of commands: what came while no worker ran is given to them at once, and must find its incident.
  if (input.open === undefined) takeCommands();
  else if (input.open.opening !== undefined) begin(input.open, upgradedOpening(input.open.opening));
  setHandler(changedSignal, held.hearChange, {
    description: 'Something changed elsewhere that it is to look at again',
  });
  const answer = answering(held.obey, held.find, reportOf);
  for (const name of PEOPLES_COMMANDS) setHandler(commandUpdate(name), answer, { validator: refuseMalformed });
  setHandler(incidentQuery, (id) => mapped(held.find(id), reportOf), { description: 'The incident as it is now' });
  setHandler(timelineQuery, (id) => mapped(held.find(id), timelineView), { description: 'What happened, and why' });
  setHandler(notificationsQuery, (id) => mapped(held.find(id), notificationViews), {
    description: 'The ledger: who was told',
  });
  setHandler(nextQuery, (id) => mapped(held.find(id), nextView), {
    description: 'What comes next, unless somebody acts',
  });

  if (input.open !== undefined && held.find() === null) void ask(input.open.previous);

  for (;;) {
    for (const { id } of held.all) held.apply(id, { type: 'deadline', long: isLong(input) });
    for (const each of held.all) {
      const back = takenBack(each);
      if (back.length > 0) held.apply(each.id, { type: 'eventsTakenBack' });
      back.forEach(receive);
    }
    held.changed = false;
    underWay.carryOut(held.all);
    const states = held.all;
    const state = held.find();
    if (state !== null) {
      visibility.publish(state);
      const unsettled = states.filter((each) => !isSettled(each));
      // This one even where it is settled: where no other opens, the execution ends as this one's.
      const kept = [...unsettled.filter((each) => each !== state), state];
      const isMerging = states.some(({ merging }) => merging !== null);
      const goesOnAnew = shouldContinueAsNew(input, underWay.count + Number(isMerging));
      if (waiting.length > 0) {
        if (ownIncident === 'opened' || goesOnAnew) {
          const { arrivals, carried } = carry(kept, waiting);
          const open = { arrivals, previous: state.id };
          await continueAsNew({ ...input, open, carried }, { summary: waiting[0]?.event.summary });
        }
        if (ownIncident === 'free') void ask(state.id);
      } else if (unsettled.length === 0) {
        return { incident: incidentView(state), outcome: outcomeOf(state) };
      } else if (goesOnAnew) {
        const { open: _open, ...same } = input;
        visibility.withdraw(state);
        await continueAsNew({ ...same, carried: carry(kept).carried }, memoOf(state));
      }
    }

    const [at, label] = underWay.hasMore ? [Date.now(), 'the rest of the messages'] : soonest(states, isLong(input));
    alarm.set(at, label, () => {
      held.changed = true;
    });
    await condition(() => held.changed);
  }
}

/** The first trigger opens; what came before it had no incident to act on. */
function split(arrivals: readonly Arrival[]): { first: Arrival; rest: readonly Arrival[] } {
  const index = arrivals.findIndex(({ event }) => event.action === 'trigger');
  const first = arrivals[index];
  if (first === undefined) throw new Error('an incident opens with a trigger');
  return { first, rest: arrivals.slice(index + 1) };
}

const mapped = <T>(state: IncidentState | null, view: (state: IncidentState) => T): T | null =>
  state === null ? null : view(state);

function carry(
  states: readonly IncidentState[],
  waiting: readonly Arrival[] = [],
): { readonly carried: readonly PackedState[]; readonly arrivals: readonly Arrival[] } {
  const { carried, leftBehind, arrivals } = carryWith(waiting, states, Date.now());
  if (leftBehind.length > 0) log.warn('too many resolved incidents wait for the store or a subscriber', { leftBehind });
  if (arrivals.length < waiting.length)
    log.warn('too many events wait for the next incident', { came: waiting.length, taken: arrivals.length });
  return { carried, arrivals };
}

/** Refuses only what is malformed: a refused update leaves no trace, and what comes too late must leave one. */
function refuseMalformed(incidentId: string, command: PersonsCommand): void {
  const isActor =
    command?.actor?.kind === 'user' || (command?.actor?.kind === 'source' && OF_SOURCES.has(command.type));
  if (typeof incidentId !== 'string' || typeof command?.id !== 'string' || !isActor) {
    throw new TypeError('expected an incident id, and a command with an id and an actor who may give it');
  }
}

/** What a source's own API may ask for in its own name; that it acknowledges or resolves, it says by an event. */
const OF_SOURCES: ReadonlySet<CommandName> = new Set<CommandName>([
  'amend',
  'notes',
  'priority',
  'unacknowledge',
  'snooze',
  'escalate',
  'reassign',
  'responders',
]);

function soonest(states: readonly IncidentState[], long: boolean): [at: number | undefined, label: string] {
  const [first] = states
    .flatMap((state) => {
      const deadline = nextDeadline(state, Date.now(), long);
      return deadline === undefined ? [] : [{ state, at: deadline.at }];
    })
    .toSorted((a, b) => a.at - b.at);
  if (first === undefined) return [undefined, ''];
  const label = next(first.state).find(({ at }) => at === first.at)?.reason;
  return [first.at, label ?? 'looks at what is still to come'];
}

/** At the server's suggestion, once nothing is in flight; in a storm that leaves no such moment, at twice that length. */
function shouldContinueAsNew(input: IncidentInput, inFlight: number): boolean {
  const { historyLength } = workflowInfo();
  return isLong(input) && (inFlight === 0 || historyLength > 2 * (input.maxHistoryLength ?? 4_096));
}

function isLong({ maxHistoryLength }: IncidentInput): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return maxHistoryLength === undefined ? continueAsNewSuggested : historyLength > maxHistoryLength;
}

/** The memo does not come along by itself. */
const continueAsNew = (input: IncidentInput, memo: Record<string, unknown>): Promise<never> =>
  makeContinueAsNewFunc<typeof incident>({ memo })(input);
