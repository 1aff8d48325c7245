/** The channels out (interfaces §3). A new channel is one line here. */
import { fields } from '../parts.ts';
import { email } from './email.ts';
import { opsgenie, pagerduty, reactio } from './incidentPlatforms.ts';
import { dingtalk, feishu, ntfy, teams, wecom } from './robots.ts';
import { slack } from './slack.ts';
import { sms, voice } from './telephony.ts';
import { webhook } from './webhook.ts';

export const channels = fields('channels by name, such as email', {
  email,
  sms,
  voice,
  slack,
  wecom,
  dingtalk,
  feishu,
  teams,
  ntfy,
  webhook,
  pagerduty,
  opsgenie,
  reactio,
});
