/** The formats that `POST /integrations/<source>/<routing key>` takes; a new one is a file here and a line. */
import { alertmanager } from './alertmanager.ts';
import { guance } from './guance.ts';
import { sensu } from './sensu.ts';
import type { Source } from './source.ts';

export const SOURCES: ReadonlyMap<string, Source> = new Map(
  [alertmanager, guance, sensu].map((source) => [source.name, source]),
);
