/** What the log and the metrics hold of every attempt at a page or a notice. No address, no text: those are in the ledger. */
import type { MetricMeter } from '@temporalio/common';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { ATTEMPT_FAILURES, type NotifyReceipt } from '../activities/contract.ts';
import type { Channel } from '../domain/channels.ts';
import { type NotifyRequest, TEST_NOTIFICATION } from '../domain/effects.ts';
import { ERRORS, type ErrorCode } from '../domain/errors.ts';
import type { NoticeRequest } from '../domain/notice.ts';
import type { ChannelWatch } from './channelWatch.ts';

type Request = NotifyRequest | NoticeRequest;

/** For the worker of one channel's queue. Metrics: docs/guides/operations.md. */
export function observing(channel: Channel, meter: MetricMeter, watch: ChannelWatch): ActivityInterceptorsFactory {
  const attempts = meter.createCounter(
    'tocsin_notifications',
    '',
    'Attempts at pages and notices, by channel and outcome',
  );
  const delays = meter.createHistogram(
    'tocsin_notification_delay_seconds',
    'float',
    '',
    'From the moment that a page was due to its acceptance by the provider',
  );
  const templates = meter.createCounter(
    'tocsin_template_failures',
    '',
    "Templates that failed, so that Tocsin's own text was sent",
  );
  return ({ log }) => ({
    inbound: {
      async execute(input, next) {
        const request = input.args[0] as Request;
        const about = {
          incident: request.incident.id,
          channel,
          ...('notification' in request
            ? { notification: request.notification, user: request.user }
            : { notice: request.type, to: request.to.kind }),
        };
        try {
          const receipt = (await next(input)) as NotifyReceipt;
          attempts.add(1, { channel, kind: kindOf(request), outcome: 'sent' });
          if ('dueAt' in request && kindOf(request) === 'page')
            delays.record(Math.max(0, Date.now() - Date.parse(request.dueAt)) / 1_000, { channel });
          for (const template of receipt.failedTemplates ?? []) {
            templates.add(1, { channel, template });
            log.warn('a template failed, and our own text was sent', { ...about, template, reason: receipt.detail });
          }
          log.info('sent', about);
          watch.saw(channel, request, { sent: true });
          return receipt;
        } catch (error) {
          const outcome = outcomeOf(error);
          attempts.add(1, { channel, kind: kindOf(request), outcome });
          // What was foreseen is an outcome, and the incident decides what comes of it.
          const level = outcome === 'failed' ? 'warn' : 'info';
          log[level]('not sent', { ...about, outcome, reason: (error as Error).message });
          const [code, detail] = failureIn(error);
          watch.saw(channel, request, { sent: false, code, detail });
          throw error;
        }
      },
    },
  });
}

function kindOf(request: Request): 'page' | 'notice' | 'test' | 'drill' {
  if ('drill' in request.incident && request.incident.drill) return 'drill';
  if (!('notification' in request)) return 'notice';
  return request.notification === TEST_NOTIFICATION ? 'test' : 'page';
}

/** Its code and what the provider said, as activities/errors.ts put them. */
function failureIn(error: unknown): readonly [code: ErrorCode, detail: string] {
  const [code, detail] = (error instanceof ApplicationFailure ? (error.details ?? []) : []) as [ErrorCode?, string?];
  return code !== undefined && Object.hasOwn(ERRORS, code)
    ? [code, detail ?? '']
    : ['INTERNAL', (error as Error).message];
}

/** terminal, retryable, unknown; `failed` for what no channel foresaw. */
function outcomeOf(error: unknown): string {
  const type = error instanceof ApplicationFailure ? (error.type ?? '') : '';
  return Object.hasOwn(ATTEMPT_FAILURES, type) ? type : 'failed';
}
