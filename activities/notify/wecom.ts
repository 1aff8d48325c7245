/**
 * The channel `wecom`: a group robot of WeCom (企业微信), as `channels.wecom` says; https://developer.work.weixin.qq.com/document/path/91770.
 * Its address is the operator's own and may be a stand-in or a proxy in their network, so it is not kept to public ones.
 */
import { seconds } from '../../domain/duration.ts';
import type { NotifyReceipt } from '../contract.ts';
import { retryable, terminal, unknown } from '../errors.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn } from './channel.ts';
import type { Destination } from './endpoint.ts';
import { endpointOfContact, endpointOfNotice } from './endpoint.ts';
import type { Answered } from './http.ts';
import { call } from './http.ts';
import { messageOf, noticeMessageOf } from './message.ts';
import { noticeColour, severityColour, wecomMarkdown } from './wecomMarkdown.ts';

/** Both throw as `endpointOfContact` and `call` do, and PROVIDER_LOGIN_REFUSED, retryable. `timeout` in milliseconds is for tests. */
export function wecomChannel(deps: Omit<ChannelDeps, 'print'> & { timeout?: number }): ChannelActivities {
  const { configuration, secret, publicUrl, timeout } = deps;
  return {
    async notify(request) {
      const destination = endpointOfContact(configuration(), 'wecom', request);
      const message = messageOf(request, { secret, publicUrl, timezone: destination.timezone });
      const content = wecomMarkdown(message, severityColour(request.incident.severity), request.userName);
      const receipt = await send(destination, content, { timeout, secrets: [message.ackUrl] });
      keepText(deps, request, content, message.ackUrl);
      return receipt;
    },
    async tell(request) {
      const present = configuration();
      const destination = endpointOfNotice(present, 'wecom', request);
      const message = noticeMessageOf(request, { timezone: destination.timezone, nameOf: namesIn(present) });
      return send(destination, wecomMarkdown(message, noticeColour(request.incident)), { timeout, secrets: [] });
    },
  };
}

async function send(
  { name, endpoint: { url } }: Destination<'wecom'>,
  content: string,
  { timeout, secrets }: { timeout: number | undefined; secrets: readonly string[] },
): Promise<NotifyReceipt> {
  const what = `WeCom robot ${name}`;
  const answer = await call({
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ msgtype: 'markdown', markdown: { content } }),
    allowPrivate: true,
    what,
    secrets,
    ...(timeout === undefined ? {} : { timeout }),
  });
  read(answer, what, name);
  return { detail: answer.shown };
}

/** Refusals come with status 200 too, so that only `errcode: 0` is a success; https://developer.work.weixin.qq.com/document/path/90313. */
function read({ body, shown }: Answered, what: string, name: string): void {
  if (body === null) throw unknown('PROVIDER_SILENT', `${what}: the answer broke off`);
  const detail = `${what} answered ${shown}`;
  switch (errcodeOf(body)) {
    case 0:
      return;
    case undefined:
      throw retryable('PROVIDER_UNREACHABLE', `${detail} (is it WeCom that answers at channels.wecom.${name}.url?)`);
    case -1:
      throw retryable('PROVIDER_BUSY', detail);
    case 45009:
      // 20 messages a minute a robot: what is left of that minute is not told.
      throw retryable('PROVIDER_BUSY', `${detail} (20 messages a minute a robot)`, { after: seconds(60) });
    case 93000:
      // Not the recipient's fault, and mended while the incident is open, as a login that SMTP refuses is.
      throw retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right the key in channels.wecom.${name}.url)`);
    default:
      throw terminal('PROVIDER_REFUSED', detail);
  }
}

function errcodeOf(body: string): number | undefined {
  try {
    const { errcode } = (JSON.parse(body) ?? {}) as { errcode?: unknown };
    return typeof errcode === 'number' ? errcode : undefined;
  } catch {
    return undefined;
  }
}
