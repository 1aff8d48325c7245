/** What the API counts of itself. Labels hold what the configuration and the routes bound, never what a sender writes. */
import type { MetricMeter } from '@temporalio/common';
import type { Intake } from '../intake/ports.ts';
import type { ApiServer } from './server.ts';

/** An intake that counts its events by source and outcome; `failed` is what could not be made safe, and was told so. */
export function countingIntake(intake: Intake, meter: MetricMeter): Intake {
  const counter = meter.createCounter('tocsin_events', '', 'Events that came in, by source and outcome');
  return {
    async accept(events) {
      const count = (place: number, outcome: string): void => {
        // A drill counts in no statistics.
        if (events[place]?.event.drill === true) return;
        counter.add(1, { source: events[place]?.integration.source ?? '', outcome });
      };
      try {
        const accepted = await intake.accept(events);
        accepted.forEach(({ outcome }, place) => count(place, outcome));
        return accepted;
      } catch (error) {
        events.forEach((_event, place) => count(place, 'failed'));
        throw error;
      }
    },
  };
}

/** Records how long every answer took, by the route's own pattern: a path may hold ids and secrets. */
export function timeRequests(app: ApiServer, meter: MetricMeter): void {
  const durations = meter.createHistogram(
    'tocsin_http_request_duration_seconds',
    'float',
    '',
    'From request to answer, by route and status',
  );
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    durations.record(reply.elapsedTime / 1_000, {
      method,
      route: routeOptions.url ?? 'none',
      status: reply.statusCode,
    });
  });
}
