/** The guide for those who come from PagerDuty: its configuration and its command do what it says; and a real client of PagerDuty reads on. */
import { api as pagerduty } from '@pagerduty/pdjs';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { INCIDENT_ID, type StandIns, apiOnStandIns } from '../api/support/standIns.ts';
import { load } from '../config/written.ts';
import { block, filled, printed } from '../support/guides.ts';

const { configuration } = load(block('from-pagerduty', 'yaml', 'services'));
const TOKEN = 'an-example-of-a-token';

let api: StandIns;
let url: string;
beforeAll(async () => {
  api = await apiOnStandIns({ configuration: () => configuration });
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api?.app.close());

test('the command acknowledges in the name of Ana, by the token that is printed', async () => {
  const [command = ''] = printed('from-pagerduty', 'sh');
  const own = filled(command, url, { 'incidents/12': `incidents/${INCIDENT_ID}` });
  const { stdout } = await promisify(execFile)('sh', ['-c', own]);
  expect(JSON.parse(stdout)).toMatchObject({ incident: { id: INCIDENT_ID, type: 'incident' } });
  expect(api.commands).toMatchObject([
    { id: INCIDENT_ID, command: { type: 'acknowledge', actor: { id: 'ana', via: 'pagerduty api, token scripts' } } },
  ]);
});

test('@pagerduty/pdjs reads page by page, and changes', async () => {
  const client = pagerduty({ token: TOKEN });
  const first = await client({ url: `${url}/pagerduty.com/priorities`, queryParameters: { limit: '3' } });
  const second = await first.next?.();
  const names = [first, second].flatMap((page) => page?.resource.map(({ name }: { name: string }) => name));
  expect(names).toEqual(['P1', 'P2', 'P3', 'P4', 'P5']);
  expect(second?.next).toBeUndefined();
  const changed = await client({
    url: `${url}/pagerduty.com/incidents/${INCIDENT_ID}`,
    method: 'PUT',
    headers: { From: 'ana@example.com' },
    data: { incident: { type: 'incident_reference', status: 'resolved' } },
  });
  expect([changed.status, changed.data.incident.id]).toEqual([200, INCIDENT_ID]);
});
