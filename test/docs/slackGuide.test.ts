/** The guide of Slack does what it says: its manifest asks for what is used, and its configurations load. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { load } from '../config/written.ts';

const page = readFileSync(new URL('../../docs/guides/slack.md', import.meta.url), 'utf8');
const [manifest = '', configuration = '', socketMode = '', ...others] = [
  ...page.matchAll(/^```yaml\n(.*?)^```/gms),
].map(([, block = '']) => block);
const ENV = {
  PAYMENTS_KEY: '0123456789abcdef0123456789abcdef',
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99yyyzzz85a5',
  SLACK_APP_TOKEN: 'xapp-1',
};

test('the configuration loads, and by Socket Mode too', () => {
  expect(others).toEqual([]);
  const { services, users, channels } = load(configuration, ENV).configuration;
  expect(services.get('payments')?.subscribers).toEqual([{ channel: 'slack', endpoint: '#incidents' }]);
  expect(users.get('ana')?.contacts).toEqual([{ id: 'im', channel: 'slack', to: 'U02ABCDEF' }]);
  expect(channels.slack).toMatchObject({ botToken: 'xoxb-1', signingSecret: ENV.SLACK_SIGNING_SECRET });
  const before = configuration.slice(0, configuration.indexOf('channels:'));
  expect(load(before + socketMode, ENV).configuration.channels.slack).toMatchObject({ appToken: 'xapp-1' });
});

test('the manifest has both addresses, and the scopes of its events', () => {
  const { settings, oauth_config: oauth } = parse(manifest) as {
    settings: {
      event_subscriptions: { request_url: string; bot_events: string[] };
      interactivity: { is_enabled: boolean; request_url: string };
    };
    oauth_config: { scopes: { bot: string[] } };
  };
  const address = 'https://tocsin.example.com/callbacks/slack';
  expect(settings.interactivity).toEqual({ is_enabled: true, request_url: address });
  expect(settings.event_subscriptions.request_url).toBe(address);
  // https://docs.slack.dev/reference/events/message: the history scope of each kind of conversation.
  const kinds = settings.event_subscriptions.bot_events.map((event) => event.replace('message.', ''));
  expect(kinds).toEqual(['channels', 'groups', 'im']);
  expect(oauth.scopes.bot).toEqual(['chat:write', ...kinds.map((kind) => `${kind}:history`)]);
});
