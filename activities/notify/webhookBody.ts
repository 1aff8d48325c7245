/** The body of a webhook: whole where it fits, and otherwise cut to what a receiver is sure to take. */
import { cut } from '../../domain/text.ts';
import type { WebhookData } from './webhook.ts';

/** Standard Webhooks 1.0.0 asks for less than 20 kB. */
const BYTES = 20_000;

/** Characters of a text, and entries of a list, that are kept; of the details, names too. At 200 characters every id is whole. */
interface Step {
  readonly characters: number;
  readonly entries: number;
}
const SHORTEST: Step = { characters: 200, entries: 3 };
const STEPS: readonly Step[] = [
  { characters: 2_000, entries: 100 },
  { characters: 1_000, entries: 50 },
  { characters: 500, entries: 20 },
  { characters: 200, entries: 10 },
  SHORTEST,
];

/** `timestamp` is when it happened, ISO 8601. Where something had to be cut, the details first, `data.cut` is true. */
export function webhookBody(type: string, timestamp: string, data: WebhookData): string {
  let body = '';
  for (const candidate of candidates(data)) {
    body = JSON.stringify({ type, timestamp, data: candidate });
    if (Buffer.byteLength(body) < BYTES) break;
  }
  return body;
}

/** From the whole to the shortest. */
function* candidates(data: WebhookData): Generator<object> {
  yield data;
  const { incident, ackUrl, ...rest } = data;
  const { details, ...facts } = incident;
  for (const step of STEPS) yield { ...data, incident: { ...incident, details: shorter(details, step) }, cut: true };
  const link = ackUrl === undefined ? {} : { ackUrl };
  for (const step of STEPS) {
    const short = { ...(shorterTexts(facts, step) as object), details: shorter(details, SHORTEST) };
    yield { ...(shorterTexts(rest, step) as object), incident: short, ...link, cut: true };
  }
  const bare = { ...(shorterTexts(facts, SHORTEST) as object), details: {} };
  yield { ...(shorterTexts(rest, SHORTEST) as object), incident: bare, ...link, cut: true };
}

/** What an alert brought along, of which any part may go. */
function shorter(value: unknown, step: Step): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return shorterTexts(value, step, shorter);
  const kept = Object.entries(value).slice(0, step.entries);
  return Object.fromEntries(kept.map(([name, one]) => [cut(name, step.characters), shorter(one, step)]));
}

/** What has a shape, which stays: texts and lists are shorter. */
function shorterTexts(value: unknown, step: Step, within: typeof shorter = shorterTexts): unknown {
  if (typeof value === 'string') return cut(value, step.characters);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, step.entries).map((one) => within(one, step));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, within(one, step)]));
}
