/** The schedule of the dead man's switch, as several workers arrange it at once. */
import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import { arrangeDeadman, DEADMAN_SCHEDULE } from '../../worker/deadman.ts';
import { startTemporalServer, type TestServer } from '../support/temporalServer.ts';

describe("the schedule of the dead man's switch", () => {
  let server: TestServer;
  let connection: Connection;
  let client: Client;
  beforeAll(async () => {
    server = await startTemporalServer();
    connection = await Connection.connect({ address: server.address });
    client = new Client({ connection });
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  const schedule = () => client.schedule.getHandle(DEADMAN_SCHEDULE);
  const arrange = async (wanted: boolean): Promise<void> =>
    void (await Promise.all([1, 2, 3].map(() => arrangeDeadman(client, wanted))));

  test('is made once by many, renewed without being woken, and removed by many', async () => {
    await arrange(true);
    await schedule().pause('while we move');
    await schedule().update((before) => ({ ...before, spec: { intervals: [{ every: '7m' }] } }));
    await arrange(true);
    const { spec, state } = await schedule().describe();
    expect(spec.intervals?.map(({ every }) => every)).toEqual([60_000]);
    expect(state).toMatchObject({ paused: true, note: 'while we move' });
    await arrange(false);
    await expect(schedule().describe()).rejects.toThrow(ScheduleNotFoundError);
    await arrange(false);
  });
});
