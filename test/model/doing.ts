/** Does the deeds of a scenario to a life. */
import type { Life } from '../support/life.ts';
import { BEGIN } from '../support/life.ts';
import { hoursAt } from '../../domain/supportHours.ts';
import { policyOf, seconds, serviceOf } from './configured.ts';
import type { Deed, Scenario } from './scenario.ts';
import { levelIn, mayLeave } from './scenario.ts';

/** The group that all alerts are of. */
export const GROUP = 'group';

interface Shown {
  readonly level: number;
  readonly pass: number;
  readonly episode: number;
}

/** Where people see it stand. */
export const shownOf = ({ state }: Life): Shown => ({
  level: state.escalation.level,
  pass: state.escalation.pass,
  episode: state.episode,
});

interface Occasion {
  /** Of the command or the arrival, so that one that is delivered again is the same. */
  readonly id: string;
  /** As it stood after the deed before. */
  readonly shown: Shown;
}

export function happen(life: Life, world: Scenario, deed: Deed, { id, shown }: Occasion): void {
  const sourceTime = (at: number | null) => (at === null ? {} : { at: BEGIN + at * 1_000 });
  switch (deed.what) {
    case 'ack':
      life.command(deed.by, { id, type: 'acknowledge' });
      break;
    case 'unack':
      life.command(deed.by, { id, type: 'unacknowledge' });
      break;
    case 'resolve':
      life.command(deed.by, { id, type: 'resolve' });
      break;
    case 'reassign':
      life.command(deed.by, { id, type: 'reassign', users: deed.to });
      break;
    case 'reassignTo': {
      const policy = policyOf(deed.policy, world.today.policies[deed.policy]);
      const level = levelIn(world.today.policies[deed.policy], deed.level);
      life.command(deed.by, { id, type: 'reassign', policy, configuration: 'today', level });
      break;
    }
    case 'adopt': {
      const policy = policyOf(deed.policy, world.today.policies[deed.policy]);
      const service = serviceOf(world, world.today.settings);
      const hours = hoursAt(service.urgency, life.now);
      const command = { id, type: 'adopt-policy', service, policy, hours, configuration: 'today' } as const;
      // What is asked from here on goes by the settings that it has then.
      if (life.command(deed.by, command).refused === null) {
        life.reconfigured({ services: new Map([[service.id, service]]) });
      }
      break;
    }
    case 'escalate': {
      const { level, pass, episode } = deed.shown === 'now' ? shownOf(life) : shown;
      const more = deed.fully ? { fromPass: pass, fromEpisode: episode } : {};
      life.command(deed.by, { id, type: 'escalate', fromLevel: level, ...more });
      break;
    }
    case 'invite':
      life.command(deed.by, { id, type: 'responders', users: deed.users });
      break;
    case 'prioritize':
      life.command(deed.by, { id, type: 'priority', priority: deed.priority });
      break;
    case 'amend':
      life.command(deed.by, { id, type: 'amend', summary: deed.summary });
      break;
    case 'rate':
      life.command(deed.by, { id, type: 'urgency', urgency: deed.urgency });
      break;
    case 'leaves':
      if (mayLeave(world, deed.user)) life.remove(deed.user);
      break;
    case 'trigger':
    case 'reopen':
      life.command(deed.by, { id, type: deed.what });
      break;
    case 'snooze':
      life.command(deed.by, { id, type: 'snooze', duration: seconds(deed.lasts) });
      break;
    case 'startWork':
      life.command(deed.by, { id, type: 'start-work' });
      break;
    case 'note':
      life.command(deed.by, { id, type: 'notes', text: 'a word' } as const);
      break;
    case 'update':
      life.command(deed.by, { id, type: 'status-updates', text: 'a word' } as const);
      break;
    case 'sourceAcks':
      life.arrive({ action: 'acknowledge', dedupKey: 'first', groupKey: GROUP }, 1, id);
      break;
    case 'fires': {
      const { alert, severity, at, lasting, leftOut } = deed;
      const more = { ...(lasting && { lasting }), ...(leftOut && { leftOut: 1 }), ...sourceTime(at) };
      life.arrive({ dedupKey: alert, groupKey: GROUP, severity, ...more }, 1, id);
      break;
    }
    case 'clears':
      life.arrive({ action: 'resolve', dedupKey: deed.alert, groupKey: GROUP, ...sourceTime(deed.at) }, 1, id);
      break;
    case 'groupClears':
      life.arrive({ action: 'resolve', dedupKey: 'first', groupKey: GROUP, groupResolved: true }, 1, id);
      break;
    case 'receipt':
      life.receipt(deed.user, deed.contact, deed.says, { id });
      break;
    case 'continuesAsNew':
      life.continueAsNew();
      break;
    case 'lookupsStall':
    case 'lookupsGoOn':
      life.answers(deed.what === 'lookupsGoOn');
      break;
    case 'again':
    case 'nothing':
      break;
    default:
      deed satisfies never;
  }
}
