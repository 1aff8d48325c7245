import type {
  Configuration,
  EscalationPolicy,
  Level,
  Schedule,
  Target,
  Team,
  User,
} from '../../domain/configuration.ts';
import { minutes, seconds } from '../../domain/duration.ts';
import { answer } from '../../domain/lookup.ts';
import type { Answer, Question } from '../../domain/question.ts';

const AT = Date.parse('2026-02-02T10:00Z');
const user = (id: string, more: Partial<User> = {}): User => ({
  id,
  name: id.toUpperCase(),
  timezone: 'UTC',
  language: 'en',
  role: 'responder',
  statusUpdates: false,
  away: [],
  contacts: [{ id: 'mail', channel: 'email', to: `${id}@example.com` }],
  notificationRules: { high: [{ after: seconds(0), contact: 'mail' }], low: [{ after: minutes(5), contact: 'mail' }] },
  ...more,
});
const weekly = (id: string, start: string, ...users: string[]): Schedule => ({
  id,
  name: id,
  timezone: 'UTC',
  layers: [{ start, rotate: { every: 1, unit: 'week' }, users, restrictions: [] }],
});
const byId = <T extends { id: string }>(...things: T[]): ReadonlyMap<string, T> =>
  new Map(things.map((thing) => [thing.id, thing]));
const configuration: Configuration = {
  version: 'abc123',
  organization: { name: 'Example', timezone: 'UTC', language: 'en' },
  users: byId(
    user('ana'),
    user('bob'),
    user('cho'),
    user('mute', { contacts: [] }),
    user('dee', { away: [{ from: '2026-02-01', to: '2026-02-05' }] }),
    ...Array.from({ length: 12 }, (_, index) => user(`u${index}`)),
  ),
  teams: byId<Team>(
    { id: 'ops', name: 'ops', members: ['cho', 'ana', 'gone', 'mute'] },
    { id: 'all', name: 'all', members: Array.from({ length: 12 }, (_, index) => `u${index}`) },
  ),
  routing: [],
  schedules: byId(
    weekly('primary', '2026-01-05T09:00', 'ana', 'bob'),
    weekly('later', '2026-03-01T00:00', 'ana'),
    weekly('sooner', '2026-02-10T00:00', 'bob'),
    weekly('muted', '2026-01-01T00:00', 'mute'),
  ),
  escalationPolicies: new Map(),
  services: new Map(),
  integrations: new Map(),
  channels: {},
  templates: {},
  tokens: [],
  monitors: new Map(),
};

const target = (written: string): Target => {
  const [kind, id] = written.split(':');
  return { kind: kind as Target['kind'], id: id! };
};
const level = (targets: string[], ifEmpty: Level['ifEmpty'] = 'skip'): Level => ({
  targets: targets.map(target),
  escalateAfter: minutes(5),
  ifEmpty,
  onEscalate: 'replace',
  multiAck: false,
  massNotification: false,
  assign: 'all',
});
const policy = (levels: Level[], lastResort: string[] = []): EscalationPolicy => ({
  id: 'p',
  name: 'p',
  repeat: 0,
  levels,
  lastResort: lastResort.map(target),
});
const AWAY = 'user dee is away until 2026-02-05T00:00:00Z';
const ask = (asked: EscalationPolicy, question: Question): Answer => answer(configuration, asked, question, AT);
const level1 = (asked: EscalationPolicy, also: string[] = []): Answer => ask(asked, { kind: 'level', level: 1, also });
const told = (people: Answer['others']): string[] => people.map((person) => `${person.id} by ${person.via}`);

