import { changed, errorsOf, load } from './written.ts';

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}`);
/** A team of `count` people, and a policy and a service that name it. */
function withTeam(
  count: number,
  { more = '', members = ids(count), targets = "['team:ops']", lastResort = '[]' } = {},
) {
  const users = ids(count).map((id) => `  - { id: ${id}, contacts: [{ id: term, channel: console }] }\n`);
  return changed("['user:ana']", targets)
    .replace(
      'escalationPolicies:',
      `${users.join('')}teams: [{ id: ops, members: [${members.join(', ')}] }]\nescalationPolicies:`,
    )
    .replace('escalateAfter: 5m', `escalateAfter: 5m${more}`)
    .replace('    levels:', `    lastResort: ${lastResort}\n    levels:`)
    .replace('    escalationPolicy:', '    team: ops\n    escalationPolicy:');
}
const MASS = '\n        massNotification: true';
const line = (count: number, path: string) =>
  expect.stringMatching(new RegExp(`^\\d+:\\d+ ${path}: this could tell ${count} people`));

describe('a team', () => {
  test('has its members, each once, and is what a level and a service name', () => {
    const { configuration } = load(withTeam(2, { members: ['u1', 'u0', 'u1'] }));
    expect(configuration.teams.get('ops')).toEqual({ id: 'ops', name: 'ops', members: ['u1', 'u0'] });
    expect(configuration.services.get('shop')!.team).toBe('ops');
    expect(configuration.escalationPolicies.get('main')!.levels[0]!.targets).toEqual([{ kind: 'team', id: 'ops' }]);
  });

  test('with a member, or a name, that there is not is refused where it stands', () => {
    const text = withTeam(2, { members: ['u1', 'u7'], targets: "['team:opps']" }).replace('team: ops\n', 'team: dev\n');
    expect(errorsOf(text)).toEqual([
      expect.stringMatching(/^\d+:\d+ teams\[0\]\.members\[1\]: "u7": there is no such user/),
      expect.stringMatching(/targets\[0\]: "team:opps": there is no such team; did you mean "ops"/),
      expect.stringMatching(/^\d+:\d+ services\[0\]\.team: "dev": there is no such team/),
    ]);
  });

  test('needs a member', () => {
    expect(errorsOf(withTeam(1, { members: [] }))).toEqual([
      expect.stringMatching(/teams\[0\]\.members: expected a list of at least one user/),
    ]);
  });
});

describe('a level that could tell more than 10 people', () => {
  test('is refused without massNotification', () => {
    expect(errorsOf(withTeam(11))).toEqual([
      expect.stringMatching(
        /escalationPolicies\[0\]\.levels\[0\]\.targets: this could tell 11 people, and may tell 10 at most; with massNotification: true it may$/,
      ),
    ]);
    expect(errorsOf(withTeam(10, { targets: "['team:ops', 'user:ana']" }))).toEqual([
      line(11, 'escalationPolicies\\[0\\]\\.levels\\[0\\]\\.targets'),
    ]);
  });

  test('counts nobody twice', () => {
    expect(load(withTeam(10, { targets: "['team:ops', 'user:u3']" })).configuration.teams.size).toBe(1);
  });

  test('is taken with massNotification, up to 500', () => {
    const { configuration } = load(withTeam(500, { more: MASS }));
    expect(configuration.escalationPolicies.get('main')!.levels[0]!.massNotification).toBe(true);
    expect(errorsOf(withTeam(501, { more: MASS }))).toEqual([
      line(501, 'escalationPolicies\\[0\\]\\.levels\\[0\\]\\.targets'),
    ]);
  });

  test('and a last resort of more than 500 is refused', () => {
    const options = { targets: "['user:ana']", lastResort: "['team:ops']" };
    expect(load(withTeam(60, options)).configuration.escalationPolicies.get('main')!.lastResort).toHaveLength(1);
    expect(errorsOf(withTeam(501, options))).toEqual([line(501, 'escalationPolicies\\[0\\]\\.lastResort')]);
  });
});
