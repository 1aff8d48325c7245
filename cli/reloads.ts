/** How a reload of the configuration is told: to a person as lines, to a log as one entry, and to the metrics. */
import type { MetricMeter } from '@temporalio/common';
import type { Logger } from 'pino';
import type { Reload } from '../config/live.ts';
import type { Configuration } from '../domain/configuration.ts';

/** Where it is told: one of the two. */
export type Listener = { readonly say: (line: string) => void } | { readonly log: Logger };

export interface ReloadTeller {
  (reload: Reload): void;
  /** Tells of the configuration that the process starts with. */
  loaded(configuration: Configuration, warnings: readonly string[]): void;
}

export function reloadTeller(meter: MetricMeter, listener: Listener): ReloadTeller {
  const reloads = meter.createCounter('tocsin_configuration_reloads', '', 'Reloads of the configuration, by outcome');
  const good = meter.createGauge(
    'tocsin_configuration_last_reload_successful',
    'int',
    '',
    '1: the configuration in effect is the one that is written; 0: that one was refused, and the last good one stays',
  );
  const hash = meter.createGauge(
    'tocsin_configuration_hash',
    'int',
    '',
    'The version of the configuration in effect as a number: the same in processes that have the same',
  );
  const inEffect = (version: string): void => {
    good.set(1, {});
    hash.set(Number.parseInt(version, 16), {});
  };
  const tell = (reload: Reload): void => {
    if (reload.outcome !== 'unwatched') {
      reloads.add(1, { outcome: reload.outcome });
      if (reload.outcome === 'refused') good.set(0, {});
      else inEffect(reload.version);
    }
    if ('say' in listener) for (const line of linesOf(reload)) listener.say(line);
    else write(reload, listener.log);
  };
  const loaded = ({ version }: Configuration, warnings: readonly string[]): void => {
    inEffect(version);
    for (const warning of warnings) {
      if ('say' in listener) listener.say(`Warning: ${warning}`);
      else listener.log.warn(warning);
    }
  };
  return Object.assign(tell, { loaded });
}

function linesOf(reload: Reload): readonly string[] {
  switch (reload.outcome) {
    case 'loaded':
      return [
        `Configuration ${reload.version} is in effect: ${reload.changes}.`,
        ...reload.warnings.map((warning) => `Warning: ${warning}`),
      ];
    case 'unchanged':
      return [unchanged(reload)];
    case 'refused':
      return ['', `${REFUSED} (${reload.version}).`, ...reload.errors, ''];
    case 'unwatched':
      return [`Warning: ${unwatched(reload.reason)}`];
    default:
      return reload satisfies never;
  }
}

function write(reload: Reload, log: Logger): void {
  switch (reload.outcome) {
    case 'loaded': {
      const { version, changes, warnings } = reload;
      log.info({ version, changes }, `configuration ${version} is in effect: ${changes}`);
      for (const warning of warnings) log.warn(warning);
      return;
    }
    case 'unchanged':
      return log.info({ version: reload.version }, unchanged(reload));
    case 'refused':
      return log.error({ version: reload.version, errors: reload.errors }, REFUSED);
    case 'unwatched':
      return log.warn(unwatched(reload.reason));
    default:
      return reload satisfies never;
  }
}

const REFUSED = 'The configuration as it is now is refused; the last good one stays';

const unchanged = ({ version, restored }: Extract<Reload, { outcome: 'unchanged' }>): string =>
  restored
    ? `The configuration is again the one in effect, ${version}.`
    : `Configuration ${version} is read again, and says nothing new.`;

const unwatched = (reason: string): string => `${reason}. After a change of the configuration, send SIGHUP.`;
