/**
 * Forgets what the store knows of alerts whose incident is closed (lifecycle §2.3): an entry that is used is replaced
 * when that is noticed, and those that no event comes for any more are looked at here.
 */
import type { Store } from '../store/store.ts';
import type { Executions } from './executions.ts';
import { groupIdentity } from './groupKey.ts';

/** Milliseconds. The store notes within an hour that an alert is heard of, so nobody uses what was not for two. */
const IDLE_AFTER = 2 * 3_600_000;
const LOOK_EVERY = 60_000;
/** Groups that are looked at in one go. */
const MOST = 50;

/** To be called whenever alerts come; looks once a minute at most. Nobody waits for it, and what fails is left to the next time. */
export function idleGroups(store: Store, executions: Executions): () => void {
  let lookedAt = 0;

  async function look(now: number): Promise<void> {
    const before = now - IDLE_AFTER;
    for (const group of await store.idleGroups(before, MOST)) {
      const latest = await executions.latest(groupIdentity(group).workflowId);
      if (latest?.open === true) await store.keepGroup(group, before, now);
      else await store.forgetGroup(group, before);
    }
  }

  return () => {
    const now = Date.now();
    if (store.absent || now < lookedAt + LOOK_EVERY) return;
    lookedAt = now;
    look(now).catch(() => undefined);
  };
}
