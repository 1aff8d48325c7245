/** References between resources (PagerDuty/developer-docs, docs/REST-API/11-References.md): id, type, summary, and where the whole is. */
import type { Door } from './door.ts';

const PLURALS = {
  user: 'users',
  team: 'teams',
  service: 'services',
  escalation_policy: 'escalation_policies',
  schedule: 'schedules',
  incident: 'incidents',
  priority: 'priorities',
} as const;
export type Kind = keyof typeof PLURALS;

/** Where something is. Nothing but the API shows it, so a browser is sent to the same address. */
export function placeAt({ base }: Pick<Door, 'base'>, ...path: readonly string[]) {
  const self = `${base}/${path.map(encodeURIComponent).join('/')}`;
  return { self, html_url: self };
}

/** What every resource begins with. */
export const headOf = (door: Pick<Door, 'base'>, kind: Kind, id: string, summary: string) => ({
  id,
  type: kind as string,
  summary,
  ...placeAt(door, PLURALS[kind], id),
});

export const referenceTo = (door: Pick<Door, 'base'>, kind: Kind, id: string, summary: string) =>
  asReference(headOf(door, kind, id, summary));

interface Head {
  readonly id: string;
  readonly type: string;
  readonly summary: string;
  readonly self: string;
  readonly html_url: string;
}

/** Of a whole one, as others refer to it. */
export const asReference = ({ id, type, summary, self, html_url }: Head): Head => ({
  id,
  type: `${type}_reference`,
  summary,
  self,
  html_url,
});

/** What `include[]` asks to have whole in the place of references. */
export type Included = ReadonlySet<string>;
export const NOTHING: Included = new Set();
