/**
 * What people, and programs in their name, correct of what an incident is called and says. As every value that was set (lifecycle
 * §2.5) it stays: it lies over what the source sends, then and later.
 */
import type { PersonsCommand } from './commands.ts';
import type { ChangeOf } from './changes.ts';
import type { Decision } from './decision.ts';
import type { IncidentState } from './incident.ts';
import { bytesOf, cut } from './text.ts';

/** What is asked: of the details, member by member, null takes one away. Tags are `details.tags`. */
export interface Amendment {
  readonly summary?: string;
  readonly details?: Details;
  readonly tags?: { readonly add?: readonly string[]; readonly remove?: readonly string[] };
}

/** What was set so far. A member of the details that is null hides the source's, and so does a tag that was removed. */
export interface Amended {
  readonly summary: string | null;
  readonly details: Details;
  readonly tags: Tags;
}

type Details = Readonly<Record<string, unknown>>;
interface Tags {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

const NO_TAGS: Tags = { add: [], remove: [] };
export const UNAMENDED: Amended = { summary: null, details: {}, tags: NO_TAGS };

/** Bytes of JSON of what was set of details and tags: as much as a source may send (interfaces §4), for it is carried on. */
const AMENDED_ROOM = 32 * 1_024;

type AmendCommand = Extract<PersonsCommand, { type: 'amend' }>;

export function amend(decision: Decision, { actor, summary, details, tags, note }: AmendCommand): void {
  if (isEmpty({ summary, details, tags })) return;
  decision.record(actor, {
    type: 'amended',
    ...(summary === undefined ? {} : { summary }),
    ...(details === undefined ? {} : { details }),
    ...(tags === undefined ? {} : { tags: { ...NO_TAGS, ...tags } }),
    ...(note === undefined ? {} : { note }),
  });
}

const isEmpty = ({ summary, details = {}, tags = {} }: { [Part in keyof Amendment]: Amendment[Part] | undefined }) =>
  summary === undefined && Object.keys(details).length + (tags.add ?? []).length + (tags.remove ?? []).length === 0;

/** Whether what was set would come to more than an incident carries on. */
export function isTooMuch(state: IncidentState, { details, tags }: AmendCommand): boolean {
  const { details: members, tags: both } = withAmendment(state.amended, { details, tags });
  return bytesOf(JSON.stringify([members, both])) > AMENDED_ROOM;
}

export const foldAmended = (state: IncidentState, change: ChangeOf<'amended'>): IncidentState => ({
  ...state,
  summary: change.summary ?? state.summary,
  amended: withAmendment(state.amended, change),
});

/** Tags that are given as a member of the details are all that there are; those to add and to remove come after. */
function withAmendment(
  { summary, details, tags }: Amended,
  amendment: { readonly [Part in keyof Amendment]: Amendment[Part] | undefined },
): Amended {
  const { add = [], remove = [] } = amendment.tags ?? {};
  const before = Object.hasOwn(amendment.details ?? {}, 'tags') ? NO_TAGS : tags;
  const without = (list: readonly string[], others: readonly string[]) => list.filter((tag) => !others.includes(tag));
  return {
    summary: amendment.summary ?? summary,
    details: { ...details, ...amendment.details },
    tags: {
      add: [...new Set([...without(before.add, remove), ...without(add, remove)])],
      remove: [...new Set([...without(before.remove, add), ...remove])],
    },
  };
}

/** The details as they are shown: the latest of the source, with what was set. */
export function detailsOf({ latest, amended }: Pick<IncidentState, 'latest' | 'amended'>): Details {
  const set = Object.entries(amended.details);
  const hidden = new Set(set.filter(([, value]) => value === null).map(([name]) => name));
  const details = { ...latest.details, ...amended.details };
  const shown = hidden.size === 0 ? details : withoutMembers(details, hidden);
  const { add, remove } = amended.tags;
  if (add.length + remove.length === 0) return shown;
  const tags = [...new Set([...tagsOf(shown), ...add])].filter((tag) => !remove.includes(tag));
  return tags.length === 0 ? withoutMembers(shown, new Set(['tags'])) : { ...shown, tags };
}

const withoutMembers = (details: Details, names: ReadonlySet<string>): Details =>
  Object.fromEntries(Object.entries(details).filter(([name]) => !names.has(name)));

/** The tags among details: `tags`, a list, or a text in which they are separated by commas, as some sources send them. */
export function tagsOf({ tags }: Details): readonly string[] {
  if (typeof tags === 'string') {
    return tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
  }
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}

/** Names that the line of the timeline has, and characters of each. */
const NAMED = 10;
const NAME_LENGTH = 100;

/** "changed the summary to db1 is full; set host, region; took the tag disk away". */
export function amendedText({ summary, details = {}, tags = NO_TAGS }: ChangeOf<'amended'>): string {
  const members = Object.entries(details);
  const set = members.filter(([, value]) => value !== null).map(([name]) => name);
  const hidden = members.filter(([, value]) => value === null).map(([name]) => name);
  const parts = [
    ...(summary === undefined ? [] : [`changed the summary to ${summary}`]),
    ...(set.length === 0 ? [] : [`set ${named(set)}`]),
    ...(hidden.length === 0 ? [] : [`took ${named(hidden)} away`]),
    ...(tags.add.length === 0 ? [] : [`added the ${tagWord(tags.add)} ${named(tags.add)}`]),
    ...(tags.remove.length === 0 ? [] : [`took the ${tagWord(tags.remove)} ${named(tags.remove)} away`]),
  ];
  return parts.join('; ');
}

const tagWord = ({ length }: readonly string[]): string => (length === 1 ? 'tag' : 'tags');

function named(names: readonly string[]): string {
  const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : '';
  const shown = names.slice(0, NAMED).map((name) => cut(name, NAME_LENGTH));
  return `${shown.join(', ')}${more}`;
}
