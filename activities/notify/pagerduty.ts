/**
 * The channel `pagerduty`: a service of PagerDuty by its Events API v2, as `channels.pagerduty` says. One incident of theirs for
 * one of ours, by its dedup key: triggered, acknowledged and resolved as ours is.
 */
import type { NoticeRequest } from '../../domain/notice.ts';
import type { NotifyReceipt } from '../contract.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText } from './channel.ts';
import { endpointOfContact, endpointOfNotice } from './endpoint.ts';
import { ackUrlOf } from './message.ts';
import { type NamedPagerDuty, enqueue, findEvent } from './pagerdutyApi.ts';
import { EVENT_OF, type PagerDutyEvent, changeEvent, triggerEvent } from './pagerdutyEvent.ts';
import { wordingOf } from '../../wording/index.ts';
import type { Wording } from '../../wording/wording.ts';
import { CAME_FROM_THERE, askedFirst, cameFrom, pagedBy, reportedOfNotice, reportedOfPage } from './platform.ts';

/** Both throw as `endpointOfContact` and `enqueue` do. `timeout` in milliseconds is for tests. */
export function pagerdutyChannel(deps: Omit<ChannelDeps, 'print'> & { timeout?: number }): ChannelActivities {
  const { configuration, secret, publicUrl, timeout } = deps;
  const send = (
    named: NamedPagerDuty,
    request: Pick<NoticeRequest, 'mayHaveBeenSent'>,
    event: PagerDutyEvent,
    secrets: readonly string[],
  ): Promise<NotifyReceipt> =>
    askedFirst(
      request,
      timeout,
      (since, within) => findEvent(named, event, since, within),
      (within) => enqueue(named, event, { timeout: within, secrets }),
    );
  return {
    async notify(request) {
      const present = configuration();
      const destination = endpointOfContact(present, 'pagerduty', request);
      const ackUrl = ackUrlOf(request, { secret, publicUrl });
      const wording = wordingOf(present.organization.language);
      const event = triggerEvent(reportedOfPage(request, wording), wording, pagedBy(request, wording, ackUrl));
      const receipt = await send(destination, request, event, [ackUrl]);
      keepText(deps, request, JSON.stringify(event), ackUrl);
      return receipt;
    },
    async tell(request) {
      const present = configuration();
      const destination = endpointOfNotice(present, 'pagerduty', request);
      if (cameFrom('pagerduty', destination.name, request)) return CAME_FROM_THERE;
      const event = eventOf(request, wordingOf(present.organization.language));
      if (event === null) return { detail: `PagerDuty is not told of ${request.type}` };
      return send(destination, request, event, []);
    },
  };
}

/** Null for a change that PagerDuty has no event for. A silent notice asks for nobody's attention, as a trigger might. */
function eventOf(request: NoticeRequest, wording: Wording): PagerDutyEvent | null {
  const action = EVENT_OF[request.type];
  if (action === undefined || (action === 'trigger' && request.silent === true)) return null;
  return action === 'trigger'
    ? triggerEvent(reportedOfNotice(request, wording), wording)
    : changeEvent(action, request.incident);
}
