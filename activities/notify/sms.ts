/**
 * The channel `sms`, as `channels.sms` says: by Twilio a text of ours, by Tencent Cloud the parameters of an approved
 * template. Groups of numbers may subscribe. The provider's address is the operator's own, and may be a stand-in or a proxy.
 */
import type { SmsChannel } from '../../domain/channels.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { Status } from '../../domain/incident.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { smsStatusUrl } from '../../links/smsStatusLink.ts';
import type { NotifyReceipt, NotifyRequest } from '../contract.ts';
import { terminal } from '../errors.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn, recipientOf } from './channel.ts';
import type { Message, Reader } from './message.ts';
import { messageOf, noticeMessageOf } from './message.ts';
import type { NumberOutcome } from './smsOutcome.ts';
import { receiptOf } from './smsOutcome.ts';
import { paramsOf } from './smsParams.ts';
import { noticeText, pageText } from './smsText.ts';
import { templated } from './templates.ts';
import { sendByLegacyTencent } from './tencentLegacySms.ts';
import { sendByTencent } from './tencentSms.ts';
import { sendByTwilio } from './twilioSms.ts';

type Deps = Omit<ChannelDeps, 'print'> & { timeout?: number };
type Tencent = Exclude<SmsChannel, { provider: 'twilio' }>;

/** Both throw as the provider's file says, and, terminal: CONTACT_GONE, CHANNEL_NOT_CONFIGURED. `timeout` in milliseconds is for tests. */
export function smsChannel(deps: Deps): ChannelActivities {
  const { configuration, secret, publicUrl, timeout } = deps;
  return {
    async notify(request) {
      const present = configuration();
      const account = accountIn(present);
      const { user, contact } = recipientOf(present, 'sms', request);
      const numbers = [contact.to ?? ''];
      const message = messageOf(request, { ...user, secret, publicUrl });
      const { ackUrl } = message;
      if (account.provider === 'tencent') {
        const sent = await sendTemplate(account, numbers, { message, status: statusOf(request), timeout });
        keepText(deps, request, sent.text, ackUrl);
        return sent.receipt;
      }
      const own = templated(present.templates, 'sms', message);
      const text = own.part('page', () => pageText(request, message));
      const statusCallback = smsStatusUrl({ secret, publicUrl }, request);
      const outcomes = await sendByTwilio(account, numbers, { text, statusCallback, secrets: [ackUrl] }, timeout);
      const receipt = receiptOf(outcomes);
      keepText(deps, request, text, ackUrl);
      return own.told(receipt);
    },
    async tell(request) {
      const present = configuration();
      const account = accountIn(present);
      const { numbers, reader } = toldOf(present, request);
      const message = noticeMessageOf(request, { ...reader, nameOf: namesIn(present) });
      if (account.provider === 'tencent') {
        const { status } = request.incident;
        return (await sendTemplate(account, numbers, { message, status, timeout })).receipt;
      }
      const own = templated(present.templates, 'sms', message);
      const text = own.part('notice', () => noticeText(request, message));
      return own.told(receiptOf(await sendByTwilio(account, numbers, { text, secrets: [] }, timeout)));
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

/** How the incident is, as far as a page knows. */
function statusOf({ present }: NotifyRequest): Status {
  if (present === null || typeof present === 'string' || present.state === 'merging') return 'triggered';
  return present.state;
}

interface Templated {
  readonly message: Message;
  readonly status: Status;
  readonly timeout: number | undefined;
}

/** With the text as the phone shows it; where the configuration has not the template's, its id and parameters. */
async function sendTemplate(
  account: Tencent,
  numbers: readonly string[],
  { message, status, timeout }: Templated,
): Promise<{ readonly receipt: NotifyReceipt; readonly text: string }> {
  // In one word, and of a page too: one template says both.
  const bare = { status, acknowledgements: [], exhausted: false, nobodyOnCall: false };
  const variables = { ...message.variables(), status: message.wording.status(bare, String) };
  const { values, failed } = paramsOf(account.params, variables, account.paramLength);
  const receipt = receiptOf(await byTencent(account, numbers, values, timeout));
  const { template, templateId } = account;
  const text =
    template?.replaceAll(/\{(\d+)\}/g, (_, place: string) => values[Number(place) - 1] ?? '') ??
    [`template ${templateId}`, ...values].join('\n');
  if (failed.size === 0) return { receipt, text };
  const said = [...failed].map(([path, why]) => `${path} failed, and the summary was sent: ${why}`);
  const detail = [receipt.detail, ...said].join('; ');
  return { receipt: { ...receipt, detail, failedTemplates: [...failed.keys()] }, text };
}

const byTencent = (
  account: Tencent,
  numbers: readonly string[],
  params: readonly string[],
  timeout: number | undefined,
): Promise<readonly NumberOutcome[]> =>
  account.api === 'v3'
    ? sendByTencent(account, numbers, params, timeout)
    : sendByLegacyTencent(account, numbers, params, timeout);
