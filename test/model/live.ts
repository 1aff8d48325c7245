/** Lives a scenario through the production rules, on the virtual clock of `test/support/life.ts`. */
import type { Held } from '../../domain/incident.ts';
import { BEGIN, Life, TRIGGER, written } from '../support/life.ts';
import type { Provider } from '../support/life.ts';
import { configurationOf } from './configured.ts';
import { GROUP, happen, shownOf } from './doing.ts';
import type { Deed, Fate, Outcome, Scenario, Standing } from './scenario.ts';
import { fateOf, maintainedUntil } from './scenario.ts';

export const clock = (at: number): string => written(BEGIN + at * 1_000);

interface Conduct {
  /** How its pages fare, where it is not as the scenario says. */
  readonly providing?: (life: Life) => Provider;
  /** Sees it after each moment. */
  readonly after?: (life: Life) => void;
}

const told = (fate: Fate) =>
  fate.how === 'retryable' ? ({ outcome: 'retryable', after: fate.after * 1_000 } as const) : fate.how;

const heldUntil = (at: number, turn: boolean): Held => ({
  by: 'window',
  description: null,
  until: BEGIN + at * 1_000,
  turn,
});

/** By maintenance. */
function heldBy(world: Scenario, at: number): Held | null {
  const until = maintainedUntil(world, at);
  return until === null ? null : heldUntil(until, false);
}

/** The life of `world` to its end. */
export function live(world: Scenario, { providing, after }: Conduct = {}): Life {
  const trigger = { ...TRIGGER, severity: world.severity, dedupKey: 'first', groupKey: GROUP };
  const life = new Life(configurationOf(world), trigger, {}, heldBy(world, 0));
  const faring = (where: string, at: number) => told(fateOf(world, where, (at - BEGIN) / 1_000));
  life.subscribed(({ to }, at) => faring(to.kind === 'subscriber' ? to.endpoint : `${to.user} ${to.contact}`, at));
  life.providing(providing?.(life) ?? (({ user, contact }, at) => faring(`${user} ${contact}`, at)));
  life.roundRobin = (_key, available) => available.find((place) => place > world.lastTurn) ?? available[0] ?? 0;
  life.maintained((_question, at) => {
    const instant = (at - BEGIN) / 1_000;
    const turn =
      (life.state.suspension?.held ?? null) === null || world.turnAfter === 0
        ? null
        : heldUntil(instant + world.turnAfter, true);
    return heldBy(world, instant) ?? turn;
  });
  let now = 0;
  let shown = shownOf(life);
  let last: { deed: Deed; id: string } = { deed: { what: 'nothing' }, id: 'd' };
  for (const [index, { at, asleep, deed }] of world.moments.entries()) {
    if (asleep) life.asleepUntil(clock(at));
    else if (at > now) life.at(clock(at));
    now = at;
    if (deed.what !== 'again') last = { deed, id: `d${index}` };
    happen(life, world, last.deed, { id: last.id, shown });
    shown = shownOf(life);
    after?.(life);
  }
  return life.through(clock(world.until));
}

export function outcomeOf({ state, attempts, notices }: Life): Outcome {
  const {
    escalation,
    status,
    transient,
    flapping,
    reopenableUntil,
    priority,
    summary,
    responders,
    urgency,
    episode,
    acknowledgements,
    ackTimeoutAt,
    snoozedUntil,
    workStartedAt,
  } = state;
  const since = (at: number | null): number | null => (at === null ? null : (at - BEGIN) / 1_000);
  const flags: [boolean, string][] = [
    [escalation.direct, 'direct'],
    [escalation.exhausted, 'exhausted'],
    [escalation.nobodyOnCall, 'nobody'],
  ];
  const place = flags.find(([set]) => set)?.[1] ?? `level ${escalation.level} pass ${escalation.pass}`;
  const standing: Standing = {
    status,
    transient,
    flapping: flapping !== null,
    reopenable: reopenableUntil !== null,
    priority,
    summary,
    responders,
    urgency,
    episode,
    place,
    ackers: acknowledgements.map(({ user }) => user),
    ackTimeoutAt: since(ackTimeoutAt),
    snoozedUntil: since(snoozedUntil),
    workStartedAt: since(workStartedAt),
  };
  const pages = attempts.map(({ at, user, contact }) => ({ at: secondsOf(at), user, contact }));
  const tellings = notices.map(({ at, to, request }) => ({
    at: secondsOf(at),
    to: request.to.kind === 'subscriber' ? request.to.endpoint : to,
    word: `${request.type.slice('incident.'.length)}${request.silent === true ? ', silent' : ''}`,
  }));
  return { pages, tellings, standing };
}

function secondsOf(at: string): number {
  const [minutes, rest] = at.split(':').map(Number);
  return minutes! * 60 + rest!;
}
