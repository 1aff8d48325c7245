/** What other systems that hold incidents are told besides: where the alert comes from, and how much the incident matters. */
import type { Channel } from './channels.ts';
import type { SourceEvent } from './event.ts';
import type { IncidentState } from './incident.ts';

export interface Origin extends Pick<SourceEvent, 'source' | 'component' | 'group' | 'class'> {
  readonly priority: string | null;
}

const PLATFORMS: readonly Channel[] = ['pagerduty', 'opsgenie'];

/** As the latest event of the alert says; nothing for channels that have no place for it. */
export function originFor(channel: Channel, { latest, priority }: IncidentState): { readonly origin?: Origin } {
  if (!PLATFORMS.includes(channel)) return {};
  const { source, component, group, class: kind } = latest;
  return {
    origin: {
      source,
      ...(component === undefined ? {} : { component }),
      ...(group === undefined ? {} : { group }),
      ...(kind === undefined ? {} : { class: kind }),
      priority,
    },
  };
}
