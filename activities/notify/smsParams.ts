/** The parameters of a provider's template: Liquid over what a message has, each on one line and no longer than the provider takes. */
import { Liquid } from 'liquidjs';
import { cut, oneLine } from '../../domain/text.ts';

/** No template reads files, what objects inherit, or more time and memory than a message is worth. */
const engine = new Liquid({
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 10_000,
  renderLimit: 100,
  memoryLimit: 1_000_000,
});

export interface Params {
  readonly values: readonly string[];
  /** Which of them failed, and why; null where none did. */
  readonly failed: string | null;
}

/**
 * In the order of the templates. One that fails is the summary instead: a page goes out. `limit`: characters each, as
 * https://cloud.tencent.com/document/product/382/39023 counts them, every sign as one.
 */
export function paramsOf(templates: readonly string[], context: { readonly summary: string }, limit: number): Params {
  const failures: string[] = [];
  const values = templates.map((template, index) => {
    try {
      return paramOf(String(engine.parseAndRenderSync(template, context)), limit);
    } catch (error) {
      failures.push(`params[${index}]: ${oneLine((error as Error).message)}`);
      return paramOf(context.summary, limit);
    }
  });
  return { values, failed: failures.length === 0 ? null : failures.join('; ') };
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
