/** The change that a notice tells, taken apart, so that each language has only to put its own words round it. */
import type { NoticeRequest, NoticeType } from '../domain/notice.ts';
import type { Reason } from '../domain/reasons.ts';
import type { IncidentView } from '../domain/view.ts';
import type { NameOf } from './wording.ts';

/** What is told, how it is told in the timeline, and the incident right after it. */
export type Change = Pick<NoticeRequest, 'type' | 'text' | 'entry' | 'incident'>;

/** Finer than the types of notices, where people are told of them in other words. */
export type ChangeKind =
  | Exclude<NoticeType extends `incident.${infer Name}` ? Name : never, 'flapping'>
  | 'ackTimedOut'
  | 'ackerRemoved'
  | 'snoozeEnded'
  | 'flappingBegan'
  | 'flappingDigest'
  | 'flappingEnded';

/** Lines of the timeline that are told as one type of notice, and are not the same to people. */
const BY_LINE: readonly ChangeKind[] = [
  'ackTimedOut',
  'ackerRemoved',
  'snoozeEnded',
  'flappingBegan',
  'flappingDigest',
  'flappingEnded',
];

export interface Changed {
  /** Who did it: a person's name, or what the language calls the source and Tocsin. */
  readonly who: string;
  /** Whether somebody did it, or it came of itself. */
  readonly person: boolean;
  /** Null where there is none that says more than the change does. */
  readonly reason: string | null;
  /** "level 2, pass 1"; empty where none runs. */
  readonly level: string;
  /** Names, as a list; empty where there are none. */
  readonly assignees: string;
  readonly responders: string;
  /** Until when it is snoozed. */
  readonly until: string;
  /** What a person wrote. */
  readonly said: string;
  readonly incident: IncidentView;
}

/** What of a language the parts of a change are worded with. */
export interface ChangeParts {
  readonly source: string;
  readonly level: (level: number, pass: number) => string;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly list: (names: readonly string[]) => string;
  readonly time: (iso: string, zone: string) => string;
}

/** A person's act, or the source's, says nothing beside that it was one. */
const SAYS_NOTHING: ReadonlySet<Reason> = new Set<Reason>(['person', 'source']);

export function kindOf({ type, entry }: Change): ChangeKind {
  const line = BY_LINE.find((each) => each === entry?.type);
  if (line !== undefined) return line;
  const kind = type.slice('incident.'.length) as ChangeKind | 'flapping';
  return kind === 'flapping' ? 'flappingBegan' : kind;
}

export function changedOf(
  { text, entry, incident }: Change,
  { source, level, reasons, list, time }: ChangeParts,
  { nameOf, zone }: { readonly nameOf: NameOf; readonly zone: string },
): Changed {
  const { kind, id = '', name } = entry?.actor ?? { kind: 'system' };
  const reason = entry?.reason ?? null;
  return {
    who: kind === 'user' ? (name ?? nameOf(id)) : kind === 'source' ? source : 'Tocsin',
    person: kind === 'user',
    reason: reason === null || SAYS_NOTHING.has(reason) ? null : reasons[reason],
    level: incident.level === null ? '' : level(incident.level, incident.pass),
    assignees: list(incident.assignees.map(nameOf)),
    responders: list(incident.responders.map(nameOf)),
    until: incident.snoozedUntil === null ? '' : time(incident.snoozedUntil, zone),
    said: saidIn(text),
    incident,
  };
}

/** The timeline's line has it after what was done; log.ts. */
function saidIn(text: string): string {
  const [, said] = / (?:noted|gave a status update): (.*)$/s.exec(text) ?? [];
  return said ?? text;
}
