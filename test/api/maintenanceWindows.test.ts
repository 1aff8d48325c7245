/** Maintenance windows over a real socket, kept in a real store. */
import { maintenanceWindow, windowList } from '../../api/schemas/maintenance.ts';
import { problem } from '../../api/schemas/answers.ts';
import { knownWindows, type KnownWindows } from '../../store/knownWindows.ts';
import { type GatedStore, gatedStore } from '../support/gatedStore.ts';
import { type StandIns, apiOnStandIns, authorized } from './support/standIns.ts';

let gated: GatedStore;
let windows: KnownWindows;
let api: StandIns;
let url: string;
beforeAll(async () => {
  gated = await gatedStore();
  windows = knownWindows(gated.store, 3_600_000);
  api = await apiOnStandIns({ store: gated.store, windows });
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  windows?.stop();
  await api?.app.close();
  await gated?.store.close();
});

const WINDOWS = '/v1/maintenance-windows';

async function call(method: string, path: string, { token = 'boss', body }: { token?: string; body?: unknown } = {}) {
  const headers = { ...authorized(token), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const answer = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}
async function make(body: Record<string, unknown>, token = 'boss') {
  const answer = await call('POST', WINDOWS, { token, body: { services: ['payments'], ...body } });
  expect(answer).toMatchObject({ status: 201 });
  return maintenanceWindow.strict().parse(answer.body);
}
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

test('one that is once is made, shown, listed, known to this process at once, and taken away', async () => {
  const [start, end] = [inMinutes(60), inMinutes(120)];
  const made = await make({ start, end, description: 'new disks', services: ['payments', 'payments'] });
  expect(made).toMatchObject({
    services: ['payments'],
    description: 'new disks',
    inEffect: false,
    start,
    end,
    recurring: null,
    createdBy: { user: 'bob', token: 'boss' },
  });
  expect((await call('GET', `${WINDOWS}/${made.id}`, { token: 'watcher' })).body).toEqual(made);
  const { maintenanceWindows } = windowList.strict().parse((await call('GET', WINDOWS, { token: 'watcher' })).body);
  expect(maintenanceWindows).toContainEqual(made);
  expect(windows.present().map(({ id }) => id)).toContain(made.id);

  expect(api.windowsOver).toEqual([]);
  expect(await call('DELETE', `${WINDOWS}/${made.id}`)).toEqual({ status: 204, body: null });
  expect(api.windowsOver).toEqual([made.id]);
  expect((await call('DELETE', `${WINDOWS}/${made.id}`)).status).toBe(404);
  expect(problem.strict().parse((await call('GET', `${WINDOWS}/${made.id}`)).body)).toMatchObject({
    code: 'NOT_FOUND',
    detail: `there is no maintenance window '${made.id}'; GET /v1/maintenance-windows lists them`,
  });
  expect(windows.present().map(({ id }) => id)).not.toContain(made.id);
});

test('one whose start is past, or left out, is in effect from now on', async () => {
  const end = inMinutes(30);
  for (const start of [inMinutes(-60), undefined]) {
    const before = Date.now();
    const made = await make({ start, end });
    expect(made).toMatchObject({ inEffect: true, end });
    expect(Date.parse(made.start ?? '')).toBeGreaterThanOrEqual(before);
  }
});

test('an instant may have any offset', async () => {
  expect(await make({ start: '2999-03-02T09:00:00+08:00', end: '2999-03-02T10:00:00+08:00' })).toMatchObject({
    start: '2999-03-02T01:00:00.000Z',
    end: '2999-03-02T02:00:00.000Z',
  });
});

test('one that recurs by day says when it is next in effect', async () => {
  const made = await make({
    timezone: 'Asia/Shanghai',
    from: '02:00',
    to: '04:00',
    days: ['sun'],
    since: '2999-01-01T00:00:00Z',
    until: '2999-02-01T00:00:00Z',
  });
  expect(made).toMatchObject({
    inEffect: false,
    start: '2999-01-05T18:00:00.000Z',
    end: '2999-01-05T20:00:00.000Z',
    recurring: {
      timezone: 'Asia/Shanghai',
      days: ['sun'],
      from: '02:00',
      to: '04:00',
      since: '2999-01-01T00:00:00.000Z',
      until: '2999-02-01T00:00:00.000Z',
    },
  });
});

test('one that recurs by week, for ever', async () => {
  const made = await make({ timezone: 'UTC', from: 'mon 00:00', to: 'sun 24:00' });
  expect(made.recurring).toMatchObject({ days: null, from: 'mon 00:00', to: 'sun 24:00', until: null });
  expect(made.inEffect).toBe(true);
});

test('one that is over is listed no longer', async () => {
  const made = await make({ end: new Date(Date.now() + 300).toISOString() });
  const listed = async () => {
    const { maintenanceWindows } = windowList.parse((await call('GET', WINDOWS)).body);
    return maintenanceWindows.some(({ id }) => id === made.id);
  };
  expect(await listed()).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 320));
  expect(await listed()).toBe(false);
  expect((await call('GET', `${WINDOWS}/${made.id}`)).body).toMatchObject({ inEffect: false, start: null, end: null });
});

