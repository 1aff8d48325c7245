/** What people correct of what an incident is called and says: it lies over what the source sends, then and later. */
import type { Amendment } from '../../domain/amending.ts';
import { currentDetails } from '../../domain/details.ts';
import { incidentView } from '../../domain/view.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import type { Provider } from '../support/life.ts';
import { instant, Life, TRIGGER } from '../support/life.ts';

const world = () =>
  configuration({
    users: [person('ana', '0s phone, 3m mail'), person('bob')],
    policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]),
    service: service({ subscribers: [{ channel: 'webhook', endpoint: 'ops' }] }),
  });
const FULL = { ...TRIGGER, details: { host: 'db1', rack: 7, tags: ['disk', 'eu'] } };
const amend = (life: Life, amendment: Amendment, note?: string) =>
  life.command('bob', { type: 'amend', ...amendment, ...(note === undefined ? {} : { note }) } as const);
const shown = ({ state }: Life) => incidentView(state).details;

describe('the summary', () => {
  test('is another in all that is shown, and in every page but one that was owed before [L5.2]', () => {
    const busy =
      (until: string): Provider =>
      ({ contact }, at) =>
        contact === 'phone' && at < instant(until) ? 'retryable' : 'sent';
    const life = new Life(world()).providing(busy('1:01')).at('1:00');
    expect(amend(life, { summary: 'db2 is full' }, 'wrong host').refused).toBeNull();
    expect(life.log).toContain('1:00 Bob changed the summary to db2 is full: wrong host');
    expect(incidentView(life.state).summary).toBe('db2 is full');
    expect(currentDetails(life.state)).toMatch(/^## db2 is full\n/);
    life.at('6:00');
    const said = life.attempts
      .filter(({ at }) => instant(at) > instant('1:00'))
      .map(({ user, contact, request }) => `${user} ${contact}: ${request.incident.summary}`);
    expect(new Set(said)).toEqual(
      new Set([`ana phone: ${TRIGGER.summary}`, 'ana mail: db2 is full', 'bob mail: db2 is full']),
    );
  });

  test('stays, whatever the source says later, and is carried over [L2.5, L9]', () => {
    const life = new Life(world()).at('1:00');
    amend(life, { summary: 'db2 is full' });
    life.arrive({ summary: 'db1 is full still' }).continueAsNew();
    expect(incidentView(life.arrive({ summary: 'db1 again' }).state).summary).toBe('db2 is full');
  });
});

describe('the details', () => {
  test('are merged member by member, and null takes one away', () => {
    const life = new Life(world(), FULL).at('1:00');
    amend(life, { details: { host: 'db2', rack: null, region: 'eu' } });
    expect(shown(life)).toEqual({ host: 'db2', region: 'eu', tags: ['disk', 'eu'] });
    amend(life, { details: { rack: 8 } });
    expect(shown(life)).toEqual({ host: 'db2', rack: 8, region: 'eu', tags: ['disk', 'eu'] });
    expect(life.log).toContain('1:00 Bob set host, region; took rack away');
  });

  test('what was set stays over what a later trigger brings; the rest is the source’s latest [L2.5, L9]', () => {
    const life = new Life(world(), FULL).at('1:00');
    amend(life, { details: { host: 'db2', rack: null } });
    life.arrive({ details: { host: 'db1', rack: 9, free: '1%', unset: null } }).continueAsNew();
    expect(shown(life)).toEqual({ host: 'db2', free: '1%', unset: null });
  });

  test('are those of later pages', () => {
    const life = new Life(world(), FULL).at('1:00');
    amend(life, { details: { host: 'db2' } });
    expect(life.through('3:00').attempts.at(-1)?.request.incident.details).toEqual({ ...FULL.details, host: 'db2' });
  });

  test('are told whole to subscribers, however long they are', () => {
    const life = new Life(world(), FULL).at('1:00');
    amend(life, { details: { log: 'x'.repeat(3_000) } });
    life.command('bob', { type: 'notes', text: 'a word' } as const);
    life.through('1:00');
    const [amended, noted] = life.notices.slice(-2).map(({ request }) => request);
    expect([amended?.type, Object.keys(amended?.incident.details ?? {})]).toEqual([
      'incident.amended',
      ['host', 'rack', 'tags', 'log'],
    ]);
    expect([noted?.type, noted?.incident.details]).toEqual(['incident.noted', {}]);
  });
});

describe('tags', () => {
  test('are added and removed, each once, and a later trigger undoes neither', () => {
    const life = new Life(world(), FULL).at('1:00');
    amend(life, { tags: { add: ['db', 'eu', 'db'], remove: ['disk'] } });
    expect(shown(life)['tags']).toEqual(['eu', 'db']);
    expect(life.log).toContain('1:00 Bob added the tags db, eu, db; took the tag disk away');
    life.arrive({ details: { tags: ['disk', 'us'] } });
    expect(shown(life)['tags']).toEqual(['us', 'db', 'eu']);
    amend(life, { tags: { add: ['disk'], remove: ['db', 'eu', 'us'] } });
    expect(shown(life)).toEqual({ tags: ['disk'] });
    amend(life, { tags: { remove: ['disk'] } });
    expect(shown(life)).toEqual({});
  });

  test.each([
    [{ tags: 'disk, eu ,,' }, ['disk', 'eu', 'new']],
    [{ tags: ['disk', 7, null] }, ['disk', 'new']],
    [{ tags: { disk: true } }, ['new']],
    [{}, ['new']],
  ])('are added to what a source sends: %j', (details, tags) => {
    const life = new Life(world(), { ...TRIGGER, details }).at('1:00');
    amend(life, { tags: { add: ['new'] } });
    expect(shown(life)['tags']).toEqual(tags);
  });

  test('a list that is given as a member of the details is all that there are, then and later', () => {
    const life = new Life(world(), FULL).at('1:00');
    amend(life, { tags: { add: ['db'], remove: ['eu'] } });
    amend(life, { details: { tags: ['eu'] }, tags: { add: ['own'] } });
    expect(shown(life.arrive({ details: { tags: ['disk'] } }))).toEqual({ tags: ['eu', 'own'] });
    amend(life, { details: { tags: null } });
    expect(shown(life)).toEqual({});
  });
});

describe('the command', () => {
  test('of nothing changes nothing', () => {
    const life = new Life(world(), FULL).at('1:00');
    const { log } = life;
    expect(amend(life, { details: {}, tags: { add: [] } }).refused).toBeNull();
    expect(life.log).toEqual(log);
  });

  test('changes nothing of the escalation, not even of what is suspended [L3]', () => {
    const life = new Life(world()).at('1:00');
    const { escalation, ledger } = life.state;
    amend(life, { summary: 'db2' });
    expect(life.state).toMatchObject({ escalation, ledger });
    const held = new Life(
      configuration({
        users: [person('ana')],
        policy: policy([level('user:ana', '5m')]),
        service: service({ holdFor: duration('5m') }),
      }),
    ).at('1:00');
    held.command('ana', { type: 'amend', summary: 'db2' } as const);
    expect(held.state).toMatchObject({ status: 'suspended', summary: 'db2' });
  });

  test('comes too late for what is resolved', () => {
    const life = new Life(world()).at('1:00').resolve('ana');
    expect(amend(life, { summary: 'db2' }).refused?.code).toBe('ALREADY_RESOLVED');
  });

  test('is refused beyond 32 KiB in all, for what was set is carried on [F 44]', () => {
    const life = new Life(world()).at('1:00');
    expect(amend(life, { details: { one: 'x'.repeat(20_000) } }).refused).toBeNull();
    expect(amend(life, { details: { two: 'x'.repeat(20_000) } }).refused?.code).toBe('TOO_MANY_DETAILS');
    expect(life.log.at(-1)).toMatch(
      /^1:00 Bob could not amend: what was set of the incident's details and tags is more/,
    );
    expect(amend(life, { details: { one: 'y'.repeat(20_000) } }).refused).toBeNull();
    expect(amend(life, { tags: { add: ['x'.repeat(20_000)] } }).refused?.code).toBe('TOO_MANY_DETAILS');
  });

  test('is told in one line, however much it is', () => {
    const life = new Life(world()).at('1:00');
    amend(life, { tags: { add: Array.from({ length: 12 }, (_, index) => `${index}${'t'.repeat(200)}`) } });
    expect(life.log.at(-1)).toMatch(/added the tags 0t{98}…, .*, 9t{98}…, and 2 more$/);
  });
});
