/**
 * Round robin (lifecycle §4.8): each new incident goes to the next target of a level. The store gives the turns; what is
 * here is which targets may have one, and whose turn it is where the store cannot say.
 */
import type { Configuration, EscalationPolicy, Level } from './configuration.ts';
import type { Instant } from './duration.ts';
import type { Found } from './people.ts';
import { namedBy, resolve } from './people.ts';
import type { Asking, Question } from './question.ts';
import { turnKey } from './question.ts';

/** The first of `available`, places in ascending order, that is `turn` or comes after it, around the end. */
export const atTurn = (available: readonly number[], turn: number): number =>
  available.find((place) => place >= turn) ?? available[0] ?? 0;

/** One of `available` for the incident with that id, the same one however often it is asked (FNV-1a). */
export function turnByChance(available: readonly number[], incident: string): number {
  let hash = 0x811c9dc5;
  for (const character of incident) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return available[(hash >>> 0) % available.length] ?? 0;
}

/** The places of the targets with somebody on call, and what is to be said of the others. */
function available(configuration: Configuration, level: Level, at: Instant) {
  const found = level.targets.map((target) => resolve(configuration, { ...namedBy(level), targets: [target] }, [], at));
  const empty = found.filter(({ people }) => people.length === 0);
  return {
    places: found.flatMap(({ people }, place) => (people.length > 0 ? [place] : [])),
    remarks: empty.flatMap(({ remarks }) => remarks),
  };
}

/**
 * The turn of round robin that the store is to be asked for, so that `question` can be answered: of the level that will be
 * entered, where that has one and the incident has none yet. Null where there is no such level.
 */
export function wantedTurn(
  configuration: Configuration,
  policy: EscalationPolicy,
  question: Question,
  at: Instant,
  { urgency, turns }: Pick<Asking, 'urgency' | 'turns'>,
): { readonly level: number; readonly available: readonly number[] } | null {
  if (question.kind !== 'level') return null;
  for (const [index, level] of policy.levels.entries()) {
    const number = index + 1;
    if (number < question.level) continue;
    const { places } = available(configuration, level, at);
    const isNew = level.assign === 'round-robin' && turns[turnKey(policy, number)] === undefined;
    if (places.length > 0) return isNew ? { level: number, available: places } : null;
    // It is waited out first; whoever comes after it is asked for again.
    if (level.ifEmpty === 'wait' && urgency === 'high') return null;
  }
  return null;
}

/** The people of the target whose turn it is. A turn that is kept passes on where there is nobody, for this pass alone. */
export function inTurn(
  configuration: Configuration,
  policy: EscalationPolicy,
  number: number,
  level: Level,
  also: readonly string[],
  at: Instant,
  { incident, turns }: Pick<Asking, 'incident' | 'turns'>,
): Found & { readonly turn: number } {
  const { places, remarks } = available(configuration, level, at);
  const given = turns[turnKey(policy, number)];
  const turn = given ?? turnByChance(places, incident);
  const place = atTurn(places, turn);
  const nameOf = (index: number): string => {
    const { kind, id } = level.targets[index] ?? { kind: 'target', id: index + 1 };
    return `${kind}:${id}`;
  };
  const passedOn = place === turn ? '' : `, passed on to ${nameOf(place)}`;
  const byChance = given === undefined ? ', by the id of the incident, for the store is away' : '';
  const target = level.targets[place];
  const found = resolve(configuration, { ...namedBy(level), targets: target === undefined ? [] : [target] }, also, at);
  const said = [...remarks, ...found.remarks, `the turn of ${nameOf(turn)}${passedOn}${byChance}`];
  return { people: found.people, remarks: [...new Set(said)], turn };
}
