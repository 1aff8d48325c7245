import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Instant } from '../domain/duration.ts';

/** One timer for the earliest deadline. Left alone while that deadline stands, so that what only counts costs no timer events. */
export class Alarm {
  private at: Instant | undefined;
  private scope: CancellationScope | undefined;

  /** Rings at `at`, shown as `label` in the Temporal UI; undefined for never. Deadlines that are due now are taken without it. */
  set(at: Instant | undefined, label: string, ring: () => void): void {
    if (at === this.at) return;
    this.scope?.cancel();
    this.at = at;
    this.scope = undefined;
    if (at === undefined) return;
    const scope = new CancellationScope();
    this.scope = scope;
    scope
      .run(() => sleep(Math.max(1, at - Date.now()), { summary: label }))
      .then(() => {
        this.at = undefined;
        this.scope = undefined;
        ring();
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }
}
