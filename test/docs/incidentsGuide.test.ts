/** The guide to what people do with an incident: it shows every command, and its configuration has what it explains. */
import { PEOPLES_COMMANDS } from '../../domain/commands.ts';
import { minutes } from '../../domain/duration.ts';
import { load } from '../config/written.ts';
import { block, printed } from '../support/guides.ts';

const page = printed('incidents', 'sh').join('\n');

test.each(PEOPLES_COMMANDS)('it shows how to %s', (command) => {
  expect(page).toMatch(new RegExp(String.raw`^tocsin /\$\w+/${command} `, 'm'));
});

test('the configuration that it prints has what it explains', () => {
  const { services, escalationPolicies } = load(block('incidents', 'yaml', 'services')).configuration;
  expect(services.get('payments')).toMatchObject({
    ackTimeout: { after: minutes(30), resume: 'same-level' },
    autoResolve: { after: minutes(12 * 60), from: 'lastEvent', includeAcknowledged: false },
    holdFor: minutes(3),
    threshold: { moreThan: 3 },
    reopenWindow: minutes(15),
    flapping: { transitions: 5 },
  });
  expect(services.get('reports')).toMatchObject({
    urgency: { supportHours: { inside: 'high', outside: 'low', raise: 'start' } },
    grouping: { by: ['event.details.cluster'], window: minutes(5) },
  });
  expect(escalationPolicies.get('payments')?.levels).toMatchObject([
    { ifEmpty: 'wait' },
    { assign: 'round-robin' },
    { multiAck: true, onEscalate: 'accumulate' },
  ]);
});
