/** What every resource of PagerDuty's REST API is served with. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, Right } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import type { GiveCommand } from '../givingCommands.ts';
import { callerOf } from './acting.ts';

export interface Door {
  readonly deps: ApiDeps;
  /** The public address with the prefix in use, `/pagerduty` or `/pagerduty.com`: what `self` begins with, for clients follow that (wire-formats §1b). */
  readonly base: string;
  /** The id of what may be an incident's number. */
  readonly idOf: (idOrNumber: string) => Promise<string>;
  readonly give: GiveCommand;
}

/** The door, and who came by it. */
export interface Visit extends Door {
  readonly caller: Caller;
}

/** Throws as `callerOf` does. */
export const visitOf = (door: Door, headers: IncomingHttpHeaders, right: Right = 'read'): Visit => ({
  ...door,
  caller: callerOf(headers, door.deps, right),
});
