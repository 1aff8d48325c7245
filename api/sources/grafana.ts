/**
 * Grafana Alerting's webhook contact point, version "1" (wire-formats §1e; grafana.com/docs, alerting, webhook-notifier):
 * a group as Alertmanager's, with links into Grafana and the values that an alert was judged by. With a secret it is signed
 * (github.com/grafana/alerting, http/hmac.go): HMAC-SHA256 of the body in hex, or of `<seconds>:` and the body where it
 * sends a timestamp, too.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Integration } from '../../domain/configuration.ts';
import { type Sender, eventsOfGroup } from './alertGroups.ts';
import { demandFresh, demandSigned, headerOf } from './signatures.ts';
import type { Received, Source } from './source.ts';

const SENDER: Sender = {
  name: 'Grafana',
  advice: "leave the contact point's custom payload empty",
  links: [
    ['Panel', 'panelURL'],
    ['Dashboard', 'dashboardURL'],
    ['Alert rule', 'generatorURL'],
    ['Silence', 'silenceURL'],
    ['Image', 'imageURL'],
  ],
  details: ['values', 'valueString', 'ruleUID'],
  groupDetails: [
    ['orgId', 64],
    ['title', 1_024],
  ],
};

/** Where the contact point names no header: as Grafana's form and documentation have it, and as its code does. */
const SIGNATURES = ['x-grafana-alerting-signature', 'x-grafana-alert-signature'] as const;

function signatureOf(headers: IncomingHttpHeaders, { signatureHeader }: Integration): string | undefined {
  const names = signatureHeader === undefined ? SIGNATURES : [signatureHeader];
  return names.map((name) => headerOf(headers, name)).find((value) => value !== undefined);
}

function verify({ headers, raw, integration }: Received): void {
  const { secret, timestampHeader } = integration;
  if (secret === undefined) return;
  const signature = signatureOf(headers, integration);
  if (timestampHeader === undefined) return demandSigned(secret, [raw], signature);
  const timestamp = headerOf(headers, timestampHeader) ?? '';
  demandSigned(secret, [`${timestamp}:`, raw], signature);
  demandFresh(timestamp, Date.now());
}

export const grafana: Source = {
  name: 'grafana',
  jsonHint: "Grafana's webhook contact points send JSON by themselves, with Content-Type: application/json",
  alsoPut: true,
  verify,
  translate: ({ body }) => eventsOfGroup(body, SENDER),
};
