/** Text for the Markdown of group robots, a line each. */
import { cut } from '../../domain/text.ts';
import { fullWidth as inFullWidth } from '../../templating/escapes.ts';

const LINE_LIMIT = 200;

/** At most `limit` characters; what could be markup is shown by its full-width double. */
export const fullWidth = (text: string, limit = LINE_LIMIT): string => inFullWidth(cut(text, limit));
