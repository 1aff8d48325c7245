/** The clients, each with what is set in it, how its scenario is run, and what Tocsin must have made of it. */
import { runAlertmanager } from './alertmanager.ts';
import { runSns } from './moto.ts';
import type { Left } from './left.ts';
import type { Place, Ran } from './place.ts';
import type { Kind } from './versions.ts';

export interface Client {
  readonly name: string;
  readonly kind: Kind;
  /** In versions.json. */
  readonly package: string;
  /** What its user changes to come from the vendor to Tocsin. */
  readonly set: string;
  /** Runs its scenario; rejects where the client saw what it did not want. */
  readonly run: (place: Place) => Promise<Ran>;
  /** After the first call alone. */
  readonly first: readonly Left[];
  /** After all of them. */
  readonly end: readonly Left[];
}

const python = (script: string) => (place: Place) =>
  place.run(place.python('python'), [`test/compat/clients/${script}.py`]);
const proxied = (place: Place) => ({
  HTTPS_PROXY: place.front.proxy,
  NO_PROXY: '',
  SSL_CERT_FILE: place.front.ca,
  REQUESTS_CA_BUNDLE: place.front.ca,
});
const go = (scenario: string) => (place: Place) => place.run(place.goClients, [scenario], proxied(place));
const node = (script: string) => (place: Place) => place.run(process.execPath, [`test/compat/clients/${script}.mjs`]);
const open = (dedupKey: string, summary: string): Left => ({ by: { dedupKey }, is: { summary } });
const resolved = (dedupKey: string): Left => ({ by: { dedupKey }, is: { status: 'resolved' } });

const GO_PAGERDUTY = 'github.com/PagerDuty/go-pagerduty';

export const CLIENTS: readonly Client[] = [
  {
    name: 'pdpyras, the three scripts of a handbook',
    kind: 'python',
    package: 'pdpyras',
    set: '`session.url`, the key, `default_from`',
    run: python('pdpyras_seed'),
    first: [{ by: { summary: '支付失败' }, is: { status: 'triggered' } }],
    end: [{ by: { summary: '支付失败' }, is: { status: 'triggered' } }],
  },
  {
    name: 'pdpyras',
    kind: 'python',
    package: 'pdpyras',
    set: '`session.url`, the keys, `default_from`, `REQUESTS_CA_BUNDLE`',
    run: (place) =>
      place.run(place.python('python'), ['test/compat/clients/pdpyras_all.py'], { REQUESTS_CA_BUNDLE: place.front.ca }),
    first: [open('pdpyras/disk', 'disk is full')],
    end: [resolved('pdpyras/disk'), resolved('pdpyras/3')],
  },
  {
    name: 'pagerduty (Python)',
    kind: 'python',
    package: 'pagerduty',
    set: '`base_url`, the keys, `default_from`, `verify`',
    run: python('pagerduty_all'),
    first: [open('pagerduty/queue', 'queue grows')],
    end: [resolved('pagerduty/queue'), resolved('pagerduty/rest')],
  },
  {
    name: 'pagerduty (Python), its command line',
    kind: 'python',
    package: 'pagerduty',
    set: '`--base-url`, `-k`, `SSL_CERT_FILE`',
    run: async (place) => {
      const say = (action: string, ...more: readonly string[]) =>
        place.run(
          place.python('pagerduty'),
          [
            action,
            '-k',
            'compat-events-v2-key-000000000000',
            '-i',
            'pagerduty-cli',
            ...more,
            '--base-url',
            `${place.front.url}/pagerduty`,
          ],
          { SSL_CERT_FILE: place.front.ca },
        );
      await say('trigger', '--description', 'by the command line', '--source', 'shell');
      if (place.quick) return { calls: ['trigger'] };
      await say('acknowledge');
      await say('resolve');
      return { calls: ['trigger', 'acknowledge', 'resolve'] };
    },
    first: [open('pagerduty-cli', 'by the command line')],
    end: [resolved('pagerduty-cli')],
  },
  {
    name: '@pagerduty/pdjs',
    kind: 'npm',
    package: '@pagerduty/pdjs',
    set: '`server` (under `/pagerduty.com`), the keys, the header `From`, `NODE_EXTRA_CA_CERTS`',
    run: (place) =>
      place.run(process.execPath, ['test/compat/clients/pdjs.mjs'], { NODE_EXTRA_CA_CERTS: place.front.ca }),
    first: [open('pdjs/latency', 'pdjs: latency')],
    end: [resolved('pdjs/latency'), resolved('pdjs/rest')],
  },
  {
    name: 'go-pagerduty',
    kind: 'go',
    package: GO_PAGERDUTY,
    set: '`WithAPIEndpoint`, `WithV2EventsAPIEndpoint`, the keys',
    run: go('pagerduty'),
    first: [open('go/cpu', 'go: cpu is busy')],
    end: [resolved('go/cpu'), resolved('go/first')],
  },
  {
    name: 'go-pagerduty, its functions with the vendor’s address',
    kind: 'go',
    package: GO_PAGERDUTY,
    set: '`HTTPS_PROXY`, `SSL_CERT_FILE`, the keys',
    run: go('pagerduty-fixed'),
    first: [open('go/v1', 'go: by Events v1')],
    end: [open('go/v1', 'go: by Events v1'), open('go/fixed', 'go: by a fixed address')],
  },
  {
    name: 'opsgenie-sdk (Python)',
    kind: 'python',
    package: 'opsgenie-sdk',
    set: '`host`, the key',
    run: python('opsgenie_all'),
    first: [open('opsgenie-python/disk 1', 'python: disk is full')],
    end: [resolved('opsgenie-python/disk 1')],
  },
  {
    name: 'opsgenie-sdk (Node)',
    kind: 'npm',
    package: 'opsgenie-sdk',
    set: '`host`, the key',
    run: node('opsgenie'),
    first: [open('opsgenie-node-disk', 'node: disk is full')],
    end: [resolved('opsgenie-node-disk')],
  },
  {
    name: 'opsgenie-go-sdk-v2',
    kind: 'go',
    package: 'github.com/opsgenie/opsgenie-go-sdk-v2',
    set: '`OpsGenieAPIURL`, the key',
    run: (place) => place.run(place.goClients, ['opsgenie']),
    first: [open('opsgenie-go-disk', 'go: disk is full')],
    end: [resolved('opsgenie-go-disk')],
  },
  {
    name: 'Alertmanager (Debian): webhook, PagerDuty v2, PagerDuty v1, Opsgenie',
    kind: 'debian',
    package: 'prometheus-alertmanager',
    set: 'addresses and keys; for PagerDuty v1, whose address is fixed, `proxy_url` and `ca_file`',
    run: runAlertmanager,
    first: [],
    end: [],
  },
  {
    name: 'Amazon SNS, played by moto',
    kind: 'python',
    package: 'moto[server]',
    set: 'the endpoint of the subscription',
    run: runSns,
    first: [{ by: { summary: 'moto-cpu' }, is: {} }],
    end: [{ by: { summary: 'moto-cpu' }, is: { status: 'resolved' } }],
  },
  {
    name: 'apprise: PagerDuty and Opsgenie',
    kind: 'python',
    package: 'apprise',
    set: '`HTTPS_PROXY`, `REQUESTS_CA_BUNDLE`, the keys',
    run: (place) => place.run(place.python('python'), ['test/compat/clients/apprise_both.py'], proxied(place)),
    first: [{ by: { summary: 'apprise: disk is full' }, is: {} }],
    end: [{ by: { summary: 'apprise: disk is full' }, is: {} }],
  },
];
