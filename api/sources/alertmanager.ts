/**
 * Prometheus Alertmanager's webhook, version "4" (wire-formats §1d). 0.25 has no `notification_reason`; newer versions let
 * the operator replace the body, which is told here.
 */
import { type Sender, eventsOfGroup } from './alertGroups.ts';
import type { Source } from './source.ts';

const SENDER: Sender = {
  name: 'Alertmanager',
  advice: "leave the receiver's payload as it is by default",
  links: [['Source', 'generatorURL']],
  details: [],
  groupDetails: [],
};

export const alertmanager: Source = {
  name: 'alertmanager',
  jsonHint: "Alertmanager's webhook_configs send JSON by themselves, with Content-Type: application/json",
  translate: ({ body }) => eventsOfGroup(body, SENDER),
};
