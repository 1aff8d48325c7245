/** Set: `server` (host and path; https alone is taken), the token, and NODE_EXTRA_CA_CERTS. Under `/pagerduty.com`: it finds a resource's name behind `.com/`. */
import { acknowledge, api, change, resolve, trigger } from '@pagerduty/pdjs';
import { HTTPS, TOKEN, step, wanted } from './steps.mjs';

const server = `${HTTPS.replace('https://', '')}/pagerduty.com`;
const routing_key = 'compat-events-v2-key-000000000000';
const payload = { summary: 'pdjs: latency', source: 'edge1', severity: 'error' };
const event = (send, more = {}) => send({ server, data: { routing_key, dedup_key: 'pdjs/latency', payload, ...more } });
const answered = async (promise) => (await promise).data;

wanted((await step('trigger', () => answered(event(trigger)))).status === 'success', 'trigger');
await step('acknowledge', () => answered(event(acknowledge)));
await step('resolve', () => answered(event(resolve)));
await step('change', () =>
  answered(
    change({
      server,
      data: {
        routing_key,
        payload: { summary: 'pdjs deployed', source: 'ci', timestamp: new Date().toISOString(), custom_details: {} },
        links: [],
      },
    }),
  ),
);
const pd = api({ token: TOKEN, server, headers: { From: 'ana@example.com' } });
const users = await step('all users, one a page', async () =>
  (await pd.all('/users', { data: { limit: 1 } })).resource.map(({ email }) => email),
);
wanted(users.toSorted().join() === 'ana@example.com,bob@example.com', users);
const { resource: services } = await pd.get('/services');
const { id } = services.find(({ name }) => name === 'Payments');
const incident = await step('create', async () => {
  const service = { id, type: 'service_reference' };
  return (
    await pd.post('/incidents', {
      data: { incident: { type: 'incident', title: 'pdjs by hand', incident_key: 'pdjs/rest', service } },
    })
  ).resource;
});
await step(
  'note',
  async () =>
    (await pd.post(`/incidents/${incident.id}/notes`, { data: { note: { content: 'looking' } } })).data.note.content,
);
const resolved = await step(
  'resolve',
  async () =>
    (
      await pd.put(`/incidents/${incident.id}`, {
        data: { incident: { type: 'incident_reference', status: 'resolved' } },
      })
    ).resource.status,
);
wanted(resolved === 'resolved', resolved);
await step(
  'list with filters',
  async () => (await pd.get('/incidents', { data: { 'statuses[]': 'resolved', limit: 5 } })).resource.length,
);
