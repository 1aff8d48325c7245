/**
 * The channel `opsgenie`: an API integration of Opsgenie by its Alert API v2, as `channels.opsgenie` says. One alert of theirs
 * for one incident of ours, by its alias: created, acknowledged and closed as ours is, with a note for what else happens.
 */
import type { NoticeRequest } from '../../domain/notice.ts';
import { oneLine } from '../../domain/text.ts';
import type { NotifyReceipt } from '../contract.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn } from './channel.ts';
import { endpointOfContact, endpointOfNotice } from './endpoint.ts';
import type { Message } from './message.ts';
import { messageOf, noticeMessageOf } from './message.ts';
import { actionBody, actionOf, description, newAlert } from './opsgenieAlert.ts';
import type { AlertRequest, NamedOpsgenie } from './opsgenieApi.ts';
import { findDone, request as ask } from './opsgenieApi.ts';
import { CAME_FROM_THERE, OVERTAKEN, askedFirst, cameFrom, isOvertaken, pagedBy } from './platform.ts';
import { reportedOfNotice, reportedOfPage } from './platform.ts';
import type { Templated } from './templates.ts';
import { templated } from './templates.ts';

/** Both throw as `endpointOfContact` and the API's `request` do. `timeout` in milliseconds is for tests. */
export function opsgenieChannel(deps: Omit<ChannelDeps, 'print'> & { timeout?: number }): ChannelActivities {
  const { configuration, secret, publicUrl, timeout } = deps;
  const send = (
    named: NamedOpsgenie,
    told: Pick<NoticeRequest, 'mayHaveBeenSent'>,
    wanted: AlertRequest,
    secrets: readonly string[],
  ): Promise<NotifyReceipt> =>
    askedFirst(
      told,
      timeout,
      (_since, within) => findDone(named, wanted, within),
      (within) => ask(named, wanted, { timeout: within, secrets }),
    );
  return {
    async notify(request) {
      const present = configuration();
      const destination = endpointOfContact(present, 'opsgenie', request);
      const message = messageOf(request, { ...destination, secret, publicUrl });
      const own = templated(present.templates, 'opsgenie', message);
      const reported = reportedOfPage(request, message.wording);
      const paged = pagedBy(request, message);
      const body = newAlert(reported, {
        message: own.part('message', () => reported.summary),
        description: own.part('description', () => description(reported, message.wording, paged)),
      });
      const wanted: AlertRequest = { action: 'create', alias: reported.id, body };
      const receipt = await send(destination, request, wanted, [message.ackUrl]);
      keepText(deps, request, JSON.stringify(body), message.ackUrl);
      return own.told(receipt);
    },
    async tell(request) {
      const present = configuration();
      const destination = endpointOfNotice(present, 'opsgenie', request);
      if (cameFrom('opsgenie', destination.name, request)) return CAME_FROM_THERE;
      const action = actionOf(request.type);
      if ((action === 'acknowledge' || action === 'close') && isOvertaken(request)) return OVERTAKEN;
      // A new alert would ask for attention.
      if (action === 'create' && request.silent === true) {
        return { detail: `Opsgenie is not told of ${request.type} silently` };
      }
      const message = noticeMessageOf(request, { ...destination, nameOf: namesIn(present) });
      const own = templated(present.templates, 'opsgenie', message);
      const body =
        action === 'create'
          ? opened(request, message, own)
          : actionBody(own.part('note', () => noteOf(request, message)));
      return own.told(await send(destination, request, { action, alias: request.incident.id, body }, []));
    },
  };
}

function opened(request: NoticeRequest, { wording }: Message, own: Templated<'opsgenie'>): AlertRequest['body'] {
  const reported = reportedOfNotice(request, wording);
  return newAlert(reported, {
    message: own.part('noticeMessage', () => reported.summary),
    description: own.part('noticeDescription', () => description(reported, wording)),
  });
}

/** What changed, and what people wrote beside it. */
function noteOf({ text }: NoticeRequest, { summary }: Message): string {
  const written = oneLine(text);
  return summary.includes(written) ? summary : `${summary}\n${written}`;
}
