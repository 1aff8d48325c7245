/** The channels out, and the subscribers that are told by them (interfaces §3). */
import { z } from 'zod';
import type { Subscriber } from '../../domain/configuration.ts';
import { fields, flag, id, notBuilt, sender, unexpected, url } from './parts.ts';

const email = fields('{ smtp: "${SMTP_URL}", from: "Tocsin <alerts@example.com>" }', {
  smtp: url('an address such as smtp://user:password@mail.example.com:587, or smtps://', 'smtp:', 'smtps:'),
  from: sender,
});

/** An address that is called; a login in it would be sent to nobody. */
const called = (expected: string) =>
  url(expected, 'https:', 'http:').transform((text, ctx) => {
    const { username, password } = new URL(text);
    return username + password === '' ? text : unexpected(ctx, '', `${expected}, without user and password`);
  });

const SECRET = 'whsec_ and 24 to 64 random bytes in base64, as of: echo "whsec_$(openssl rand -base64 32)"';

/** Standard Webhooks 1.0.0: the secret of a symmetric signature, as it is shown to people. */
const secret = z.string({ error: SECRET }).transform((text, ctx) => {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  const fits = bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === base64;
  return fits ? text : unexpected(ctx, '', SECRET);
});

/** Endpoints by name. */
const endpoints = <Endpoint extends z.ZodType>(expected: string, endpoint: Endpoint) =>
  z
    .record(id, endpoint, {
      error: (issue) =>
        issue.code === 'invalid_key' ? 'not a name of 1 to 64 characters: letters, digits and _ . @ -' : expected,
    })
    .default({});

export const channels = fields('channels by name, such as email', {
  email: email.optional(),
  webhook: endpoints(
    'endpoints by name, such as { ops-bus: { url: "https://…", secret: "${OPS_BUS_SECRET}" } }',
    fields('an endpoint such as { url: "https://ops.example.com/hook", secret: "${OPS_BUS_SECRET}" }', {
      url: called('an address such as https://ops.example.com/hook'),
      secret,
      allowPrivate: flag.default(false),
    }),
  ),
  wecom: endpoints(
    'group robots by name, such as { ops: { url: "${WECOM_URL}" } }',
    fields('a group robot such as { url: "${WECOM_URL}" }', {
      url: called('an address such as https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…'),
    }),
  ),
  sms: notBuilt('channel sms'),
  voice: notBuilt('channel voice'),
  slack: notBuilt('channel slack'),
  pagerduty: notBuilt('channel pagerduty'),
  opsgenie: notBuilt('channel opsgenie'),
  reactio: notBuilt('channel reactio'),
});

const SUBSCRIBER = 'a subscriber: webhook:<name> or wecom:<name>, of an endpoint in channels';

/** A subscriber as it is written: its channel and the name of the endpoint, or undefined. */
export const readSubscriber = (text: string): { readonly channel: string; readonly endpoint: string } | undefined => {
  const [, channel, endpoint] = /^([a-z]+):(.+)$/.exec(text) ?? [];
  return channel === undefined || endpoint === undefined ? undefined : { channel, endpoint };
};

const LATER: readonly string[] = ['slack', 'pagerduty', 'opsgenie', 'reactio', 'dingtalk', 'feishu', 'email', 'sms'];

export const subscriber = z.string({ error: SUBSCRIBER }).transform((text, ctx): Subscriber => {
  const { channel, endpoint } = readSubscriber(text) ?? { channel: '', endpoint: '' };
  if (channel === 'webhook' || channel === 'wecom') return { channel, endpoint };
  if (!LATER.includes(channel)) return unexpected(ctx, '', SUBSCRIBER);
  const message = `a subscriber on channel ${channel} is not built yet; those that are: webhook, wecom`;
  ctx.addIssue({ code: 'custom', message, input: '' });
  return z.NEVER;
});
