/** How a stand-in misbehaves when it is told to: a fault is for one request, in the order in which they were given. */
import type { HttpReaction, ReceivedRequest } from '../httpServer.ts';

/** `taken`: the request is done, and only its answer is lost. */
export type Fault = HttpReaction & { readonly taken?: boolean };

export interface Faults {
  /** What the stand-in answers, faults first. */
  readonly answering: (request: ReceivedRequest) => HttpReaction;
  readonly next: (...faults: readonly Fault[]) => void;
}

/** `meant`: which requests faults are for; all where absent. */
export function withFaults(
  handle: (request: ReceivedRequest) => HttpReaction,
  meant: (request: ReceivedRequest) => boolean = () => true,
): Faults {
  const waiting: Fault[] = [];
  return {
    next: (...faults) => void waiting.push(...faults),
    answering(request) {
      const fault = meant(request) ? waiting.shift() : undefined;
      if (fault === undefined || fault.taken === true) {
        const usual = handle(request);
        return fault === undefined ? usual : { ...usual, ...fault };
      }
      return fault;
    },
  };
}
