/** How the API stops: what is in flight is answered, and nobody new is taken. */
import { setTimeout as after } from 'node:timers/promises';
import { type StandIns, apiOnStandIns, EVENTS_KEY } from './support/standIns.ts';

test('a request in flight is answered, a new one is not taken, and then it ends', async () => {
  let finish: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (finish = resolve));
  let taken: () => void = () => undefined;
  const inFlight = new Promise<void>((resolve) => (taken = resolve));
  const api: StandIns = await apiOnStandIns({
    intake: {
      accept: async (events) => {
        taken();
        await held;
        return events.map(({ event }) => ({ dedupKey: event.dedupKey, outcome: 'accepted', opened: true }));
      },
    },
  });
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const answer = fetch(`${url}/pagerduty/v2/enqueue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      routing_key: EVENTS_KEY,
      event_action: 'trigger',
      payload: { summary: 's', source: 'x', severity: 'error' },
    }),
  });
  await inFlight;
  let ended = false;
  const closed = api.app.close().then(() => (ended = true));
  await after(50);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  expect(ended).toBe(false);
  finish();
  expect((await answer).status).toBe(202);
  await closed;
});
