/** Change events of a service beside an incident of it that opens soon after. */
import type { ChangeEvent } from '../../domain/changeEvent.ts';
import { changesBefore, SHOWN_FOR } from '../../domain/changeEvent.ts';
import { currentDetails } from '../../domain/details.ts';
import { milliseconds } from '../../domain/duration.ts';
import { openIncident } from '../../domain/open.ts';
import { openingFor } from '../../domain/opening.ts';
import { upgradedOpening } from '../../domain/upgrading.ts';
import { incidentView, timelineView } from '../../domain/view.ts';
import { configuration, duration, level, ownRoute, person, policy, service } from '../support/configurations.ts';
import { BEGIN, Life, TRIGGER } from '../support/life.ts';

const before = (minutes: number) => BEGIN - minutes * 60_000;
const change = (id: string, minutes: number, more: Partial<ChangeEvent> = {}): ChangeEvent => ({
  id,
  service: 'payments',
  integration: 'payments-events',
  at: before(minutes),
  receivedAt: before(minutes),
  summary: `deploy ${id}`,
  source: 'ci',
  details: { by: 'ana' },
  links: [],
  ...more,
});
const world = (more: Parameters<typeof service>[0] = {}) =>
  configuration({
    users: [person('ana', '0s mail')],
    policy: policy([level('user:ana', '5m')]),
    service: service({ subscribers: [{ channel: 'webhook', endpoint: 'ops' }], ...more }),
  });
const shown = (known: readonly ChangeEvent[]) => changesBefore(known, 'payments', BEGIN).map(({ id }) => id);

describe('an incident shows', () => {
  test('those of its service in the 30 minutes before, the newest first', () => {
    const known = [
      change('at its edge', 30),
      change('just inside', 29.99),
      change('newest', 1),
      change('of another', 1, { service: 'search' }),
      change('of none', 1, { service: null }),
      change('by a clock that is ahead', -1),
    ];
    expect(shown(known)).toEqual(['by a clock that is ahead', 'newest', 'just inside']);
    expect(SHOWN_FOR).toBe(30 * 60_000);
  });

  test('five at most', () => {
    expect(shown([6, 2, 4, 1, 5, 3, 7].map((minutes) => change(`${minutes}`, minutes)))).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  test('of each what fits into every message: no details, and the first link that is not too long', () => {
    const long = { href: `https://ci.example.com/${'x'.repeat(500)}` };
    const links = [
      long,
      { href: 'https://ci.example.com/42', text: 'T'.repeat(300) },
      { href: 'https://ci.example.com/43' },
    ];
    const [one] = changesBefore(
      [change('1', 1, { summary: 's'.repeat(1_000), source: 'S'.repeat(255), links })],
      'payments',
      BEGIN,
    );
    expect(one).toEqual({
      id: '1',
      at: before(1),
      summary: `${'s'.repeat(199)}…`,
      source: `${'S'.repeat(99)}…`,
      links: [{ href: 'https://ci.example.com/42', text: `${'T'.repeat(99)}…` }],
    });
  });
});

describe('they stand', () => {
  const changes = changesBefore([change('42', 5), change('41', 10, { source: 'ana' })], 'payments', BEGIN);
  const begun = (more: Parameters<typeof service>[0] = {}) => new Life(world(more), TRIGGER, {}, null, { changes });
  const CHANGES_VIEW = [
    { id: '42', at: '2026-03-01T23:55:00.000Z', summary: 'deploy 42', source: 'ci', links: [] },
    { id: '41', at: '2026-03-01T23:50:00.000Z', summary: 'deploy 41', source: 'ana', links: [] },
  ];

  test('in the incident, in every page and notice, and in what a program is given', () => {
    const life = begun().through('0:00');
    expect(incidentView(life.state).changes).toEqual(CHANGES_VIEW);
    expect(life.attempts[0]?.request.incident.changes).toEqual(CHANGES_VIEW);
    expect(life.notices[0]?.request.incident.changes).toEqual(CHANGES_VIEW);
  });

  test('in one line of the timeline, after its trigger, and in the Temporal UI', () => {
    const life = begun().through('0:00');
    expect(life.log.slice(0, 2)).toEqual([
      '0:00 Triggered by test: disk of db1 is full',
      '0:00 2 changes of Payments shortly before: deploy 42, by ci at 23:55:00 UTC; deploy 41, by ana at 23:50:00 UTC',
    ]);
    expect(timelineView(life.state)[1]).toMatchObject({ type: 'changesSeen', actor: { kind: 'system' }, reason: null });
    expect(currentDetails(life.state)).toContain('**Changes shortly before**\n\n- deploy 42, by ci at 23:55:00 UTC\n');
  });

  test('also where it is suspended first, and are carried over [L9]', () => {
    const life = begun({ holdFor: duration('3m') })
      .at('4:00')
      .continueAsNew();
    expect(life.attempts[0]?.request.incident.changes).toEqual(CHANGES_VIEW);
    expect(incidentView(life.state).changes).toEqual(CHANGES_VIEW);
  });

  test('nowhere where there were none: no line, no section, and no member of a page', () => {
    const life = new Life(world()).through('0:00');
    expect(incidentView(life.state).changes).toEqual([]);
    expect(life.log.join()).not.toContain('shortly before');
    expect(currentDetails(life.state)).not.toContain('shortly before');
    expect(life.attempts[0]?.request.incident).not.toHaveProperty('changes');
  });

  test('in no incident that an earlier version opened [L11]', () => {
    const present = world();
    const opening = openingFor(present, ownRoute(present.integrations.get('payments-events')!), BEGIN, { changes });
    const { changes: _, ...earlier } = opening;
    const names = { id: 'payments-events.k.r', integration: 'payments-events', previous: null };
    const state = openIncident(names, upgradedOpening(earlier as typeof opening), TRIGGER, milliseconds(BEGIN));
    expect([state.changes, state.log.length]).toEqual([[], 1]);
  });
});
