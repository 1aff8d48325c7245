/** Heartbeats for an API without Temporal: each is what the rules make of its messages, in memory. */
import type { HeartbeatGateway } from '../../../api/ports.ts';
import type { HeartbeatMessage, HeartbeatName, HeartbeatState } from '../../../domain/heartbeat.ts';
import { afterMessage, beginWatch } from '../../../domain/heartbeat.ts';
import { heartbeatView } from '../../../domain/heartbeatTelling.ts';

/** `beats`: names, as they beat. */
export function heldHeartbeats(beats: string[] = []): HeartbeatGateway {
  const watched = new Map<string, HeartbeatState>();
  const keyOf = ({ integration, name }: HeartbeatName): string => `${integration}/${name}`;
  const told = (heartbeat: HeartbeatName, message: HeartbeatMessage): boolean => {
    const state = watched.get(keyOf(heartbeat));
    if (state === undefined) return false;
    const after = afterMessage(state, message, Date.now());
    if (after.over === null) watched.set(keyOf(heartbeat), after);
    else watched.delete(keyOf(heartbeat));
    return true;
  };
  const gateway: HeartbeatGateway = {
    async beat(heartbeat, at, watch) {
      if (watch !== undefined) await gateway.watch(watch);
      const settings = watch?.origin === 'beat' ? { settings: watch.settings } : {};
      if (!told(heartbeat, { kind: 'beat', at, ...settings })) return false;
      beats.push(heartbeat.name);
      return true;
    },
    async watch(watch) {
      if (watched.has(keyOf(watch))) return false;
      watched.set(keyOf(watch), beginWatch(watch, Date.now()));
      return true;
    },
    tell: async (heartbeat, message) => told(heartbeat, message),
    read: async (heartbeat) => {
      const state = watched.get(keyOf(heartbeat));
      return state && heartbeatView(state);
    },
    list: async ({ integration }) => ({
      heartbeats: [...watched.values()]
        .filter((state) => integration === undefined || state.integration === integration)
        .map(heartbeatView),
      nextCursor: null,
    }),
  };
  return gateway;
}
