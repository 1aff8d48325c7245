/**
 * Who came by a channel's door and may not act: a line of the timeline, and no more. Anybody can write to a public address, so
 * that strangers have at most 51 lines between them, which count.
 */
import type { TurnedAway } from './commands.ts';
import type { Decision } from './decision.ts';
import { TURNED_AWAY_KEPT } from './evolve.ts';
import { countedLine, strangerOf } from './log.ts';
import { cut, oneLine } from './text.ts';

/** Characters of how they came. */
const VIA_LIMIT = 100;

/** The same id again is the same caller, and counted once. Beyond 50 lines those who come new share one. */
export function turnAway(decision: Decision, { id, command, code, via: whole }: TurnedAway): void {
  const { turnedAway, log } = decision.state;
  if (turnedAway.ids.includes(id)) return;
  const via = cut(oneLine(whole), VIA_LIMIT);
  const isKnown = countedLine(log, strangerOf({ via, command, code })) !== undefined;
  const hasRoom = isKnown || turnedAway.lines < TURNED_AWAY_KEPT;
  const actor = { kind: 'system', ...(hasRoom ? { via } : {}) } as const;
  decision.record(actor, { type: 'turnedAway', id, command, code, isNew: hasRoom && !isKnown });
}