describe('a level', () => {
  test('tells whoever is on call at the instant, and names the configuration that said so', () => {
    const found = level1(policy([level(['schedule:primary', 'user:cho'])]));
    expect(found).toMatchObject({ at: AT, configuration: 'abc123', others: [], remarks: [], nextHandOff: null });
    expect(found.levels).toHaveLength(1);
    expect(found.levels[0]).toMatchObject({ level: 1, remarks: [] });
    expect(told(found.levels[0]!.people)).toEqual(['ana by schedule:primary', 'cho by user:cho']);
  });

  test('tells a user once, by the target that named them first, also when a schedule and a target both do [L4.1]', () => {
    const found = level1(policy([level(['user:cho', 'schedule:primary', 'user:ana', 'user:cho'])]));
    expect(told(found.levels[0]!.people)).toEqual(['cho by user:cho', 'ana by schedule:primary']);
  });

  test('tells a team: all its members who can be told, each once, in order', () => {
    const found = level1(policy([level(['user:ana', 'team:ops', 'team:none'])])).levels[0]!;
    expect(told(found.people)).toEqual(['ana by user:ana', 'cho by team:ops']);
    expect(found.remarks).toEqual([
      'team none: no longer in the configuration',
      'user gone is no longer in the configuration',
      'user mute has no contact method',
    ]);
  });

  test('of a team that has grown beyond what it may tell tells the first 10, and those who acknowledged before', () => {
    const found = level1(policy([level(['team:all'])]), ['u11', 'u2']).levels[0]!;
    expect(found.people.map(({ id }) => id)).toEqual([
      'u0',
      'u1',
      'u2',
      'u3',
      'u4',
      'u5',
      'u6',
      'u7',
      'u8',
      'u9',
      'u11',
    ]);
    expect(found.remarks).toEqual(['12 people are named; the first 10 are told']);
    const mass = level1(policy([{ ...level(['team:all']), massNotification: true }])).levels[0]!;
    expect(mass.people).toHaveLength(12);
    expect(ask(policy([level(['user:ana'])], ['team:all']), { kind: 'lastResort', also: [] }).others).toHaveLength(12);
  });

  test('of nobody is skipped to the first with somebody, and what was skipped is listed [L4.3]', () => {
    const found = level1(
      policy([level(['schedule:later']), level(['user:mute']), level(['user:bob']), level(['user:cho'])]),
    );
    expect(found.levels.map((one) => [one.level, told(one.people), one.remarks])).toEqual([
      [1, [], ['schedule later: nobody is on call']],
      [2, [], ['user mute has no contact method']],
      [3, ['bob by user:bob'], []],
    ]);
    expect(found.others).toEqual([]);
  });

  test('of nobody that is waited out is listed before the first with somebody', () => {
    const found = level1(policy([level(['schedule:later'], 'wait'), level(['user:bob'])], ['user:cho']));
    expect(found.levels.map((one) => [one.level, told(one.people)])).toEqual([
      [1, []],
      [2, ['bob by user:bob']],
    ]);
    expect(found.others).toEqual([]);
    expect(found.nextHandOff).toBeNull();
  });

  test('is looked for from the one asked for on, never before', () => {
    const found = ask(policy([level(['user:ana']), level(['user:bob'])]), { kind: 'level', level: 2, also: [] });
    expect(found.levels.map((one) => one.level)).toEqual([2]);
  });

  test('also tells those who acknowledged before, each once, with the level that is entered [L4.3, L6]', () => {
    const found = level1(policy([level(['schedule:primary'])]), ['ana', 'cho', 'cho']);
    expect(told(found.levels[0]!.people)).toEqual(['ana by schedule:primary', 'cho by acknowledged before']);
    const second = level1(policy([level(['schedule:later']), level(['user:bob'])]), ['cho', 'mute']);
    expect(second.levels.map((one) => told(one.people))).toEqual([
      [],
      ['bob by user:bob', 'cho by acknowledged before'],
    ]);
    expect(second.levels.map((one) => one.remarks)).toEqual([
      ['schedule later: nobody is on call'],
      ['user mute has no contact method'],
    ]);
  });

  test('that is waited out tells those who acknowledged before, for it may be entered; one that is skipped nobody', () => {
    const nobody = (ifEmpty: 'skip' | 'wait') => policy([level(['schedule:later'], ifEmpty), level(['user:bob'])]);
    expect(told(level1(nobody('wait'), ['cho']).levels[0]!.people)).toEqual(['cho by acknowledged before']);
    expect(told(level1(nobody('skip'), ['cho']).levels[0]!.people)).toEqual([]);
  });

  test('that only somebody who acknowledged before would make up is still one nobody is on call for', () => {
    const found = level1(policy([level(['schedule:later'], 'wait'), level(['user:mute'])], ['user:bob']), ['cho']);
    expect(found.levels.map((one) => told(one.people))).toEqual([[], []]);
    expect(told(found.others)).toEqual(['bob by user:bob', 'cho by acknowledged before']);
  });

  test('counts what the configuration no longer has as nobody, and says so', () => {
    const found = level1(policy([level(['user:gone', 'schedule:gone', 'user:bob'])]));
    expect(told(found.levels[0]!.people)).toEqual(['bob by user:bob']);
    expect(found.levels[0]!.remarks).toEqual([
      'schedule gone: no longer in the configuration',
      'user gone is no longer in the configuration',
    ]);
  });

  test('counts a user on call with no contact method as nobody, and says so [L5.4]', () => {
    const found = level1(policy([level(['schedule:muted']), level(['user:bob'])]));
    expect(found.levels[0]).toEqual({ level: 1, people: [], remarks: ['user mute has no contact method'] });
  });
});

