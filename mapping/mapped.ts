/** What a mapping makes of a request: its items, and of each what becomes its event. */
import type { EventAction, Link, Severity } from '../domain/event.ts';
import type { Mapping } from '../domain/mapping.ts';
import { SEVERITY_WORDS } from '../domain/severityWords.ts';
import { cut, oneLine } from '../domain/text.ts';
import { TocsinError } from '../domain/errors.ts';
import type { Members } from '../intake/members.ts';
import { celInput } from '../routing/celInput.ts';
import { withinMeter } from '../routing/meter.ts';
import { ACTION_WORDS } from './actions.ts';
import { type Asking, asking, kindOf } from './asking.ts';
import { type Ornaments, ornamentsOf } from './ornaments.ts';

/** A request, as JSON. */
export interface Request {
  readonly body: unknown;
  /** By their names in lower case, without those that hold secrets. */
  readonly headers: Members;
  readonly query: Members;
}

/** What the expressions gave of one item; of what is not here they gave nothing. */
export interface Draft {
  readonly action: EventAction;
  readonly dedupKey?: string;
  readonly groupKey?: string;
  /** Always there on a trigger. */
  readonly summary?: string;
  readonly source?: string;
  readonly severity?: Severity;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly details: Members;
  readonly links: readonly Link[];
  /** As it was sent. */
  readonly at?: string;
  /** What was not understood, and is no reason to refuse an alert. */
  readonly remarks: readonly string[];
}

/** Of all expressions on all items of a body together; less than a second, however it is made. */
const MAX_STEPS = 500_000;
const MAX_ITEMS = 1_000;
/** Characters of a value in a sentence. */
const MAX_QUOTED = 64;

const quoted = (text: string): string => `'${cut(oneLine(text), MAX_QUOTED)}'`;

/**
 * The items in their order, null for each that `when` leaves out. Throws BAD_EVENT that names the member of the mapping
 * and the item where an expression fails, or does not give what its member needs; but for details and links.
 */
export function mapped(mapping: Mapping, request: Request): readonly (Draft | null)[] {
  return withinMeter(() => {
    const { body, headers, query } = request;
    const variables = { body: celInput(body), headers: celInput(headers), query: celInput(query) };
    const items = itemsOf(mapping, body, asking(mapping, variables, { body, headers, query }));
    const wanted = items.map((item, index) => {
      const place = items.length === 1 ? '' : ` of item ${index + 1}`;
      const seen = { body, headers, query, item };
      const ask = asking(mapping, { ...variables, item: celInput(item) }, seen, place);
      return isWanted(mapping, ask) ? { item, ask, needed: neededOf(mapping, ask) } : null;
    });
    // After what all items need: steps that are spent on a detail are lacking for no summary.
    return wanted.map((one) => one && withOrnaments(one.needed, ornamentsOf(mapping, one.item, one.ask)));
  }, MAX_STEPS);
}

function itemsOf({ each }: Mapping, body: unknown, ask: Asking): readonly unknown[] {
  if (each === undefined) return [body];
  const items = ask.value('each', each);
  if (!Array.isArray(items)) throw ask.lacking('each', each, `gives ${kindOf(items)}, and a list is needed`);
  if (items.length <= MAX_ITEMS) return items;
  throw new TocsinError('BAD_EVENT', `mapping.each gives ${items.length} items; send ${MAX_ITEMS} at most at a time`);
}

function isWanted({ when }: Mapping, ask: Asking): boolean {
  const wanted = when === undefined || ask.value('when', when);
  if (typeof wanted === 'boolean') return wanted;
  throw ask.lacking('when', when ?? '', `gives ${kindOf(wanted)}, and true or false is needed`);
}

type Needed = Omit<Draft, keyof Ornaments> & Pick<Draft, 'remarks'>;

const withOrnaments = (needed: Needed, ornaments: Ornaments): Draft => ({
  ...needed,
  ...ornaments,
  remarks: [...needed.remarks, ...ornaments.remarks],
});

function neededOf(mapping: Mapping, ask: Asking): Needed {
  const action = actionOf(mapping, ask);
  const [dedupKey, summary] = [ask.text('dedupKey', mapping.dedupKey), ask.text('summary', mapping.summary)];
  if (action === 'trigger' && summary === undefined)
    throw ask.lacking('summary', mapping.summary, 'gives nothing, and a trigger has one');
  if (dedupKey === undefined) keyIsNeeded(mapping, action, ask);
  const word = ask.text('severity', mapping.severity);
  const severity = SEVERITY_WORDS.get(word?.toLowerCase() ?? '');
  const unknown = word !== undefined && severity === undefined;
  const rest = { dedupKey, summary, severity, ...textsOf(mapping, ask) };
  return {
    action,
    ...given(rest),
    remarks: unknown ? [`severity: ${quoted(word)} is none of ${[...SEVERITY_WORDS.keys()].join(', ')}`] : [],
  };
}

type Given<Members> = { readonly [Name in keyof Members]?: Exclude<Members[Name], undefined> };

const given = <Some extends object>(members: Some): Given<Some> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<Some>;

const textsOf = (mapping: Mapping, ask: Asking) => ({
  groupKey: ask.text('groupKey', mapping.groupKey),
  source: ask.text('source', mapping.source),
  component: ask.text('component', mapping.component),
  group: ask.text('group', mapping.group),
  class: ask.text('class', mapping.class),
  at: ask.text('at', mapping.at),
});

function actionOf({ action }: Mapping, ask: Asking): EventAction {
  if (action === undefined) return 'trigger';
  const word = ask.text('action', action);
  const known = ACTION_WORDS.get(word?.toLowerCase() ?? '');
  if (known !== undefined) return known;
  if (word === undefined) throw ask.lacking('action', action, 'gives nothing, and it says whether an alert is over');
  throw ask.wrong('action', action, `gives ${quoted(word)}; it is one of: ${[...ACTION_WORDS.keys()].join(', ')}`);
}

/** Where there is an expression for it, one without a key would be an alert of its own each time it is sent. */
function keyIsNeeded({ dedupKey }: Mapping, action: EventAction, ask: Asking): void {
  if (dedupKey !== undefined) throw ask.lacking('dedupKey', dedupKey, 'gives nothing, and it names the alert');
  if (action === 'trigger') return;
  const text = `mapping.action gives ${action}, and there is no mapping.dedupKey that says of which alert; add one`;
  throw new TocsinError('BAD_EVENT', text);
}
