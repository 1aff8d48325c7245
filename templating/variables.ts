/** What a template may name. */
import type { Language } from '../domain/language.ts';

/** An address that may be followed: it is put in as it is, and nothing of it is changed by the escape for text. */
export class Address {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For filters, which make text of it. */
  toString(): string {
    return this.text;
  }
}

/** Texts are harmless and bounded, and not escaped yet: docs/guides/templates.md tells people of each. */
export interface Variables {
  readonly language: Language;
  /** As Tocsin's own messages have them. */
  readonly subject: string;
  readonly summary: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly details: string;
  readonly links: readonly { readonly text: string; readonly href: Address | null }[];
  readonly footer: string;
  /** In words of the language. */
  readonly severity: string;
  readonly since: string;
  /** Of a page; null in a notice, as all that follows is where there is none. */
  readonly why: string | null;
  readonly present: string | null;
  readonly ackUrl: Address | null;
  /** Of a notice: what changed, when, and how the incident is now. */
  readonly change: string | null;
  readonly at: string | null;
  readonly status: string | null;
  readonly incident: {
    readonly id: string;
    /** `#12`, or while there is no number the last 8 characters of the id. */
    readonly number: string;
    readonly summary: string;
    /** `critical`, whatever the language. */
    readonly severity: string | null;
    readonly dedupKey: string;
    /** What the alert has beside its summary, as it came. */
    readonly details: unknown;
    /** ISO 8601. */
    readonly createdAt: string;
    readonly drill: boolean;
  };
  readonly service: {
    readonly id: string;
    readonly name: string;
    readonly description: string | null;
    readonly runbook: Address | null;
  };
  /** Who reads it; null for a group. */
  readonly user: { readonly id: string; readonly name: string } | null;
  readonly labels: Readonly<Record<LabelName, string>>;
}

export const LABEL_NAMES = [
  'incident',
  'service',
  'severity',
  'whyYou',
  'since',
  'at',
  'status',
  'now',
  'runbook',
  'details',
  'link',
  'links',
  'acknowledge',
  'acknowledgeOrResolve',
  'resolve',
  'drill',
] as const;
type LabelName = (typeof LABEL_NAMES)[number];

/** The names, and of what has names of its own those too; null: anything may follow. */
export const VARIABLE_NAMES: Readonly<Record<keyof Variables, readonly string[] | null>> = {
  language: [],
  subject: [],
  summary: [],
  facts: null,
  details: [],
  links: null,
  footer: [],
  severity: [],
  since: [],
  why: [],
  present: [],
  ackUrl: [],
  change: [],
  at: [],
  status: [],
  incident: ['id', 'number', 'summary', 'severity', 'dedupKey', 'details', 'createdAt', 'drill'],
  service: ['id', 'name', 'description', 'runbook'],
  user: ['id', 'name'],
  labels: LABEL_NAMES,
};
