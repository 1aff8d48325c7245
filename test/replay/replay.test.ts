import { readFileSync, readdirSync } from 'node:fs';
import { typeOf } from '../support/history.ts';
import { historyFrom, replay, withWorkflowId } from '../support/replay.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** Each life as it was lived once; open incidents that were begun by that code go on with this one. */
describe('histories that were recorded', () => {
  const read = (name: string) => historyFrom(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as object);
  const eventsOf = (life: string) =>
    FILES.filter((name) => name.startsWith(life)).flatMap((name) => read(name).events ?? []);
  const typesOf = (life: string): readonly string[] => eventsOf(life).map(typeOf);
  const activitiesOf = (life: string): readonly unknown[] =>
    eventsOf(life).map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name);

  test('hold what they are for', () => {
    expect(typesOf('simple-life').filter((type) => type === 'WORKFLOW_EXECUTION_UPDATE_COMPLETED')).toHaveLength(2);
    expect(typesOf('rich-life')).toEqual(
      expect.arrayContaining([
        'ACTIVITY_TASK_FAILED',
        'TIMER_FIRED',
        'WORKFLOW_EXECUTION_SIGNALED',
        'WORKFLOW_EXECUTION_UPDATE_COMPLETED',
        'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
        'WORKFLOW_EXECUTION_COMPLETED',
      ]),
    );
    expect(typesOf('next-incident')).toContain('WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    for (const [life, activity] of [
      ['simple-life', 'numberIncident'],
      ['told-life', 'tell'],
      ['long-life', 'keepRecord'],
      ['heartbeat-life', 'takeIn'],
    ] as const) {
      expect(activitiesOf(life)).toContain(activity);
    }
    expect(typesOf('told-life')).toContain('WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    const signals = eventsOf('receipt-life').map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(signals.filter((name) => name === 'provider')).toHaveLength(5);
    expect(typesOf('receipt-life')).toContain('WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    expect(typesOf('long-life')).toContain('WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    expect(typesOf('heartbeat-life')).toEqual(
      expect.arrayContaining(['TIMER_FIRED', 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'WORKFLOW_EXECUTION_COMPLETED']),
    );
    expect(typesOf('group-life').filter((type) => type === 'WORKFLOW_EXECUTION_SIGNALED').length).toBeGreaterThan(1);
  });

  // Three times: what differs from one replay to the next, as the order of a map's keys does, is found too.
  test.each(FILES)('%s replays', async (name) => {
    const one = withWorkflowId(read(name));
    expect(await replay([one, one, one])).toEqual([]);
  });
});
