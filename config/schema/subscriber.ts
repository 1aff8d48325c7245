/** Who subscribes to a service, as it is written: `webhook:ops-bus`, `slack:#incidents` (interfaces §3). */
import { z } from 'zod';
import type { SubscribedChannel, Subscriber } from '../../domain/channels.ts';
import { ENDPOINT_CHANNELS } from '../../domain/channels.ts';
import { unexpected } from './parts.ts';

const SUBSCRIBED: readonly SubscribedChannel[] = [...ENDPOINT_CHANNELS, 'slack', 'sms'];
const SUBSCRIBER = `a subscriber such as webhook:ops-bus or slack:#incidents; channels that may be subscribed: ${SUBSCRIBED.join(', ')}`;

/** A subscriber as it is written: its channel and the name of the endpoint, or undefined. */
export const readSubscriber = (text: string): { readonly channel: string; readonly endpoint: string } | undefined => {
  const [, channel, endpoint] = /^([a-z]+):(.+)$/.exec(text) ?? [];
  return channel === undefined || endpoint === undefined ? undefined : { channel, endpoint };
};

export const subscriber = z.string({ error: SUBSCRIBER }).transform((text, ctx): Subscriber => {
  const { channel: written, endpoint } = readSubscriber(text) ?? { channel: '', endpoint: '' };
  const channel = SUBSCRIBED.find((each) => each === written);
  return channel === undefined ? unexpected(ctx, '', SUBSCRIBER) : { channel, endpoint };
});
