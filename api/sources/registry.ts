/** The formats that `POST /integrations/<source>/<routing key>` takes; a new one is a file here and a line. */
import { alertmanager } from './alertmanager.ts';
import { cloudwatch } from './cloudwatch.ts';
import { generic } from './generic.ts';
import { grafana } from './grafana.ts';
import { guance } from './guance.ts';
import { sensu } from './sensu.ts';
import { sentry } from './sentry.ts';
import type { Source } from './source.ts';

export const SOURCES: ReadonlyMap<string, Source> = new Map(
  [alertmanager, cloudwatch, generic, grafana, guance, sensu, sentry].map((source) => [source.name, source]),
);
