/**
 * CloudWatch, and whatever else publishes, by Amazon SNS (wire-formats §1h): subscriptions are confirmed, messages are
 * those of alarms or any others. SNS says `text/plain` of its JSON, whatever is in it; so does a message delivered raw.
 */
import { TocsinError } from '../../domain/errors.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { cleanKey } from '../../domain/dedupKey.ts';
import { withinLimits } from '../../intake/limits.ts';
import { textOf } from '../../intake/members.ts';
import { eventsOfAlarm, isAlarm } from './cloudwatchAlarm.ts';
import { madeKeyOf } from './dedupKey.ts';
import { headerOf, refused } from './signatures.ts';
import { type Envelope, confirm, demandSignature, demandTopic, envelopeOf } from './sns.ts';
import type { Received, Source } from './source.ts';

const RAW = 'x-amz-sns-rawdelivery';
const MESSAGE_ID = 'x-amz-sns-message-id';
const TOPIC = 'x-amz-sns-topic-arn';

/** The value of a text that is JSON; the text itself where it is not. */
function valueOf(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function verify({ body, headers, integration }: Received): Promise<void> {
  const envelope = envelopeOf(valueOf(body));
  demandTopic(envelope?.topic ?? headerOf(headers, TOPIC), integration);
  if (integration.verify === false) return;
  if (envelope === undefined) {
    throw refused('it is not signed: turn raw message delivery off, or set verify: false on this integration');
  }
  await demandSignature(envelope, integration);
}

/** A message that is no alarm's: news, which nothing resolves but a person or time. Told once, however often SNS sends it. */
function news(text: string, subject: string | undefined, topic: string | undefined, key: string): SourceEvent {
  const [first = ''] = text.trim().split('\n', 1);
  const summary = subject ?? (first === '' ? undefined : first);
  if (summary === undefined) throw new TocsinError('BAD_EVENT', 'the message is empty, and has no Subject');
  return withinLimits({
    action: 'trigger',
    dedupKey: key,
    summary,
    source: topic ?? 'sns',
    details: { message: text, ...(topic !== undefined && { topic }) },
  });
}

async function translate(received: Received, newKey: () => string): Promise<readonly SourceEvent[]> {
  const { body, headers, contentType, integration } = received;
  const value = valueOf(body);
  const envelope = envelopeOf(value);
  if (envelope !== undefined && envelope.type !== 'Notification') {
    await told(envelope, received);
    return [];
  }
  const message = envelope === undefined ? value : valueOf(envelope.members['Message']);
  if (isAlarm(message)) return eventsOfAlarm(message, integration);
  const isRaw = contentType === 'text/plain' || headerOf(headers, RAW) === 'true';
  if (envelope === undefined && !isRaw) {
    throw new TocsinError('BAD_EVENT', 'the body is neither a message of SNS (Type, TopicArn, Message) nor an alarm');
  }
  const { MessageId, Subject } = envelope?.members ?? {};
  const topic = envelope?.topic ?? cleanKey(headerOf(headers, TOPIC));
  // As it was published: what is in it may be of any depth.
  const text = envelope === undefined ? received.raw.toString('utf8') : (textOf(envelope.members['Message']) ?? '');
  return [news(text, textOf(Subject), topic, madeKeyOf(MessageId ?? headerOf(headers, MESSAGE_ID)) ?? newKey())];
}

/** A subscription begins, or ends. */
async function told(envelope: Envelope, { integration, log }: Received): Promise<void> {
  const { id } = integration;
  const { topic } = envelope;
  if (envelope.type === 'SubscriptionConfirmation') {
    await confirm(envelope, integration);
    log.info({ integration: id, topic }, 'the subscription of a topic is confirmed');
  } else {
    log.warn({ integration: id, topic }, 'a topic is no longer subscribed; its alarms come no more');
  }
}

export const cloudwatch: Source = {
  name: 'cloudwatch',
  jsonHint: 'SNS sends text/plain by itself; a delivery policy may make it application/json',
  alsoTakes: { 'text/plain': 'text' },
  verify,
  translate,
};