describe('where no level is entered', () => {
  test('the last resort is told', () => {
    const found = level1(policy([level(['schedule:later']), level(['schedule:sooner'])], ['user:cho', 'user:cho']));
    expect(found.levels.map((one) => one.level)).toEqual([1, 2]);
    expect(told(found.others)).toEqual(['cho by user:cho']);
    expect(found.nextHandOff).toBeNull();
  });

  test('and the last resort has nobody, the earliest hand-off of any schedule of the policy is named', () => {
    const found = level1(policy([level(['schedule:later']), level(['schedule:sooner'])], ['user:mute']), ['cho']);
    expect(told(found.others)).toEqual(['cho by acknowledged before']);
    expect(found.nextHandOff).toBe(Date.parse('2026-02-10T00:00Z'));
  });

  test('it is so also where an empty level would be waited out: there is nobody to wait for', () => {
    const found = level1(policy([level(['schedule:later'], 'wait'), level(['schedule:sooner'])]));
    expect(found.levels.map((one) => [one.level, told(one.people)])).toEqual([
      [1, []],
      [2, []],
    ]);
    expect(found.nextHandOff).toBe(Date.parse('2026-02-10T00:00Z'));
  });

  test('a hand-off of the last resort itself counts', () => {
    const found = level1(policy([level(['schedule:later'])], ['schedule:sooner']));
    expect(found).toMatchObject({ others: [], remarks: ['schedule sooner: nobody is on call'] });
    expect(found.nextHandOff).toBe(Date.parse('2026-02-10T00:00Z'));
  });

  test('there is no hand-off to wait for where no schedule is named', () => {
    expect(level1(policy([level(['user:gone'])])).nextHandOff).toBeNull();
  });
});

describe('other questions', () => {
  test('the last resort is told, with those who acknowledged before', () => {
    const found = ask(policy([level(['user:ana'])], ['user:cho', 'user:mute']), {
      kind: 'lastResort',
      also: ['bob', 'cho'],
    });
    expect(told(found.others)).toEqual(['cho by user:cho', 'bob by acknowledged before']);
    expect(found).toMatchObject({ levels: [], remarks: ['user mute has no contact method'], nextHandOff: null });
  });

  test('users are told as they are, each once', () => {
    const found = ask(policy([level(['user:ana'])]), { kind: 'users', users: ['bob', 'gone', 'bob'] });
    expect(told(found.others)).toEqual(['bob by user:bob']);
    expect(found).toMatchObject({ levels: [], remarks: ['user gone is no longer in the configuration'] });
  });
});

describe('a person', () => {
  test('comes with contact methods and rules, and without an address', () => {
    const [person] = ask(policy([]), { kind: 'users', users: ['ana'] }).others;
    expect(person).toEqual({
      id: 'ana',
      name: 'ANA',
      via: 'user:ana',
      statusUpdates: false,
      contacts: [{ id: 'mail', channel: 'email' }],
      rules: { high: [{ after: 0, contact: 'mail' }], low: [{ after: 300_000, contact: 'mail' }] },
    });
  });

  test('with no rule for an urgency is told at once by their first contact method [L5.4]', () => {
    const contacts = [
      { id: 'term', channel: 'console' as const },
      { id: 'mail', channel: 'email' as const, to: 'a@example.com' },
    ];
    const notificationRules = { high: [], low: [{ after: minutes(1), contact: 'mail' }] };
    const dee = { ...configuration, users: byId(user('dee', { contacts, notificationRules })) };
    const [person] = answer(dee, policy([]), { kind: 'users', users: ['dee'] }, AT).others;
    expect(person!.rules).toEqual({ high: [{ after: 0, contact: 'term' }], low: [{ after: 60_000, contact: 'mail' }] });
  });
});

describe('somebody who is away', () => {
  test('is passed over where they are named, with a remark, and the next level is entered', () => {
    const { levels } = level1(policy([level(['user:dee']), level(['user:bob'])]));
    expect(levels.map(({ people, remarks }) => [told([...people]), remarks])).toEqual([
      [[], [AWAY]],
      [['bob by user:bob'], []],
    ]);
  });

  test('is told in the last resort where nobody else is, and not where somebody is', () => {
    const alone = level1(policy([level(['user:mute'])], ['user:dee']));
    expect(told(alone.others)).toEqual(['dee by user:dee']);
    expect(alone.remarks).toEqual([`${AWAY}, and told all the same`]);
    const both = level1(policy([level(['user:mute'])], ['user:dee', 'user:bob']));
    expect(told(both.others)).toEqual(['bob by user:bob']);
    expect(both.remarks).toEqual([AWAY]);
  });

  test('is told where a person named them', () => {
    const found = ask(policy([]), { kind: 'users', users: ['dee'] });
    expect(told(found.others)).toEqual(['dee by user:dee']);
    expect(found.remarks).toEqual([`${AWAY}, and told all the same`]);
  });

  test('is waited for: the policy is looked at again when they return', () => {
    expect(level1(policy([level(['user:dee', 'schedule:later'])])).nextHandOff).toBe(Date.parse('2026-02-05T00:00Z'));
  });
});
