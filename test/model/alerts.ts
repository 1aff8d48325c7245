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
  private highest: Severity;

  constructor({ severity }: Scenario) {
    this.highest = severity;
    this.known = new Map([['first', { severity, firedAt: null, clearedAt: null }]]);
  }

  /** False where another overtook it: it changes nothing. */
  fire({ alert, severity, at, lasting, leftOut }: DeedOf<'fires'>, reopens: boolean): boolean {
    const { firedAt, clearedAt } = this.known.get(alert) ?? { firedAt: null, clearedAt: null };
    if (!lasting && !reopens && isBefore(at, clearedAt)) return false;
    this.truncated ||= leftOut;
    this.know(alert, { severity, firedAt: at ?? firedAt, clearedAt });
    return true;
  }

  /** False where it is not known, or another event overtook it. */
  clear({ alert, at }: DeedOf<'clears'>): boolean {
    const known = this.known.get(alert);
    if (known === undefined || isBefore(at, known.firedAt)) return false;
    this.know(alert, { ...known, severity: null, clearedAt: at ?? known.clearedAt });
    return true;
  }

  private know(alert: Alert, known: Known): void {
    this.known.set(alert, known);
    if (this.firing.length > 0) this.highest = this.firing.includes('critical') ? 'critical' : 'warning';
  }

  /** Nothing of the group fires any more, named or not; that some were never named stays. */
  clearAll(): void {
    for (const [alert, known] of this.known) this.known.set(alert, { ...known, severity: null });
  }

  get nothingFires(): boolean {
    return this.firing.length === 0;
  }

  get allClear(): boolean {
    return !this.truncated && this.firing.length === 0;
  }

  /** By the highest severity; where none fires it stays as it was. */
  urgencyBySeverity(): Standing['urgency'] {
    return this.highest === 'critical' ? 'high' : 'low';
  }

  private get firing(): Severity[] {
    return [...this.known.values()].flatMap(({ severity }) => severity ?? []);
  }
}
