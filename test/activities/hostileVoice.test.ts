/** Text of an alert stays text in a call: it is read aloud, and adds no verb, no attribute, no number and no address to what Twilio does. */
import { voiceChannel } from '../../activities/notify/voice.ts';
import { seconds } from '../../domain/duration.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { Twilio } from '../support/providers/twilio.ts';
import { startTwilio, textOf } from '../support/providers/twilio.ts';
import type { Element } from '../support/providers/xml.ts';
import { parseXml } from '../support/providers/xml.ts';
import { ACTS, counting, HOSTILE, HOSTILE_TO_CALLS } from './hostileTexts.ts';
import { configured, noticeTo, PHONE, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let twilio: Twilio;
beforeAll(async () => {
  twilio = await startTwilio();
});
afterAll(() => twilio.stop());

const channel = () =>
  voiceChannel({
    configuration: () => configured({ voice: { ...twilio.account, from: twilio.number, ringFor: seconds(20) } }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
  });
const twiml = (): string => textOf(twilio.calls.at(-1)!.form, 'Twiml') ?? '';
const verbs = ({ children }: Element): Element[] =>
  children.flatMap((each) => (typeof each === 'string' ? [] : [each]));
const SAY = { voice: 'alice', language: 'en-US' };

function sayings(says: readonly Element[]): string[] {
  return says.map(({ name, attributes, children }) => {
    const [text] = children;
    expect([name, attributes, children.length]).toEqual(['Say', SAY, 1]);
    if (typeof text !== 'string') throw new Error('markup in a Say');
    expect(text).not.toMatch(ACTS);
    expect(encodeURIComponent(text).length).toBeLessThanOrEqual(4_500);
    return text;
  });
}

const ALL = [...HOSTILE, ...HOSTILE_TO_CALLS];
const count = counting('hostileVoice');

describe.each(ALL.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))('%s', (_name, text) => {
  test('stays text in a page', async () => {
    count.tries('voice', text);
    const service = { id: 'payments', name: text, description: text, runbook: text };
    await channel().notify(
      requestWith(
        { summary: text, dedupKey: text, service },
        { contact: 'cell', userName: text, why: text, present: text },
      ),
    );
    const { form } = twilio.calls.at(-1)!;
    expect([form['To'], form['From']]).toEqual([PHONE, twilio.number]);
    expect(twiml().length).toBeLessThanOrEqual(4_000);
    const [gather, ...rest] = verbs(parseXml(twiml()));
    expect([gather!.name, rest]).toEqual(['Gather', []]);
    expect(gather!.attributes).toEqual({
      input: 'dtmf',
      numDigits: '1',
      timeout: '8',
      finishOnKey: '',
      method: 'POST',
      actionOnEmptyResult: 'true',
      action: expect.stringMatching(
        /^https:\/\/tocsin\.example\.com\/callbacks\/twilio\/voice\/v1\.[\w-]+\.[\w-]+\/keys\?round=1#rc=2&rp=ct,rt,5xx$/,
      ),
    });
    const said = sayings(verbs(gather!));
    expect(said.at(-1)).toMatch(/^Press 4 to acknowledge/);
    expect(said.length).toBeLessThanOrEqual(4);
  });

  test('stays text in a notice', async () => {
    const notice = noticeTo('voice', 'cell', { summary: text });
    await channel().tell({ ...notice, text, service: { id: 'payments', name: text } });
    expect(twiml().length).toBeLessThanOrEqual(4_000);
    const root = verbs(parseXml(twiml()));
    expect(root.pop()).toEqual({ name: 'Hangup', attributes: {}, children: [] });
    expect(sayings(root)).toHaveLength(2);
  });
});

test('sixty and more were tried', () => expect(count.short()).toEqual([]));

test('what would be markup is read as it stands', async () => {
  await channel().notify(requestWith({ summary: 'a < b && "c" </Say><Hangup/>' }, { contact: 'cell' }));
  const [gather] = verbs(parseXml(twiml()));
  expect(sayings(verbs(gather!))[1]).toBe('Incident: a < b && "c" </Say><Hangup/>.');
});
