/** What docs/guides/routing.md shows works as it stands there. */
import { readFileSync } from 'node:fs';
import type { SourceEvent } from '../../domain/event.ts';
import { route } from '../../routing/route.ts';
import { changed, load, section } from '../config/written.ts';

const GUIDE = readFileSync('docs/guides/routing.md', 'utf8');
const [, YAML = ''] = /```yaml\n([^]*?)```/.exec(GUIDE) ?? [];
/** Rows of the table of conditions, `\|` as GitHub shows it. */
const CONDITIONS = [...GUIDE.matchAll(/^\| `([^`]*event[^`]*)` +\|/gm)].map(([, shown = '']) =>
  shown.replaceAll('\\|', '|'),
);

const event = (more: Partial<SourceEvent> = {}): SourceEvent => ({
  action: 'trigger',
  dedupKey: 'disk',
  summary: 'all well',
  source: 'prometheus',
  severity: 'info',
  ...more,
});

const SERVICES = `services:
  - { id: payments, escalationPolicy: main }
  - { id: catch-all, escalationPolicy: main }
`;
const loaded = (yaml: string) =>
  load(changed(...section(yaml)).replace('services:\n', SERVICES), { PROMETHEUS_KEY: 'prometheus-key-000000001' })
    .configuration;

test('the rules it begins with route as it says', () => {
  const configuration = loaded(YAML);
  const prom = configuration.integrations.get('prom')!;
  const north = event({ severity: 'critical', details: { region: 'cn-north' } });
  expect(route(configuration, prom, north)).toMatchObject({ service: 'payments', priority: 'P1', urgency: 'high' });
  expect(route(configuration, prom, event({ summary: 'a smoke test' }))).toMatchObject({ suppressed: true, rule: 2 });
  expect(route(configuration, prom, event())).toMatchObject({
    service: 'catch-all',
    why: 'no routing rule matched; rule 3 takes the rest',
  });
});

/** By the order of the table: an event that the condition takes, and one that it does not. */
const EVENTS: readonly [matching: Partial<SourceEvent>, other: Partial<SourceEvent>][] = [
  [{ severity: 'error' }, { severity: 'info' }],
  [{ severity: undefined } as unknown as Partial<SourceEvent>, {}],
  [{ details: { team: 'search' } }, {}],
  [{ details: { 'kubernetes.io/name': 'checkout' } }, { details: { 'kubernetes.io/name': 'cart' } }],
  [{ component: 'postgres' }, {}],
  [{}, { summary: 'a test' }],
  [{ summary: 'disk of db1 full' }, {}],
  [{ details: { tags: ['env:prod'] } }, { details: { tags: ['env:dev'] } }],
  [{ details: { value: 96 } }, { details: { value: 95 } }],
  [{ at: Date.UTC(2026, 2, 2, 0, 59) }, { at: Date.UTC(2026, 2, 2, 1) }],
];

test('it shows as many conditions as are tried here', () => {
  expect(CONDITIONS).toHaveLength(EVENTS.length);
});

test.each(CONDITIONS.map((when, index) => [when, EVENTS[index]!] as const))('%s', (when, [matching, other]) => {
  const configuration = loaded(`${YAML.slice(0, YAML.indexOf('routing:'))}routing:
  - when: ${JSON.stringify(when)}
    set: { service: payments }
  - set: { service: catch-all }
`);
  const prom = configuration.integrations.get('prom')!;
  expect(route(configuration, prom, event(matching))).toMatchObject({ service: 'payments', remarks: [] });
  expect(route(configuration, prom, event(other))).toMatchObject({ service: 'catch-all', remarks: [] });
});
