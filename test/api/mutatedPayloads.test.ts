/**
 * Bodies that no source sends, 10,000 of each source: every one is refused with a reason, or taken as events that are
 * well-formed. A smaller number goes through Temporal and the worker, where no incident may be stuck by them.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { temporalIntake } from '../../intake/intake.ts';
import type { IncomingEvent } from '../../intake/ports.ts';
import { MAX_DETAILS, MAX_SUMMARY } from '../../intake/limits.ts';
import { SEVERITIES } from '../../domain/event.ts';
import { webAddress } from '../../domain/text.ts';
import { READY } from '../../mapping/ready/index.ts';
import { mutated } from '../support/mutatedPayloads.ts';
import { eventually } from '../support/tocsin.ts';
import {
  ALERTMANAGER_KEY,
  GRAFANA_KEY,
  GUANCE_KEY,
  OPSGENIE_KEY,
  SENSU_KEY,
  apiOnStandIns,
  SENTRY_KEY,
  withIntegrations,
  CLOUDWATCH_KEY,
} from './support/standIns.ts';
import { startTemporal } from './support/temporal.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);
/** `<source>-*.json`, or those of a ready mapping's folder. */
const samplesOf = (source: string): readonly unknown[] =>
  readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
    .filter((name) => (name.startsWith(`${source}-`) || name.startsWith(`${source}/`)) && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8')) as unknown);

const isMapping = (source: string): boolean => Object.hasOwn(READY, source);
const keyOf = (mapping: string): string => `generic-key-of-${mapping}`;
const HOUSE = withIntegrations(
  ...Object.entries(READY).map(([id, mapping]) => ({ id, key: keyOf(id), source: 'generic', mapping })),
);

const sentry = (resource: string): Row => [
  `sentry-${resource.split('_')[0]}`,
  `/integrations/sentry/${SENTRY_KEY}`,
  7,
  { 'sentry-hook-resource': resource },
];

type Row = readonly [source: string, path: string, seed: number, headers?: Readonly<Record<string, string>>];
const ROWS: readonly Row[] = [
  ['guance', `/integrations/guance/${GUANCE_KEY}`, 1],
  ['alertmanager', `/integrations/alertmanager/${ALERTMANAGER_KEY}`, 2],
  ['sensu', `/integrations/sensu/${SENSU_KEY}`, 3],
  ['events-v2', '/pagerduty/v2/enqueue', 4],
  ['events-v1', '/pagerduty/generic/2010-04-15/create_event.json', 5],
  ['grafana', `/integrations/grafana/${GRAFANA_KEY}`, 6],
  ['cloudwatch', `/integrations/cloudwatch/${CLOUDWATCH_KEY}`, 8],
  sentry('event_alert'),
  sentry('issue'),
  sentry('metric_alert'),
  ...Object.keys(READY).map((name, index): Row => [name, `/integrations/generic/${keyOf(name)}`, 50 + index]),
  ['opsgenie', '/opsgenie/v2/alerts', 8, { authorization: `GenieKey ${OPSGENIE_KEY}` }],
];
const SOURCES = ROWS.map(([source, url, seed, headers = {}]) => [source, url, seed, headers] as const);

/** Every key that the API takes, and no longer than what its source's format may make. */
const wellFormedKey = (key: string): boolean =>
  key.trim() === key && key !== '' && key.length < 5_000 && !key.includes('\0') && Buffer.from(key).toString() === key;
const lengthOf = (text: string): number => Array.from(text).length;

/** What is wrong with an event that was let in; empty where nothing is. */
function faults({ integration, event }: IncomingEvent): readonly string[] {
  const { action, dedupKey, groupKey, summary, source, severity, details, links = [], at, leftOut } = event;
  const written = JSON.stringify(event);
  const rules: readonly [fault: string, holds: boolean][] = [
    ['integration', HOUSE.integrations.has(integration.id)],
    ['action', ['trigger', 'acknowledge', 'resolve'].includes(action)],
    ['dedupKey', wellFormedKey(dedupKey)],
    ['groupKey', groupKey === undefined || wellFormedKey(groupKey)],
    ['summary', lengthOf(summary) <= MAX_SUMMARY && (summary.trim() !== '' || action !== 'trigger')],
    ['source', lengthOf(source) <= 255 && source.trim() !== ''],
    ['texts', [event.component, event.group, event.class].every((text) => text === undefined || lengthOf(text) <= 255)],
    ['severity', severity === undefined || (SEVERITIES.includes(severity) && action === 'trigger')],
    ['details', details === undefined || Buffer.byteLength(JSON.stringify(details)) <= MAX_DETAILS],
    ['links', links.length <= 20 && links.every(({ href }) => webAddress(href) !== undefined)],
    ['at', at === undefined || (Number.isSafeInteger(at) && at > 0 && at < 4_102_444_800_000)],
    ['leftOut', leftOut === undefined || (Number.isSafeInteger(leftOut) && leftOut > 0)],
    ['groupResolved', event.groupResolved === undefined || action === 'resolve'],
    ['size', Buffer.byteLength(written) < 100_000],
    ['serialisable', JSON.stringify(JSON.parse(written)) === written],
  ];
  return rules.filter(([, holds]) => !holds).map(([fault]) => fault);
}

/** What its sender can go by. */
const reasonOf = ({ detail, errors, message = '' }: { detail?: string; errors?: object; message?: string }): string =>
  detail ?? (errors === undefined ? message : Object.values(errors).join('; '));

/** By hand: TOCSIN_MUTATED_BODIES=10000. All mappings are read by the same code, and fewer of each do. */
const BY_HAND = process.env['TOCSIN_MUTATED_BODIES'];
const bodiesOf = (source: string): number => Number(BY_HAND ?? (isMapping(source) ? 200 : 600));

describe('bodies that no source sends', () => {
  it.each(SOURCES)(
    'of %s are each refused with a reason, or taken as well-formed events',
    async (source, url, seed, more) => {
      const wrong: string[] = [];
      const taken = { events: 0, bodies: 0, refused: 0 };
      const bodies = bodiesOf(source);
      const { app } = await apiOnStandIns({
        configuration: () => HOUSE,
        intake: {
          accept: async (incoming) => {
            taken.events += incoming.length;
            wrong.push(...incoming.flatMap(faults));
            return incoming.map(({ event }) => ({ dedupKey: event.dedupKey, outcome: 'accepted', opened: false }));
          },
        },
      });
      for (const payload of mutated(samplesOf(source), seed, bodies)) {
        const before = wrong.length;
        const answer = await app.inject({
          method: 'POST',
          url,
          headers: { 'content-type': 'application/json', ...more },
          payload,
        });
        if (answer.statusCode === 202 || answer.statusCode === 200) taken.bodies++;
        else {
          taken.refused++;
          const reasoned = answer.statusCode >= 400 && answer.statusCode < 500 && reasonOf(answer.json()).length > 10;
          if (!reasoned) wrong.push(`${answer.statusCode} ${answer.body}`);
        }
        if (wrong.length > before) throw new Error(`${wrong.slice(before).join(', ')}: ${payload.slice(0, 2_000)}`);
      }
      await app.close();
      // Bodies that are all refused, or all taken, would prove nothing.
      expect(taken.bodies).toBeGreaterThan(bodies / 10);
      expect(taken.refused).toBeGreaterThan(bodies / 10);
      // A mapping leaves out what is of no alert.
      expect(taken.events).toBeGreaterThanOrEqual(isMapping(source) ? taken.bodies / 2 : taken.bodies);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );

  it('leave no incident stuck: each open one answers, and no task of a workflow failed', async () => {
    const temporal = await startTemporal(() => HOUSE);
    await temporal.startWorker();
    try {
      const { client } = temporal;
      const { app } = await apiOnStandIns({
        configuration: () => HOUSE,
        intake: temporalIntake({ client, configuration: () => HOUSE }),
      });
      const statuses: number[] = [];
      for (const [source, url, seed, more] of SOURCES) {
        const bodies = [...mutated(samplesOf(source), 100 + seed, isMapping(source) ? 30 : 100)];
        const answers = await Promise.all(
          bodies.map((payload) =>
            app.inject({ method: 'POST', url, headers: { 'content-type': 'application/json', ...more }, payload }),
          ),
        );
        statuses.push(...answers.map(({ statusCode }) => statusCode));
      }
      await app.close();
      expect(statuses.filter((status) => status >= 500)).toEqual([]);
      expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(200);
      let open = 0;
      for await (const { workflowId, runId, status } of client.workflow.list()) {
        const handle = client.workflow.getHandle(workflowId, runId);
        if (status.name === 'RUNNING') {
          open++;
          // Null while it is being opened.
          const report = await eventually(
            () => handle.query<{ incident: unknown } | null>('incident'),
            (answer) => answer !== null,
          );
          expect(report).toMatchObject({ incident: { service: 'payments' } });
        }
        const { events } = await handle.fetchHistory();
        const failures = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed ?? []);
        // Not ours: an event came while the incident was about to close, and the task is done again with it.
        const ours = failures.map(({ failure }) => failure?.message).filter((text) => text !== 'UnhandledCommand');
        expect(ours).toEqual([]);
        expect(['RUNNING', 'COMPLETED', 'CONTINUED_AS_NEW']).toContain(status.name);
      }
      // How many stay open depends on which of a key's bodies comes last.
      expect(open).toBeGreaterThan(5);
    } finally {
      await temporal.stop();
    }
  });
});
