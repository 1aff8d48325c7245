/**
 * The channel `opsgenie`: an API integration of Opsgenie by its Alert API v2, as `channels.opsgenie` says. One alert of theirs
 * for one incident of ours, by its alias: created, acknowledged and closed as ours is, with a note for what else happens.
 */
import type { NoticeRequest } from '../../domain/notice.ts';
import { oneLine } from '../../domain/text.ts';
import { wordingOf } from '../../wording/index.ts';
import type { Wording } from '../../wording/wording.ts';
import type { NotifyReceipt } from '../contract.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText } from './channel.ts';
import { endpointOfContact, endpointOfNotice } from './endpoint.ts';
import { ackUrlOf } from './message.ts';
import { actionBody, actionOf, newAlert } from './opsgenieAlert.ts';
import type { AlertRequest, NamedOpsgenie } from './opsgenieApi.ts';
import { findDone, request as ask } from './opsgenieApi.ts';
import { CAME_FROM_THERE, askedFirst, cameFrom, pagedBy, reportedOfNotice, reportedOfPage } from './platform.ts';

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
      const ackUrl = ackUrlOf(request, { secret, publicUrl });
      const wording = wordingOf(present.organization.language);
      const body = newAlert(reportedOfPage(request, wording), wording, pagedBy(request, wording, ackUrl));
      const receipt = await send(destination, request, { action: 'create', alias: request.incident.id, body }, [
        ackUrl,
      ]);
      keepText(deps, request, JSON.stringify(body), ackUrl);
      return receipt;
    },
    async tell(request) {
      const present = configuration();
      const destination = endpointOfNotice(present, 'opsgenie', request);
      if (cameFrom('opsgenie', destination.name, request)) return CAME_FROM_THERE;
      const wanted = wantedOf(request, wordingOf(present.organization.language));
      if (wanted === null) return { detail: `Opsgenie is not told of ${request.type} silently` };
      return send(destination, request, wanted, []);
    },
  };
}

/** Null where a silent notice would ask for attention, as a new alert might. */
function wantedOf(request: NoticeRequest, wording: Wording): AlertRequest | null {
  const action = actionOf(request.type);
  const alias = request.incident.id;
  if (action !== 'create') return { action, alias, body: actionBody(oneLine(request.text)) };
  return request.silent === true
    ? null
    : { action, alias, body: newAlert(reportedOfNotice(request, wording), wording) };
}
