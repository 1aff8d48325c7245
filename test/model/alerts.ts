/** The alerts of the incident in the oracle's words (lifecycle §2.5, §2.11, §8; §4, Limits). */
import type { Alert, DeedOf, Scenario, Severity, Standing } from './scenario.ts';

interface Known {
  /** Null for one that is resolved. */
  readonly severity: Severity | null;
  /** As the source says. */
  readonly firedAt: number | null;
  readonly clearedAt: number | null;
}

const isBefore = (at: number | null, other: number | null): boolean => at !== null && other !== null && at < other;

export class Alerts {
  private readonly known: Map<Alert, Known>;
  private truncated = false;

  constructor({ severity }: Scenario) {
    this.known = new Map([['first', { severity, firedAt: null, clearedAt: null }]]);
  }

  /** False where another overtook it: it changes nothing. */
  fire({ alert, severity, at, lasting, leftOut }: DeedOf<'fires'>): boolean {
    const { firedAt, clearedAt } = this.known.get(alert) ?? { firedAt: null, clearedAt: null };
    if (!lasting && isBefore(at, clearedAt)) return false;
    this.truncated ||= leftOut;
    this.known.set(alert, { severity, firedAt: at ?? firedAt, clearedAt });
    return true;
  }

  /** False where it is not known, or another event overtook it. */
  clear({ alert, at }: DeedOf<'clears'>): boolean {
    const known = this.known.get(alert);
    if (known === undefined || isBefore(at, known.firedAt)) return false;
    this.known.set(alert, { ...known, severity: null, clearedAt: at ?? known.clearedAt });
    return true;
  }

  /** Nothing of the group fires any more, named or not. */
  clearAll(): void {
    this.truncated = false;
    for (const [alert, known] of this.known) this.known.set(alert, { ...known, severity: null });
  }

  get allClear(): boolean {
    return !this.truncated && this.firing.length === 0;
  }

  /** By severity; where none fires it stays as it was. */
  urgencyAfter(before: Standing['urgency']): Standing['urgency'] {
    if (this.firing.length === 0) return before;
    return this.firing.includes('critical') ? 'high' : 'low';
  }

  private get firing(): Severity[] {
    return [...this.known.values()].flatMap(({ severity }) => severity ?? []);
  }
}
