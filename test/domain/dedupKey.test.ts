import { chosenKey } from '../../domain/dedupKey.ts';
import { incidentKeyOf } from '../../domain/event.ts';
import { incidentIdOf, incidentWorkflowId, parseIncidentId } from '../../domain/identity.ts';
import { TRIGGER } from '../support/life.ts';

const HASH = '0123456789abcdef0123456789abcdef';
const RUN = '01234567-89ab-cdef-0123-456789abcdef';

describe('a dedup key that a client chooses', () => {
  test('is case-sensitive, and trimmed [L2.8] [F 7]', () => {
    expect([chosenKey('db', 'dedupKey'), chosenKey('DB', 'dedupKey'), chosenKey('  db\t', 'dedupKey')]).toEqual([
      'db',
      'DB',
      'db',
    ]);
  });

  test('has 255 characters at most, counted as people count them; a longer one is refused, by its name [L2.8] [F 8]', () => {
    expect(chosenKey('🔥'.repeat(255), 'dedupKey')).toBe('🔥'.repeat(255));
    expect(() => chosenKey('x'.repeat(256), 'dedup_key')).toThrow("'dedup_key' is longer than 255 characters");
    expect(() => chosenKey('🔥'.repeat(256), 'dedup_key')).toThrow('longer than 255');
  });

  test.each([undefined, '', ' \n ', '\0'])('that is %j is none: the event is unique [L2.4] [F 5]', (text) => {
    expect(chosenKey(text, 'dedupKey')).toBeUndefined();
  });

  test('keeps no half of a character, and no NUL', () => {
    expect(chosenKey('a\ud800b\0', 'dedupKey')).toBe('a\ufffdb');
  });
});

describe('identity', () => {
  test('is of the integration and the key alone: route, severity and policy are no part of it [L2.1, L2.2]', () => {
    expect(incidentWorkflowId('payments-guance', HASH)).toBe(`incident/payments-guance/${HASH}`);
    const [warning, critical] = [
      { ...TRIGGER, severity: 'warning' as const },
      { ...TRIGGER, source: 'elsewhere' },
    ];
    expect(incidentKeyOf(warning)).toBe(incidentKeyOf(critical));
  });

  test('an id names the workflow and the run in which the incident began [L2.2]', () => {
    const workflowId = incidentWorkflowId('payments-guance', HASH);
    expect(parseIncidentId(incidentIdOf(workflowId, RUN))).toEqual({ workflowId, runId: RUN });
  });
});
