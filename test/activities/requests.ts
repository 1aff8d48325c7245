/** What the channels are asked to send in these tests, and the configuration they find. */
import type { NotifyRequest } from '../../activities/contract.ts';
import type { Channels, Configuration } from '../../domain/configuration.ts';
import { idempotencyKeyOf } from '../../domain/identity.ts';
import { configuration, level, person, policy } from '../support/configurations.ts';

export const SECRET = 'a secret of the tests';
export const PUBLIC_URL = 'https://tocsin.example.com';
export const INCIDENT = `payments-guance.${'a'.repeat(32)}.${'0123456789abcdef'.repeat(2)}`;

export const KEY = idempotencyKeyOf(INCIDENT, 'n3');

/** Ana has a contact `mail` and a contact `term`. */
export function configured(channels: Channels = {}): Configuration {
  const ana = { ...person('ana', '0s mail, 0s term'), name: 'Ana Wei', timezone: 'Asia/Shanghai' };
  return { ...configuration({ users: [ana], policy: policy([level('user:ana', '5m')]) }), channels };
}

export function requestWith(
  incident: Partial<NotifyRequest['incident']> = {},
  more: Partial<NotifyRequest> = {},
): NotifyRequest {
  return {
    notification: 'n3',
    idempotencyKey: KEY,
    user: 'ana',
    userName: 'Ana Wei',
    contact: 'mail',
    incident: {
      id: INCIDENT,
      number: null,
      summary: 'disk of db1 is full',
      severity: 'critical',
      dedupKey: 'db1/disk',
      details: { host: 'db1', labels: { region: 'cn-north', disks: ['sda', 'sdb'] } },
      links: [{ href: 'https://grafana.example.com/d/1?a=1&b=2', text: 'Dashboard' }],
      service: {
        id: 'payments',
        name: 'Payments',
        description: 'Takes the money',
        runbook: 'https://wiki.example.com/payments',
      },
      createdAt: '2026-12-01T10:02:11.000Z',
      ...incident,
    },
    why: 'level 1: the incident was triggered',
    dueAt: '2026-12-01T10:02:11.000Z',
    present: null,
    ...more,
  };
}

/** The failure a promise ends with, as the workflow will read it. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<{ type: unknown; code: unknown; detail: string; nonRetryable: unknown }> {
  const error = await promise.then(
    (value) => {
      throw new Error(`did not fail, but gave ${JSON.stringify(value)}`);
    },
    (reason: { type?: unknown; details?: unknown[]; nonRetryable?: unknown }) => reason,
  );
  const [code, detail] = error.details ?? [];
  return { type: error.type, code, detail: String(detail), nonRetryable: error.nonRetryable };
}