test('who made it: the token’s user, or whom `as` names', async () => {
  expect(await make({ end: inMinutes(1), as: 'ana' })).toMatchObject({ createdBy: { user: 'ana', token: 'boss' } });
  const answer = await call('POST', WINDOWS, { body: { services: ['payments'], end: inMinutes(1), as: 'dee' } });
  expect(answer).toMatchObject({ status: 400, body: { code: 'UNKNOWN_USER' } });
});

const NIGHTLY = { timezone: 'UTC', from: '02:00', to: '04:00' };
const INSTANT = 'an instant with its offset was expected';
test.each<[Record<string, unknown>, string]>([
  [{}, 'body.end: is missing; a window has an end, or recurs, with timezone, from and to'],
  [{ end: inMinutes(-1) }, 'body.end: is past'],
  [{ start: inMinutes(5), end: inMinutes(5) }, 'body.end: must be after start'],
  [{ start: inMinutes(9), end: inMinutes(5) }, 'body.end: must be after start'],
  [{ end: '2999-01-01T00:00' }, INSTANT],
  [{ end: 'tomorrow' }, INSTANT],
  [{ end: inMinutes(5), services: [] }, 'body.services'],
  [{ end: inMinutes(5), services: ['serch'] }, "body.services: there is no service 'serch'; there are: payments"],
  [{ end: inMinutes(5), reason: 'x' }, "there is no 'reason'"],
  [{ end: inMinutes(5), ...NIGHTLY }, 'body.timezone: a window is either once, with start and end, or recurring'],
  [{ from: '02:00', to: '04:00' }, 'body.timezone: is missing'],
  [{ ...NIGHTLY, timezone: '+08:00' }, 'body.timezone: an IANA zone such as Europe/Berlin was expected'],
  [{ ...NIGHTLY, to: '02:00' }, 'body.to: from and to are the same'],
  [{ ...NIGHTLY, from: '25:00' }, 'body.from: a time such as "09:00", or a day and time such as "fri 17:00"'],
  [{ timezone: 'UTC', from: '02:00' }, 'body.to: a time such as'],
  [{ ...NIGHTLY, from: 'fri 02:00' }, 'body.to: from and to must both name a day, or neither'],
  [{ ...NIGHTLY, days: ['sunday'] }, 'body.days'],
  [{ ...NIGHTLY, until: inMinutes(-1) }, 'body.until: is past'],
  [{ ...NIGHTLY, since: inMinutes(9), until: inMinutes(5) }, 'body.until: must be after since'],
  [
    { ...NIGHTLY, since: '2999-01-01T05:00:00Z', until: '2999-01-01T06:00:00Z' },
    'body.until: the window would never be in effect before then',
  ],
])('%j is refused', async (body, detail) => {
  const answer = await call('POST', WINDOWS, { body: { services: ['payments'], ...body } });
  expect(answer.status).toBe(400);
  expect(problem.strict().parse(answer.body).detail).toContain(detail);
});

test.each([
  ['POST', 'watcher'],
  ['POST', 'anas'],
  ['DELETE', 'anas'],
])('%s is not for %s', async (method, token) => {
  const path = method === 'POST' ? WINDOWS : `${WINDOWS}/x`;
  const answer = await call(method, path, {
    token,
    ...(method === 'POST' ? { body: { services: ['payments'], end: inMinutes(1) } } : {}),
  });
  expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  expect(problem.parse(answer.body).detail).toContain('it needs the role manager');
});

test('without a token nothing is shown', async () => {
  expect((await fetch(`${url}${WINDOWS}`)).status).toBe(401);
});

test('while the store is away nothing is promised', async () => {
  gated.away(true);
  try {
    const body = { services: ['payments'], end: inMinutes(1) };
    expect(await call('POST', WINDOWS, { body })).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE' } });
    expect(await call('GET', WINDOWS)).toMatchObject({ status: 503 });
    expect(await call('DELETE', `${WINDOWS}/x`)).toMatchObject({ status: 503 });
  } finally {
    gated.away(false);
  }
});
