/** Set: `host` and the key. */
import opsgenie from 'opsgenie-sdk';
import { HTTP, step, wanted } from './steps.mjs';

opsgenie.configure({ host: `${HTTP}/opsgenie`, api_key: 'compat-opsgenie-key-0000000000000' });
const ask = (of, name, ...given) =>
  new Promise((resolve, reject) =>
    of[name](...given, (error, answer) => (error ? reject(new Error(JSON.stringify(error))) : resolve(answer))),
  );
const alert = (name, ...given) => ask(opsgenie.alertV2, name, ...given);
const disk = { identifier: 'opsgenie-node-disk', identifierType: 'alias' };

async function outcome({ requestId }) {
  for (let turn = 0; turn < 50; turn++) {
    try {
      return (await alert('getRequestStatus', requestId, {})).data;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error('never processed');
}

const made = await step('create', () =>
  alert(
    'create',
    {
      message: 'node: disk is full',
      alias: disk.identifier,
      priority: 'P1',
      tags: ['critical'],
      details: { host: 'db1' },
    },
    {},
  ),
);
wanted((await outcome(made)).isSuccess, 'create');
wanted((await step('get', () => alert('get', disk, {}))).data.message === 'node: disk is full', 'get');
wanted(
  (await outcome(await step('acknowledge', () => alert('acknowledge', disk, { note: 'on it' }, {})))).isSuccess,
  'acknowledge',
);
await step('unacknowledge', () => alert('unacknowledge', disk, {}, {}));
wanted((await outcome(await step('note', () => alert('addNote', disk, { note: 'looking' }, {})))).isSuccess, 'note');
await step('tags', () => alert('addTags', disk, { tags: ['disk'] }, {}));
await step('details', () => alert('addDetails', disk, { details: { rack: '7' } }, {}));
await step('snooze', () => alert('snooze', disk, { endTime: new Date(Date.now() + 3_600_000).toISOString() }, {}));
await step('assign', () => alert('assign', disk, { owner: { username: 'bob@example.com' } }, {}));
// With a colon in the query it sends no key at all, to whatever host.
await step('list', () => alert('list', { query: 'status=open', limit: 10 }, {}));
await step('notes', () => alert('listAlertNotes', disk, {}, {}));
await step('logs', () => alert('listAlertLogs', disk, {}, {}));
wanted((await outcome(await step('close', () => alert('close', disk, { note: 'done' }, {})))).isSuccess, 'close');
