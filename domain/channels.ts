/** The channels out, and what an operator configures of each (interfaces §3, `channels`). */
import type { Milliseconds } from './duration.ts';

/** Channels whose contact methods and subscribers name an endpoint of theirs in `channels`. */
export const ENDPOINT_CHANNELS = [
  'wecom',
  'dingtalk',
  'feishu',
  'teams',
  'ntfy',
  'webhook',
  'pagerduty',
  'opsgenie',
  'reactio',
] as const;
export type EndpointChannel = (typeof ENDPOINT_CHANNELS)[number];

export const CHANNELS = ['email', 'sms', 'voice', 'slack', ...ENDPOINT_CHANNELS, 'console'] as const;
export type Channel = (typeof CHANNELS)[number];

export const isEndpointChannel = (channel: unknown): channel is EndpointChannel =>
  ENDPOINT_CHANNELS.some((each) => each === channel);

/**
 * Channels on which a page stays to be seen and acted on, so that it is kept up to date: the buttons of a Slack message, and
 * incidents in systems that have some of their own. Whoever was paged there hears of every change.
 */
export const KEPT_UP_TO_DATE: ReadonlySet<Channel> = new Set<Channel>(['slack', 'pagerduty', 'opsgenie', 'reactio']);

/** Channels that can be subscribed: the endpoints', `slack:<channel>`, and `sms:<group>`. */
export type SubscribedChannel = EndpointChannel | 'slack' | 'sms';

/** Not a person: told of every change of a service's incidents. */
export interface Subscriber {
  readonly channel: SubscribedChannel;
  /** The name of an endpoint in `channels`; of Slack a channel, of SMS a group of numbers. */
  readonly endpoint: string;
}

export interface WebhookEndpoint {
  readonly url: string;
  /** `whsec_` and 24 to 64 bytes in base64 (Standard Webhooks). */
  readonly secret: string;
  /** Whether it may be in a private network. */
  readonly allowPrivate: boolean;
}

/** Numbers by the name that a subscriber has for them, in E.164. */
interface NumberGroups {
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

export interface TwilioAccount {
  readonly provider: 'twilio';
  readonly accountSid: string;
  readonly authToken: string;
  /** Signs Twilio's callbacks once it is promoted; while a token is replaced, both are taken. */
  readonly secondaryAuthToken?: string;
  /** `https://api.twilio.com`, or a stand-in. */
  readonly apiUrl: string;
}

/** One of `from` and `messagingServiceSid` is there. */
export interface TwilioSms extends TwilioAccount, NumberGroups {
  readonly from?: string;
  readonly messagingServiceSid?: string;
}

/** What is sent is an approved template's text with its parameters. */
interface TencentTemplate {
  readonly templateId: string;
  /** Its text, with `{1}`, `{2}`: what a message is kept as. */
  readonly template?: string;
  /** What the template's parameters are, in order: Liquid over what a message has. */
  readonly params: readonly string[];
  /** Characters that the account may put into one of them. */
  readonly paramLength: number;
}

/** `api: v3`, TencentCloud API 3.0. */
export interface TencentSms extends NumberGroups, TencentTemplate {
  readonly provider: 'tencent';
  readonly api: 'v3';
  readonly secretId: string;
  readonly secretKey: string;
  readonly region: string;
  readonly sdkAppId: string;
  readonly signName: string;
  readonly apiUrl: string;
}

/** `api: legacy`: yun.tim.qq.com, for accounts that still have it. */
export interface LegacyTencentSms extends NumberGroups, TencentTemplate {
  readonly provider: 'tencent';
  readonly api: 'legacy';
  readonly sdkAppId: string;
  readonly appKey: string;
  readonly sign: string;
  readonly apiUrl: string;
}

export type SmsChannel = TwilioSms | TencentSms | LegacyTencentSms;

export interface VoiceChannel extends TwilioAccount {
  readonly from: string;
  /** How long it rings before it counts as not answered. */
  readonly ringFor: Milliseconds;
}

export interface SlackChannel {
  readonly botToken: string;
  /** For callbacks over HTTP. */
  readonly signingSecret?: string;
  /** For Socket Mode, where there is no public address. */
  readonly appToken?: string;
  /** `https://slack.com/api/`, or a stand-in. */
  readonly apiUrl: string;
}

export interface PagerDutyEndpoint {
  readonly routingKey: string;
  /** Of the Events API: `https://events.pagerduty.com`. */
  readonly url: string;
  /** Of the REST API; with it, an event of which nobody knows whether it came is asked for. */
  readonly apiKey?: string;
  readonly apiUrl: string;
  /** Of its webhooks back; several while one is being replaced. Empty: none are taken. */
  readonly webhookSecrets: readonly string[];
  /** Users by the ids that people have in PagerDuty: who acts there is told by such an id alone. */
  readonly users: Readonly<Record<string, string>>;
}

export interface OpsgenieEndpoint {
  readonly apiKey: string;
  readonly url: string;
  /** Bearer token of its webhooks back, which Opsgenie does not sign. Absent: none are taken. */
  readonly webhookSecret?: string;
}

/** What Reactio knows of how an incident was noticed: by who watches it, a system, a customer, somebody of ours. */
export const REACTIO_DETECTIONS = ['msp', 'system', 'client', 'internal'] as const;

export interface ReactioEndpoint {
  readonly apiKey: string;
  /** `https://<organization>.reactio.jp`. */
  readonly url: string;
  /** Whether a page rings the phones, and is read out. */
  readonly call: boolean;
  /** Who noticed, as Reactio has it; of projects that hold it no more it is left alone. */
  readonly detection: (typeof REACTIO_DETECTIONS)[number];
}

/** A group robot. The address is a secret. */
export interface GroupRobot {
  readonly url: string;
  /** What the vendor calls our users, to mention them by. */
  readonly mentions?: Readonly<Record<string, string>>;
}

/** A group robot whose messages may be signed. */
export interface SignedRobot extends GroupRobot {
  readonly secret?: string;
}

export interface NtfyTopic {
  /** With the topic: `https://ntfy.sh/tocsin-ops`. */
  readonly url: string;
  readonly token?: string;
}

type Named<Endpoint> = Readonly<Record<string, Endpoint>>;

/** A channel that nothing is configured of is absent. */
export interface Channels {
  readonly email?: { readonly smtp: string; readonly from: string };
  readonly sms?: SmsChannel;
  readonly voice?: VoiceChannel;
  readonly slack?: SlackChannel;
  readonly webhook?: Named<WebhookEndpoint>;
  readonly wecom?: Named<GroupRobot>;
  readonly dingtalk?: Named<SignedRobot>;
  readonly feishu?: Named<SignedRobot>;
  readonly teams?: Named<{ readonly url: string }>;
  readonly ntfy?: Named<NtfyTopic>;
  readonly pagerduty?: Named<PagerDutyEndpoint>;
  readonly opsgenie?: Named<OpsgenieEndpoint>;
  readonly reactio?: Named<ReactioEndpoint>;
}
