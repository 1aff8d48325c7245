/**
 * The channel `pagerduty`: a service of PagerDuty by its Events API v2, as `channels.pagerduty` says. One incident of theirs for
 * one of ours, by its dedup key: triggered, acknowledged and resolved as ours is.
 */
import type { NoticeRequest } from '../../domain/notice.ts';
import type { NotifyReceipt } from '../contract.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn } from './channel.ts';
import { endpointOfContact, endpointOfNotice } from './endpoint.ts';
import { messageOf, noticeMessageOf } from './message.ts';
import { type NamedPagerDuty, enqueue, findEvent } from './pagerdutyApi.ts';
import { EVENT_OF, type PagerDutyEvent, changeEvent, triggerEvent } from './pagerdutyEvent.ts';
import { CAME_FROM_THERE, OVERTAKEN, askedFirst, cameFrom, isOvertaken, pagedBy } from './platform.ts';
import { reportedOfNotice, reportedOfPage } from './platform.ts';
import { templated } from './templates.ts';

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
      const message = messageOf(request, { ...destination, secret, publicUrl });
      const own = templated(present.templates, 'pagerduty', message);
      const reported = reportedOfPage(request, message.wording);
      const summary = own.part('summary', () => reported.summary);
      const event = triggerEvent({ ...reported, summary }, message.wording, pagedBy(request, message));
      const receipt = await send(destination, request, event, [message.ackUrl]);
      keepText(deps, request, JSON.stringify(event), message.ackUrl);
      return own.told(receipt);
    },
    async tell(request) {
      const present = configuration();
      const destination = endpointOfNotice(present, 'pagerduty', request);
      if (cameFrom('pagerduty', destination.name, request)) return CAME_FROM_THERE;
      const action = actionFor(request);
      if (action === null) return { detail: `PagerDuty is not told of ${request.type}` };
      if (action !== 'trigger' && isOvertaken(request)) return OVERTAKEN;
      if (action !== 'trigger') return send(destination, request, changeEvent(action, request.incident), []);
      const message = noticeMessageOf(request, { ...destination, nameOf: namesIn(present) });
      const own = templated(present.templates, 'pagerduty', message);
      const reported = reportedOfNotice(request, message.wording);
      const summary = own.part('noticeSummary', () => reported.summary);
      return own.told(await send(destination, request, triggerEvent({ ...reported, summary }, message.wording), []));
    },
  };
}

/** Null for a change that PagerDuty has no event for. A silent notice asks for nobody's attention, as a trigger might. */
function actionFor({ type, silent }: NoticeRequest): PagerDutyEvent['event_action'] | null {
  const action = EVENT_OF[type] ?? null;
  return action === 'trigger' && silent === true ? null : action;
}
