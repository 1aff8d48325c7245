/** The details and links of an event. No alert is lost for them: one that cannot be had is left out, and remarked on. */
import type { Link } from '../domain/event.ts';
import type { Mapping } from '../domain/mapping.ts';
import { type Members, membersOf, textOf } from '../intake/members.ts';
import { type Asking, isText, kindOf } from './asking.ts';

export interface Ornaments {
  readonly details: Members;
  readonly links: readonly Link[];
  /** One for each that was left out. They say nothing of what the body has: on a body of many items that would take long. */
  readonly remarks: readonly string[];
}

/** What a member may give, and how a sentence names it. */
interface Kind {
  readonly fits: (value: unknown) => boolean;
  readonly name: string;
}
const ANYTHING: Kind = { fits: () => true, name: 'anything' };
const MAP: Kind = { fits: (value) => membersOf(value) !== undefined, name: 'a map' };
const TEXT: Kind = { fits: isText, name: 'text or a number' };

/** Null for nothing, and for what is left out. `member` is the mapping's: `details.host`. */
type Give = (member: string, expression: string, kind: Kind) => unknown;

/** Throws nothing. Where the steps of the body are used up, what is still to come is left out too. */
export function ornamentsOf(mapping: Mapping, item: unknown, { found }: Asking): Ornaments {
  const remarks: string[] = [];
  const give: Give = (member, expression, { fits, name }) => {
    const one = found(expression);
    if ('value' in one && (one.value === null || fits(one.value))) return one.value;
    const why = 'failed' in one ? `fails: ${one.failed}` : `gives ${kindOf(one.value)}, and ${name} is needed`;
    remarks.push(`${member} is left out, for it ${why}`);
    return null;
  };
  return { details: detailsOf(mapping, item, give), links: linksOf(mapping, give), remarks };
}

function detailsOf({ details }: Mapping, item: unknown, give: Give): Members {
  if (details === undefined) return membersOf(item) ?? { item };
  if (typeof details === 'string') return membersOf(give('details', details, MAP)) ?? {};
  const entries = Object.entries(details).map(
    ([name, expression]) => [name, give(`details.${name}`, expression, ANYTHING)] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function linksOf({ links }: Mapping, give: Give): readonly Link[] {
  if (links === undefined) return [];
  if (typeof links !== 'string') {
    return Object.entries(links).flatMap(([text, expression]) => {
      const href = textOf(give(`links.${text}`, expression, TEXT));
      return href === undefined ? [] : [{ href, text }];
    });
  }
  const found = give('links', links, ANYTHING) ?? [];
  const listed: readonly unknown[] = Array.isArray(found) ? found : [found];
  return listed.flatMap((one) => {
    const { href, text } = membersOf(one) ?? { href: one };
    const [address, label] = [textOf(href), textOf(text)];
    return address === undefined ? [] : [{ href: address, ...(label !== undefined && { text: label }) }];
  });
}
