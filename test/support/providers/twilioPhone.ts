/** Who is called by Twilio: a phone that rings, is answered by somebody or something, hears what the TwiML says, and presses keys. */
import type { Answered, Form, Taken, Twilio } from './twilio.ts';
import { textOf } from './twilio.ts';
import type { Element } from './xml.ts';
import { parseXml } from './xml.ts';

interface Spoken {
  readonly language: string;
  readonly text: string;
}

export interface Phone {
  /** Everything that was said to it, in order. */
  readonly heard: readonly Spoken[];
  /** What was said to it last: since it was answered, or since the last key. */
  readonly last: () => string;
  /** It is waited for a key. */
  readonly listening: () => boolean;
  readonly over: () => boolean;
  /** The status callbacks' answers. */
  readonly told: readonly Answered[];
  /** Word that the call begins. */
  begin(): Promise<void>;
  /** `machine_start` hears all that a person would, and presses nothing. `AnsweredBy` is told beside the call, as AsyncAmd does. */
  answer(by?: 'human' | 'machine_start' | 'fax' | 'unknown'): Promise<void>;
  press(key: string): Promise<Answered>;
  /** No key is pressed until the Gather gives up. */
  wait(): Promise<Answered>;
  /** The call ends. */
  end(status?: 'completed' | 'no-answer' | 'busy' | 'failed' | 'canceled'): Promise<void>;
  /** The address that a key is told to. */
  readonly action: () => string;
  /** The parameters that come with everything of this call. */
  readonly common: () => Form;
}

export function phoneOf(twilio: Twilio, call: Taken): Phone {
  const heard: Spoken[] = [];
  const told: Answered[] = [];
  let sequence = 0;
  let sinceKey = 0;
  let gather: Element | null = null;
  let over = false;

  const common = (): Form => ({
    CallSid: call.sid,
    From: textOf(call.form, 'From') ?? '',
    To: textOf(call.form, 'To') ?? '',
    Direction: 'outbound-api',
    CallStatus: call.status,
  });
  const tell = async (event: string, status: string): Promise<void> => {
    call.status = status;
    const events = [call.form['StatusCallbackEvent'] ?? 'completed'].flat();
    const url = textOf(call.form, 'StatusCallback');
    const number = String(sequence++);
    if (url === undefined || !events.includes(event)) return;
    const more = {
      CallbackSource: 'call-progress-events',
      SequenceNumber: number,
      Timestamp: new Date().toUTCString(),
    };
    told.push(await twilio.callBack(url, { ...common(), ...more }));
  };

  /** Runs a document until it waits for a key, or the call is over. */
  const play = (document: string): void => {
    const root = parseXml(document);
    if (root.name !== 'Response') throw new Error(`not TwiML: ${root.name}`);
    sinceKey = heard.length;
    gather = null;
    for (const verb of verbsOf(root)) {
      if (verb.name === 'Say') say(verb);
      else if (verb.name === 'Gather') {
        if (verb.attributes['input'] !== 'dtmf') throw new Error('a Gather that takes no keys');
        verbsOf(verb).forEach(say);
        gather = verb;
        return;
      } else if (verb.name === 'Hangup') break;
      else if (verb.name !== 'Pause') throw new Error(`a verb that the stand-in has not: ${verb.name}`);
    }
    over = true;
  };
  const say = (verb: Element): void => {
    if (verb.name === 'Pause') return;
    const text = verb.children
      .map((child) => {
        if (typeof child !== 'string') throw new Error(`a Say with markup in it: ${child.name}`);
        return child;
      })
      .join('');
    // https://www.twilio.com/docs/api/errors/13521.
    if (encodeURIComponent(text).length > 4_500) throw new Error('a Say is too long: 4,500 URL-encoded characters');
    heard.push({ language: verb.attributes['language'] ?? 'en-US', text });
  };

  const action = (): string => {
    if (gather === null) throw new Error('no key is waited for');
    return gather.attributes['action'] ?? '';
  };
  const key = async (digits: Form): Promise<Answered> => {
    const answered = await twilio.callBack(action(), { ...common(), ...digits });
    // Anything else makes Twilio say that an application error has occurred, and hang up (11200, 12300).
    if (answered.status === 200 && answered.contentType?.startsWith('text/xml') === true) play(answered.body);
    else over = true;
    return answered;
  };

  return {
    heard,
    last: () =>
      heard
        .slice(sinceKey)
        .map(({ text }) => text)
        .join(' '),
    listening: () => gather !== null && !over,
    over: () => over,
    told,
    action,
    common,
    begin: () => tell('initiated', 'initiated'),
    async answer(by = 'human') {
      await tell('answered', 'in-progress');
      const twiml = textOf(call.form, 'Twiml');
      if (twiml === undefined) throw new Error('a call without its TwiML');
      play(twiml);
      const url = textOf(call.form, 'AsyncAmdStatusCallback');
      const detects = textOf(call.form, 'MachineDetection') !== undefined && textOf(call.form, 'AsyncAmd') === 'true';
      if (!detects || url === undefined) return;
      told.push(await twilio.callBack(url, { ...common(), AnsweredBy: by, MachineDetectionDuration: '2400' }));
    },
    press: (pressed) => key({ Digits: pressed, FinishedOnKey: '' }),
    async wait() {
      if (gather?.attributes['actionOnEmptyResult'] !== 'true')
        throw new Error('the call would go on with its next verb');
      return key({ Digits: '' });
    },
    async end(status = 'completed') {
      over = true;
      await tell('completed', status);
    },
  };
}

const verbsOf = ({ children }: Element): Element[] =>
  children.flatMap((child) => {
    if (typeof child !== 'string') return [child];
    if (child.trim() !== '') throw new Error(`text outside of a verb: ${child}`);
    return [];
  });
