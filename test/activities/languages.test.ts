/** People are told in their own language, and a group in the organization's; and everywhere that a drill is one. */
import { createActivities } from '../../activities/index.ts';
import type { NotifyRequest } from '../../activities/contract.ts';
import type { Configuration } from '../../domain/configuration.ts';
import { LANGUAGES } from '../../domain/language.ts';
import type { Language } from '../../domain/language.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { wordingOf } from '../../wording/index.ts';
import type { SmtpServer } from '../support/smtpServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import type { WecomRobot } from '../support/wecomRobot.ts';
import { startWecomRobot } from '../support/wecomRobot.ts';
import { NO_STORE } from '../support/noStore.ts';
import { configured, incidentView, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let server: SmtpServer;
let robot: WecomRobot;
const lines: string[] = [];
beforeAll(async () => {
  [server, robot] = await Promise.all([startSmtpServer(), startWecomRobot()]);
});
afterAll(() => Promise.all([server.stop(), robot.stop()]));

/** Ana reads the one, the organization writes the other. */
function speaking(ana: Language, organization: Language = 'en'): Configuration {
  const {
    users,
    organization: ours,
    ...rest
  } = configured({
    email: { smtp: server.url, from: 'Tocsin <alerts@example.com>' },
    wecom: { ops: { url: robot.url } },
  });
  const told = [...users.values()].map((user) => [user.id, { ...user, language: ana }] as const);
  return { ...rest, users: new Map(told), organization: { ...ours, language: organization } };
}

const channelsOf = (configuration: Configuration) =>
  createActivities({
    configuration: () => configuration,
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    print: (line) => lines.push(line),
  }).channels;

const PAGE: NotifyRequest = requestWith(
  { details: Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`k${index}`, 'v'])) },
  {
    why: { level: 2, pass: 1, cause: 'levelTimeout', late: false },
    present: {
      state: 'acknowledged',
      by: [{ name: 'Bob', at: Date.parse('2026-12-01T10:03:00Z') }],
      snoozedUntil: null,
      flapping: null,
    },
  },
);

test.each([
  [
    'de',
    'Schweregrad: kritisch',
    'Warum Sie: Stufe 2: niemand hat rechtzeitig bestätigt',
    'Seit: 01.12.2026, 18:02:11',
    'Jetzt: bestätigt von Bob um 18:03:00 (10:03:00 UTC)',
    '… (der Rest ist gekürzt)',
    'Bestätigen…',
  ],
  [
    'zh-CN',
    '严重程度：严重',
    '通知您的原因：第 2 级：无人及时认领',
    '开始时间：2026/12/01 18:02:11',
    '当前：已认领：Bob 18:03:00 (10:03:00 UTC)',
    '…（其余内容已截断）',
    '认领…',
  ],
  [
    'ja',
    '重大度：重大',
    '通知の理由：レベル 2：時間内に誰も確認しませんでした',
    '開始：2026/12/01 18:02:11',
    '現在：確認済み：Bob 18:03:00 (10:03:00 UTC)',
    '…（以下省略）',
    '確認…',
  ],
  [
    'ko',
    '심각도: 치명적',
    '알림 이유: 2단계: 제시간에 아무도 확인하지 않았습니다',
    '시작: 2026. 12. 01. 18:02:11',
    '현재: 확인됨: Bob 18:03:00 (10:03:00 UTC)',
    '… (이하 생략)',
    '확인…',
  ],
] as const)('an e-mail in %s', async (language, ...[severity, why, since, now, cut, button]) => {
  await channelsOf(speaking(language)).email.notify(PAGE);
  const { text, html, subject } = server.mails.at(-1)!;
  for (const line of [severity, why, since, now, cut]) expect(text).toContain(line);
  expect(html).toContain(`<html lang="${language}">`);
  expect(html).toContain(`>${button}</a>`);
  expect(html).toContain(now);
  expect(subject).toBe('[89abcdef] disk of db1 is full');
  expect(text).not.toMatch(/Severity|Why you|Since|Now:|Acknowledge|Service:|Incident/);
});

test("a group's robot is told in the organization's language, and a person by it in their own", async () => {
  const { wecom } = channelsOf(speaking('ko', 'zh-CN'));
  robot.newMinute();
  await wecom.notify({ ...PAGE, contact: 'group' });
  expect(robot.messages.at(-1)).toContain('Ana Wei 이름으로 확인');
  await wecom.tell(noticeTo('wecom', null));
  expect(robot.messages.at(-1)).toContain('bob 已认领');
  expect(robot.messages.at(-1)).toContain('> 严重程度：<font color="comment">严重</font>');
});

test('a notice in another language says beside its own words what stands in the timeline', async () => {
  lines.length = 0;
  const note = { ...noticeTo('console', 'term'), text: 'Bob acknowledged (times out in 30m): on it' };
  await channelsOf(speaking('de')).console.tell(note);
  expect(lines).toEqual([
    '-- to Ana Wei (ana)',
    '   [#12] bob hat bestätigt: disk of db1 is full',
    '   Vorfall: disk of db1 is full',
    '   Status: bestätigt von Ana Wei',
    '   Dienst: Payments',
    '   Schweregrad: kritisch',
    '   Zeit: 01.12.2026, 18:04:00 Asia/Shanghai (10:04:00 UTC)',
    '   Verlauf: Bob acknowledged (times out in 30m): on it',
  ]);
});

describe.each(LANGUAGES)('a drill in %s', (language) => {
  const mark = wordingOf(language).labels.drill;
  const page = (): NotifyRequest => {
    const { incident, ...rest } = requestWith({}, { contact: 'term' });
    return { ...rest, incident: { ...incident, ...DRILL } };
  };
  const notice = (channel: 'email' | 'console' | 'wecom', contact: string | null): NoticeRequest => ({
    ...noticeTo(channel, contact),
    incident: { ...incidentView(), ...DRILL },
  });

  test('is marked in the subject and in the text, of pages and notices, on every channel', async () => {
    const { email, console: screen, wecom } = channelsOf(speaking(language, language));
    await email.notify({ ...page(), contact: 'mail' });
    await email.tell(notice('email', 'mail'));
    for (const { subject, text, html } of server.mails.slice(-2)) {
      for (const part of [subject, text, html]) expect(part).toContain(mark);
    }
    lines.length = 0;
    await screen.notify(page());
    await screen.tell(notice('console', 'term'));
    expect(lines.filter((line) => line.includes(mark)).length).toBeGreaterThanOrEqual(3);
    robot.newMinute();
    await wecom.notify({ ...page(), contact: 'group' });
    await wecom.tell(notice('wecom', null));
    for (const message of robot.messages.slice(-2)) expect(message.split('\n')[0]).toContain(mark);
  });
});

const DRILL = { drill: true };
