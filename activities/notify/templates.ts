/**
 * The parts of a message that an operator may word: by their template where there is one for the channel, the part and the
 * reader's language, and otherwise, or where it fails, as Tocsin words them. That it failed is in the ledger, the log and a metric.
 */
import type { PartOf, Template, TemplatePart, TemplatedChannel, Templates } from '../../domain/templates.ts';
import { TEMPLATE_PARTS } from '../../domain/templates.ts';
import { cut, harmless, oneLine } from '../../domain/text.ts';
import { render } from '../../templating/engine.ts';
import { isHarmlessHtml, markedHtml } from '../../templating/html.ts';
import type { NotifyReceipt } from '../contract.ts';
import type { Message } from './message.ts';

/** The templates of one message. */
export interface Templated<Kind extends TemplatedChannel> {
  /** The part by its template; `ours` where there is none, or it fails. */
  readonly part: (part: PartOf<Kind>, ours: () => string) => string;
  /** The part by its template; null where there is none, or it fails. */
  readonly own: (part: PartOf<Kind>) => string | null;
  /** Says in the receipt which templates failed, and why. */
  readonly told: (receipt: NotifyReceipt) => NotifyReceipt;
}

/** For one message of a channel. Of a drill every part says that it is one, whatever its template leaves out. */
export function templated<Kind extends TemplatedChannel>(
  templates: Templates,
  channel: Kind,
  message: Message,
): Templated<Kind> {
  const failed = new Map<string, string>();
  const own = (part: PartOf<Kind>): string | null => {
    const source = sourceOf(templates, channel, part, message);
    if (source === undefined) return null;
    try {
      return rendered(partOf(channel, part), source, message);
    } catch (error) {
      failed.set(`templates.${channel}.${part}`, oneLine((error as Error).message));
      return null;
    }
  };
  return {
    own,
    part: (part, ours) => own(part) ?? ours(),
    told(receipt) {
      if (failed.size === 0) return receipt;
      const said = [...failed].map(([path, why]) => `${path} failed, and ours was sent: ${why}`);
      const detail = [...(receipt.detail === undefined ? [] : [receipt.detail]), ...said].join('; ');
      return { ...receipt, detail, failedTemplates: [...failed.keys()] };
    },
  };
}

const partOf = <Kind extends TemplatedChannel>(channel: Kind, part: PartOf<Kind>): TemplatePart =>
  TEMPLATE_PARTS[channel][part] as TemplatePart;

function sourceOf<Kind extends TemplatedChannel>(
  templates: Templates,
  channel: Kind,
  part: PartOf<Kind>,
  { wording }: Message,
): string | undefined {
  const template = (templates[channel] as Readonly<Partial<Record<string, Template>>> | undefined)?.[part];
  return template?.[wording.language] ?? template?.any;
}

function rendered({ kind, limit }: TemplatePart, source: string, message: Message): string {
  const variables = message.variables();
  const text = render(kind, source, variables);
  if (text.trim() === '') throw new Error('it comes to nothing');
  const { drill } = message.wording.labels;
  const marks = variables.incident.drill && !text.includes(drill);
  if (kind === 'html') {
    if (text.length > limit) throw new Error(`it comes to ${text.length} characters, of at most ${limit}`);
    if (!isHarmlessHtml(text)) throw new Error('it makes a link of what is no web address');
    return marks ? markedHtml(text, drill) : text;
  }
  const whole = marks ? message.wording.line(drill, text) : text;
  return cut(kind === 'line' ? oneLine(whole) : harmless(whole).trim(), limit);
}
