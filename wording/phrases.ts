/** A language's wording, made of its phrases: what is said when is the same in all of them, but for English. */
import { ERRORS } from '../domain/errors.ts';
import type { Severity } from '../domain/event.ts';
import type { Status } from '../domain/incident.ts';
import type { Language } from '../domain/language.ts';
import type { Reason } from '../domain/reasons.ts';
import type { Resolver, Truth } from '../domain/truth.ts';
import type { NextView } from '../domain/view.ts';
import type { Changed, ChangeKind } from './change.ts';
import { changedOf, kindOf } from './change.ts';
import type { TimeWriter } from './time.ts';
import type { Labels, NameOf, PagePhrases, ToldCode, Wording } from './wording.ts';

type Triggered = Extract<Truth, { state: 'triggered' }>;

export interface TruthPhrases {
  readonly resolved: (by: string, at: string) => string;
  readonly merged: (into: string, by: string, at: string) => string;
  readonly reopenable: (until: string) => string;
  readonly merging: (into: string) => string;
  /** One acknowledgement of several. */
  readonly holder: (name: string, at: string) => string;
  readonly acknowledged: (holders: string) => string;
  readonly snoozed: (until: string) => string;
  readonly suspended: (held: string) => string;
  readonly triggered: Readonly<Record<Exclude<Triggered['how'], 'level'>, string>>;
  readonly atLevel: (level: string) => string;
  readonly flapping: (since: string, transitions: number, fires: boolean) => string;
  readonly autoResolve: string;
  /** Between what is said. */
  readonly and: string;
}

export interface Phrases {
  readonly language: Language;
  readonly times: TimeWriter;
  readonly labels: Labels;
  readonly line: Wording['line'];
  readonly list: Wording['list'];
  readonly sentence: Wording['sentence'];
  readonly severities: Readonly<Record<Severity | 'none', string>>;
  readonly statuses: Readonly<Record<Status, string>>;
  readonly heldBy: (names: string) => string;
  readonly marks: { readonly exhausted: string; readonly nobodyOnCall: string };
  readonly level: (level: number, pass: number) => string;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly late: string;
  /** The monitoring source, as one who does something. */
  readonly source: string;
  readonly truth: TruthPhrases;
  readonly changes: Readonly<Record<ChangeKind, (changed: Changed) => string>>;
  readonly refusals: Readonly<Record<ToldCode, string>>;
  readonly page: Omit<PagePhrases, 'title' | 'time' | 'source' | 'coming'>;
  readonly test: Wording['test'];
  readonly coming: Readonly<Record<NextView['kind'], (what: Coming) => string>>;
}

/** What comes next, as far as it is known. */
interface Coming {
  readonly who: string | null;
  readonly level: string | null;
}

/** The general wording of a language: the channels' own phrases stand beside it. */
export function wordingFrom(phrases: Phrases): Wording {
  const { language, times, labels, line, list, sentence, severities, reasons, late, level } = phrases;
  return {
    language,
    labels,
    line,
    list,
    sentence,
    severity: (severity) => severities[severity ?? 'none'],
    time: times.day,
    truth: (truth, zone = 'UTC') => (typeof truth === 'string' ? truth : told(phrases, truth, zone)),
    why(why) {
      if (typeof why === 'string') return why;
      const reason = why.late ? `${reasons[why.cause]} (${late})` : reasons[why.cause];
      return why.level === null ? reason : line(level(why.level, why.pass), reason);
    },
    status({ status, acknowledgements, exhausted, nobodyOnCall }, nameOf) {
      const holders = acknowledgements.map(({ user }) => nameOf(user));
      const held = status === 'acknowledged' && holders.length > 0;
      return [
        held ? phrases.heldBy(list(holders)) : phrases.statuses[status],
        ...(exhausted ? [phrases.marks.exhausted] : []),
        ...(nobodyOnCall ? [phrases.marks.nobodyOnCall] : []),
      ].join(phrases.truth.and);
    },
    change(change, reader) {
      const { source } = phrases;
      return phrases.changes[kindOf(change)](
        changedOf(change, { source, level, reasons, list, time: times.day }, reader),
      );
    },
    refusal: (code) => (phrases.refusals as Readonly<Record<string, string>>)[code] ?? ERRORS[code].title,
    test: phrases.test,
    page: {
      ...phrases.page,
      source: phrases.source,
      title: (status, service) => line(phrases.statuses[status], service),
      time: times.day,
      coming: (next, nameOf) => phrases.coming[next.kind](comingOf(phrases, next, nameOf)),
    },
  };
}

const comingOf = ({ level }: Phrases, next: NextView, nameOf: NameOf): Coming => ({
  who: next.user === undefined ? null : nameOf(next.user),
  level: next.level === undefined ? null : level(next.level, next.pass ?? 1),
});

function told({ truth: say, times, list, level, source }: Phrases, truth: Truth, zone: string): string {
  const day = (at: number): string => times.day(new Date(at).toISOString(), zone);
  const flapping = (flaps: Triggered['flapping']): readonly string[] =>
    flaps === null ? [] : [say.flapping(day(flaps.since), flaps.transitions, flaps.fires)];
  switch (truth.state) {
    case 'resolved': {
      const { mergedInto, reopenableUntil } = truth;
      const [by, at] = [resolverOf(truth.by, source, say.autoResolve), times.clock(truth.at, zone)];
      const what = mergedInto === null ? say.resolved(by, at) : say.merged(mergedInto, by, at);
      return [what, ...(reopenableUntil === null ? [] : [say.reopenable(day(reopenableUntil))])].join(say.and);
    }
    case 'merging':
      return say.merging(truth.into);
    case 'acknowledged': {
      const holders = truth.by.map(({ name, at }) => say.holder(name, times.clock(at, zone)));
      const until = truth.snoozedUntil === null ? [] : [say.snoozed(day(truth.snoozedUntil))];
      return [say.acknowledged(list(holders)), ...until, ...flapping(truth.flapping)].join(say.and);
    }
    case 'suspended':
      return say.suspended(truth.held);
    case 'triggered': {
      const { how } = truth;
      const what = how === 'level' ? say.atLevel(level(truth.level, truth.pass)) : say.triggered[how];
      return [what, ...flapping(truth.flapping)].join(say.and);
    }
    default:
      return truth satisfies never;
  }
}

function resolverOf(by: Resolver, source: string, autoResolve: string): string {
  if (by.kind === 'person') return by.name;
  return by.kind === 'timer' ? (by.name ?? autoResolve) : source;
}
