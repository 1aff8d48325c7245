/** The formats that `POST /integrations/<source>/<routing key>` takes; a new one is a file here and a line. */
import { guance } from './guance.ts';
import type { Source } from './source.ts';

export const SOURCES: ReadonlyMap<string, Source> = new Map([guance].map((source) => [source.name, source]));
