/**
 * The channel `sms`, as `channels.sms` says: by Twilio a text of ours, by Tencent Cloud the parameters of an approved
 * template. Groups of numbers may subscribe. The provider's address is the operator's own, and may be a stand-in or a proxy.
 */
import type { SmsChannel } from '../../domain/channels.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { smsStatusUrl } from '../../links/smsStatusLink.ts';
import { wordingOf } from '../../wording/index.ts';
import { SMS } from '../../wording/sms.ts';
import type { NotifyReceipt, NotifyRequest } from '../contract.ts';
import { terminal } from '../errors.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn, recipientOf } from './channel.ts';
import { ackUrlOf } from './message.ts';
import type { NumberOutcome } from './smsOutcome.ts';
import { receiptOf } from './smsOutcome.ts';
import { paramsOf } from './smsParams.ts';
import type { Reader } from './smsText.ts';
import { nameOf, noticeText, pageText } from './smsText.ts';
import { sendByLegacyTencent } from './tencentLegacySms.ts';
import { sendByTencent } from './tencentSms.ts';
import { sendByTwilio } from './twilioSms.ts';

type Deps = Omit<ChannelDeps, 'print'> & { timeout?: number };

/** Both throw as the provider's file says, and, terminal: CONTACT_GONE, CHANNEL_NOT_CONFIGURED. `timeout` in milliseconds is for tests. */
export function smsChannel(deps: Deps): ChannelActivities {
  return {
    async notify(request) {
      const present = deps.configuration();
      const account = accountIn(present);
      const { user, contact } = recipientOf(present, 'sms', request);
      const ackUrl = ackUrlOf(request, deps);
      const sent = await send(account, [contact.to ?? ''], deps, {
        text: (replies) => pageText(request, { reader: user, ackUrl, replies }),
        context: () => pageContext(request, user),
        statusCallback: smsStatusUrl(deps, request),
        secrets: [ackUrl],
      });
      keepText(deps, request, sent.text, ackUrl);
      return sent.receipt;
    },
    async tell(request) {
      const present = deps.configuration();
      const { numbers, reader } = toldOf(present, request);
      const { language, timezone: zone } = reader;
      const change = wordingOf(language).change(request, { nameOf: namesIn(present), zone });
      const { receipt } = await send(accountIn(present), numbers, deps, {
        text: () => noticeText(request, change),
        context: () => noticeContext(request, reader, change),
        secrets: [],
      });
      return receipt;
    },
  };
}

function accountIn({ channels }: Configuration): SmsChannel {
  if (channels.sms !== undefined) return channels.sms;
  throw terminal('CHANNEL_NOT_CONFIGURED', 'channels.sms is not in the configuration: give its provider');
}

function toldOf(
  configuration: Configuration,
  { to }: NoticeRequest,
): { readonly numbers: readonly string[]; readonly reader: Reader } {
  if (to.kind === 'contact') {
    const { user, contact } = recipientOf(configuration, 'sms', to);
    return { numbers: [contact.to ?? ''], reader: user };
  }
  const { groups } = accountIn(configuration);
  const numbers = Object.hasOwn(groups, to.endpoint) ? groups[to.endpoint] : undefined;
  if (numbers !== undefined) return { numbers, reader: configuration.organization };
  throw terminal('CHANNEL_NOT_CONFIGURED', `channels.sms.groups.${to.endpoint} is not in the configuration`);
}

/** A message as each kind of provider takes it. */
interface Content {
  readonly text: (replies: boolean) => string;
  readonly context: () => ReturnType<typeof pageContext>;
  readonly statusCallback?: string;
  readonly secrets: readonly string[];
}

/** With the text as it was sent; of a template whose text is not configured, its id and parameters. */
async function send(
  account: SmsChannel,
  numbers: readonly string[],
  { timeout }: Deps,
  content: Content,
): Promise<{ readonly receipt: NotifyReceipt; readonly text: string }> {
  if (account.provider === 'twilio') {
    const text = content.text(true);
    const outcomes = await sendByTwilio(account, numbers, { ...content, text }, timeout);
    return { receipt: receiptOf(outcomes), text };
  }
  const { values, failed } = paramsOf(account.params, content.context(), account.paramLength);
  const receipt = receiptOf(await byTencent(account, numbers, values, timeout));
  const detail = [receipt.detail, ...(failed === null ? [] : [`channels.sms.${failed}`])].join('; ');
  return { receipt: { ...receipt, detail }, text: templated(account, values) };
}

const byTencent = (
  account: Exclude<SmsChannel, { provider: 'twilio' }>,
  numbers: readonly string[],
  params: readonly string[],
  timeout: number | undefined,
): Promise<readonly NumberOutcome[]> =>
  account.api === 'v3'
    ? sendByTencent(account, numbers, params, timeout)
    : sendByLegacyTencent(account, numbers, params, timeout);

/** As the phone shows it, where the configuration has the template's text. */
const templated = (
  { template, templateId }: Exclude<SmsChannel, { provider: 'twilio' }>,
  params: readonly string[],
): string =>
  template?.replaceAll(/\{(\d+)\}/g, (_, place: string) => params[Number(place) - 1] ?? '') ??
  [`template ${templateId}`, ...params].join('\n');

/** What the parameters of a template may name. */
function pageContext({ incident, userName, why, present }: NotifyRequest, { language, timezone }: Reader) {
  const wording = wordingOf(language);
  const state = present === null || typeof present === 'string' ? 'triggered' : present.state;
  return {
    number: nameOf(incident),
    summary: incident.summary,
    service: incident.service.name,
    severity: wording.severity(incident.severity),
    status: SMS[language].status[state === 'merging' ? 'triggered' : state],
    change: present === null ? wording.why(why) : wording.truth(present, timezone),
    user: userName,
    details: incident.details,
    dedupKey: incident.dedupKey,
  };
}

function noticeContext(
  { incident, service, to }: NoticeRequest,
  { language }: Reader,
  change: string,
): ReturnType<typeof pageContext> {
  return {
    number: nameOf(incident),
    summary: incident.summary,
    service: service.name,
    severity: wordingOf(language).severity(incident.severity),
    status: SMS[language].status[incident.status],
    change,
    user: to.kind === 'contact' ? to.userName : to.endpoint,
    details: incident.details,
    dedupKey: incident.dedupKey,
  };
}
