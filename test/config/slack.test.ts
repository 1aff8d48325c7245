/** Who is told in Slack: people and channels by contact methods, channels by subscribers. */
import { changed, errorsOf, load } from './written.ts';

const SLACK = 'channels: { slack: { botToken: xoxb-1, signingSecret: s } }';
/** The smallest configuration with Slack in it, Ana's contact method, and one subscriber. */
const written = (to: string, subscriber = 'slack:#incidents', slack = SLACK): string =>
  changed('{ id: term, channel: console }', `{ id: im, channel: slack${to} }`)
    .replace('services:', `${slack}\nservices:`)
    .replace('    integrations:', `    subscribers: ["${subscriber}"]\n    integrations:`);

test('slack needs a bot token; its address is Slack’s where none is given', () => {
  const { channels, users, services } = load(written(', to: U02ANA')).configuration;
  expect(channels.slack).toEqual({ botToken: 'xoxb-1', signingSecret: 's', apiUrl: 'https://slack.com/api/' });
  expect(users.get('ana')?.contacts).toEqual([{ id: 'im', channel: 'slack', to: 'U02ANA' }]);
  expect(services.get('shop')?.subscribers).toEqual([{ channel: 'slack', endpoint: '#incidents' }]);
  expect(errorsOf(written(', to: U02ANA', 'slack:#incidents', 'channels: { slack: { signingSecret: s } }'))).toEqual([
    '9:20 channels.slack.botToken: is missing; expected a bot token such as "${SLACK_BOT_TOKEN}"',
  ]);
});

test.each(['W05DAN', 'C0INCIDENTS', 'G012ABC', 'D012ABC', '"#incidents"', '"#障害"'])('%s may be written to', (to) => {
  const { users } = load(written(`, to: ${to}`)).configuration;
  expect(users.get('ana')?.contacts[0]?.to).toBe(to.replaceAll('"', ''));
});

test.each([
  '',
  ', to: ana',
  ', to: "@ana"',
  ', to: incidents',
  ', to: "#"',
  ', to: "#two words"',
  ', to: u02ana',
  ', to: "#a/b"',
])('a contact method{%s} is refused', (to) => {
  const [error = '', ...others] = errorsOf(written(to));
  expect(others).toEqual([]);
  expect(error).toContain('users[0].contacts[0].to: ');
  expect(error).toContain('the id of a Slack user or channel, such as U02ABCDEF');
});

test.each(['slack:incidents', 'slack:U02ANA', 'slack:@here'])(
  'a subscriber %s is refused: it is no channel',
  (subscriber) => {
    expect(errorsOf(written(', to: U02ANA', subscriber))).toEqual([
      `13:19 services[0].subscribers[0]: expected a channel of Slack: its name or id, such as slack:#incidents or slack:C02ABCDEF, found "${subscriber}"`,
    ]);
  },
);

test('who is told in Slack while it is not configured is refused, where it stands', () => {
  const sentence = 'channel slack is not configured; add channels: { slack: { botToken: …, signingSecret: … } }';
  expect(errorsOf(written(', to: U02ANA', 'slack:#incidents', 'teams: []'))).toEqual([
    `3:35 users[0].contacts[0].channel: ${sentence}`,
    `13:19 services[0].subscribers[0]: ${sentence}`,
  ]);
});

test('a Slack user is one user, who may have it twice', () => {
  const bob = '  - { id: bob, name: Bob, contacts: [{ id: im, channel: slack, to: U02ANA }] }\nescalationPolicies:';
  expect(errorsOf(written(', to: U02ANA').replace('escalationPolicies:', bob))).toEqual([
    '4:68 users[1].contacts[0].to: "U02ANA" is another user’s Slack user; who presses a button there must be one user',
  ]);
  const twice = load(written(', to: U02ANA }, { id: im2, channel: slack, to: U02ANA')).configuration;
  expect(twice.users.get('ana')?.contacts).toHaveLength(2);
});
