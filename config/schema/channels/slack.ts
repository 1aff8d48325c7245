/** `channels.slack`. */
import { fields } from '../parts.ts';
import { called, credential } from './parts.ts';

export const slack = fields('{ botToken: "${SLACK_BOT_TOKEN}", signingSecret: "${SLACK_SIGNING_SECRET}" }', {
  botToken: credential('a bot token such as "${SLACK_BOT_TOKEN}"'),
  signingSecret: credential('a signing secret such as "${SLACK_SIGNING_SECRET}"').optional(),
  appToken: credential('an app-level token such as "${SLACK_APP_TOKEN}"').optional(),
  apiUrl: called('an address such as https://slack.com/api/').default('https://slack.com/api/'),
}).optional();
