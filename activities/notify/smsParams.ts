/** The parameters of a provider's template: Liquid over what a message has, each on one line and no longer than the provider takes. */
import { cut, oneLine } from '../../domain/text.ts';
import { render } from '../../templating/engine.ts';
import type { Variables } from '../../templating/variables.ts';

interface Params {
  readonly values: readonly string[];
  /** Which of them failed, and why. */
  readonly failed: ReadonlyMap<string, string>;
}

/**
 * In the order of the templates. One that fails is the summary instead: a page goes out. Of a drill the first says that it
 * is one. `limit`: characters each, as https://cloud.tencent.com/document/product/382/39023 counts them, every sign as one.
 */
export function paramsOf(templates: readonly string[], variables: Variables, limit: number): Params {
  const failed = new Map<string, string>();
  const { drill } = variables.incident;
  const mark = variables.labels.drill;
  const values = templates.map((template, index) => {
    const text = rendered(template);
    if (text === null) return paramOf(variables.summary, limit);
    return paramOf(drill && index === 0 && !text.startsWith(mark) ? `${mark}: ${text}` : text, limit);

    function rendered(source: string): string | null {
      try {
        return render('line', source, variables);
      } catch (error) {
        failed.set(`channels.sms.params[${index}]`, oneLine((error as Error).message));
        return null;
      }
    }
  });
  return { values, failed };
}

/**
 * Tencent refuses the whole message for an address in a parameter (1048, ProhibitedUseUrlInTemplateParameter), and 【】
 * enclose whom it is from: they are shown by doubles that are neither. Never empty, for then it lacks a parameter.
 */
function paramOf(text: string, limit: number): string {
  const shown = oneLine(text)
    .replaceAll('://', '：//')
    .replaceAll(/(?<=[\p{L}\p{N}-])\.(?=\p{L}{2})/gu, '．')
    .replaceAll('【', '［')
    .replaceAll('】', '］');
  return shown === '' ? '-' : cut(shown, limit);
}
