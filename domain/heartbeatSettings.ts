/** How a heartbeat is watched: by the configuration where that names it, else by the address it beats at. */
import type { Integration } from './configuration.ts';
import type { Milliseconds } from './duration.ts';
import { milliseconds } from './duration.ts';
import type { HeartbeatOrigin, HeartbeatSettings } from './heartbeat.ts';

/** Of one that says none. */
const SEVERITY = 'error';
const GRACE = milliseconds(0);

/** What the address of a beat says. */
export interface AskedInterval {
  readonly every?: Milliseconds | undefined;
  readonly grace?: Milliseconds | undefined;
}

/** Undefined where neither the configuration nor the address says an interval. What the configuration says of a name holds. */
export function heartbeatSettings(
  integration: Integration,
  name: string,
  asked: AskedInterval = {},
): { readonly origin: HeartbeatOrigin; readonly settings: HeartbeatSettings } | undefined {
  const { heartbeats = {} } = integration;
  const named = Object.hasOwn(heartbeats, name) ? heartbeats[name] : undefined;
  const every = named?.every ?? asked.every ?? integration.every;
  if (every === undefined) return undefined;
  const grace = (named === undefined ? asked.grace : named.grace) ?? integration.grace ?? GRACE;
  const { severity = SEVERITY, summary = null } = named ?? {};
  return {
    origin: named === undefined ? 'beat' : 'configuration',
    settings: { every, grace, severity, priority: null, summary, details: {}, written: {} },
  };
}
