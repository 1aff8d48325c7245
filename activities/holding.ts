/** Whether maintenance holds an incident now, and when it goes on where none does any more (lifecycle §7). */
import { createHash } from 'node:crypto';
import type { Held } from '../domain/incident.ts';
import { heldAt } from '../domain/maintenance.ts';
import type { Question } from '../domain/question.ts';
import { turnByChance } from '../domain/releaseTurns.ts';
import type { KnownWindows } from '../store/knownWindows.ts';
import { answeredWithin } from '../store/patience.ts';
import type { Store, Turn } from '../store/store.ts';

interface HoldingDeps {
  readonly store: Store;
  readonly windows: KnownWindows;
}

/** Milliseconds. */
const ANSWER_WITHIN = 2_000;

/**
 * Null where no window holds it and none did. Where one did, its turn among all of its service; while those are being
 * gathered, when it is to ask again. Goes by what is known where the store is away. Throws nothing.
 */
export async function heldNow(
  question: Extract<Question, { kind: 'hold' }>,
  { store, windows }: HoldingDeps,
): Promise<Held | null> {
  const storeAnswers = await windows.read();
  const known = windows.present();
  const { service, held: before } = question;
  const held = heldAt(known, service, Date.now());
  if (held !== null || before === null) return held;
  const turn = (storeAnswers ? await turnInStore(question, store) : undefined) ?? chance(question);
  // A window that begins while it would wait holds it all the same.
  return heldAt(known, service, turn.at) ?? { ...before, until: turn.at, turn: turn.given };
}

const turnInStore = (
  { service, incident, urgency, createdAt }: Extract<Question, { kind: 'hold' }>,
  store: Store,
): Promise<Turn | undefined> =>
  answeredWithin(ANSWER_WITHIN, store.takeTurn({ service, incident, urgency, createdAt }, Date.now()));

function chance({ incident, urgency }: Extract<Question, { kind: 'hold' }>): Turn {
  const hash = createHash('sha256').update(incident).digest().readUInt32BE();
  return { at: turnByChance(urgency, hash, Date.now()), given: true };
}
