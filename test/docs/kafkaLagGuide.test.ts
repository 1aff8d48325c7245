/** The guide to Kafka lag: its configurations load. */
import { load } from '../config/written.ts';
import { printed } from '../support/guides.ts';

const ENV = {
  ORDERS_KEY: '0123456789abcdef0123456789abcdef',
  SMTP_URL: 'smtp://127.0.0.1:25',
  WECOM_URL: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k',
  TENCENT_APP_KEY: 'k',
  TENCENT_SECRET_ID: 'i',
  TENCENT_SECRET_KEY: 'k',
  KAFKA_CA: '-----BEGIN CERTIFICATE-----',
  KAFKA_PASSWORD: 'p',
};
const [whole = '', ...others] = printed('kafka-lag', 'yaml');
const apiOf = (yaml: string) => load(yaml, ENV).configuration.monitors.get('order-lag')?.api;

test('the configuration loads, and so do the other ways to ask, in the place of its monitors', () => {
  expect(apiOf(whole)).toBe('tencent');
  expect(others.map((monitors) => apiOf(whole.replace(/^monitors:[^]*/m, monitors)))).toEqual(['legacy', 'kafka']);
});
