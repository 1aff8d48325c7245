/** Which of our incidents one of PagerDuty's is: by the dedup key that it was triggered with. */
import type { FastifyBaseLogger } from 'fastify';
import type { PagerDutyEndpoint } from '../../domain/channels.ts';
import { TocsinError } from '../../domain/errors.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';

/** Milliseconds; PagerDuty waits 5 s for its webhook's answer, and what is done with it takes up to 3. */
const TIMEOUT = 1_500;
const THEIR_ID = /^[A-Z0-9]{1,64}$/;

/**
 * The dedup key of the incident that a webhook's `data` is, or is of. An incident whose service has alerts carries none
 * (https://developer.pagerduty.com/api-reference/, `incident_key`), nor does a note: then its alerts are asked for, with the
 * endpoint's `apiKey`; undefined where there is none, which is logged. Throws PROVIDER_UNREACHABLE.
 */
export async function incidentKeyOf(
  data: Members,
  { name, endpoint }: { readonly name: string; readonly endpoint: PagerDutyEndpoint },
  log: FastifyBaseLogger,
): Promise<string | undefined> {
  const own = textOf(data['incident_key']);
  if (own !== undefined) return own;
  const id = textOf((membersOf(data['incident']) ?? data)['id']) ?? '';
  if (!THEIR_ID.test(id)) return undefined;
  if (endpoint.apiKey !== undefined) return alertKey(id, name, endpoint, endpoint.apiKey);
  const detail = `PagerDuty's webhook does not say which incident it is about; set channels.pagerduty.${name}.apiKey`;
  log.warn({ code: 'CHANNEL_NOT_CONFIGURED' }, detail);
  return undefined;
}

async function alertKey(
  id: string,
  name: string,
  { apiUrl }: PagerDutyEndpoint,
  apiKey: string,
): Promise<string | undefined> {
  const unreachable = (why: string, cause?: unknown): TocsinError =>
    new TocsinError('PROVIDER_UNREACHABLE', `PagerDuty ${name}, asked for the alerts of an incident: ${why}`, {
      cause,
    });
  const answer = await fetch(`${apiUrl}/incidents/${id}/alerts?limit=1&sort_by=created_at:asc`, {
    headers: { accept: 'application/vnd.pagerduty+json;version=2', authorization: `Token token=${apiKey}` },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  }).catch((error: unknown) => {
    throw unreachable('no answer', error);
  });
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw unreachable(`it answered ${answer.status}`);
  const body: unknown = await answer.json().catch((error: unknown) => {
    throw unreachable('its answer is no JSON', error);
  });
  const alerts = membersOf(body)?.['alerts'];
  const [alert] = Array.isArray(alerts) ? alerts : [];
  return textOf(membersOf(alert)?.['alert_key']);
}
