/** What is said on the phone: short sentences, for they are heard and not read. */
import type { Language } from '../domain/language.ts';

export interface VoiceWording {
  /** The language that the text is read in, as Twilio names it; https://www.twilio.com/docs/voice/twiml/say/text-speech. */
  readonly spokenIn: 'en-US' | 'zh-CN' | 'ja-JP' | 'ko-KR' | 'de-DE';
  readonly drill: string;
  /** `serious`: critical, an error, or nobody said. */
  readonly problem: (service: string, serious: boolean) => string;
  readonly title: (summary: string) => string;
  readonly now: (truth: string) => string;
  /** What the keys do: 4, 6, 5 and `*`. */
  readonly keys: string;
  readonly noSuchKey: string;
  /** Something that was done, or is the case, as a sentence. */
  readonly sentence: (text: string) => string;
  /** The key could not be told to the incident. */
  readonly again: string;
  readonly expired: string;
  readonly goodbye: string;
  /** Word of a change. */
  readonly notice: (service: string, change: string) => string;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const VOICE: Readonly<Record<Language, VoiceWording>> = {
  en: {
    spokenIn: 'en-US',
    drill: 'This is a drill.',
    problem: (service, serious) =>
      serious ? `Urgent: serious problem with the service ${service}.` : `Problem with the service ${service}.`,
    title: (summary) => `Incident: ${summary}.`,
    now: (truth) => `Now: ${truth}.`,
    keys: 'Press 4 to acknowledge, 6 to resolve, 5 to escalate, or star to hear this again.',
    noSuchKey: 'That key does nothing.',
    sentence: (text) => `${capital(text)}.`,
    again: 'It could not be recorded. Please press the key again.',
    expired: 'This call is no longer valid. Please look at the incident itself.',
    goodbye: 'Goodbye.',
    notice: (service, change) => `Word of the service ${service}: ${change}.`,
  },
  'zh-CN': {
    spokenIn: 'zh-CN',
    drill: '这是一次演练。',
    problem: (service, serious) =>
      serious ? `紧急通知：${service}服务出现严重问题。` : `通知：${service}服务出现问题。`,
    title: (summary) => `事件标题：${summary}。`,
    now: (truth) => `当前状态：${truth}。`,
    keys: '认领请按4，解决请按6，升级请按5，重听请按星号键。',
    noSuchKey: '该按键无效。',
    sentence: (text) => `${text}。`,
    again: '未能记录您的操作，请再按一次。',
    expired: '本次通话已失效，请登录事件管理系统查看详情。',
    goodbye: '再见。',
    notice: (service, change) => `${service}服务的通知：${change}。`,
  },
  ja: {
    spokenIn: 'ja-JP',
    drill: 'これは訓練です。',
    problem: (service, serious) =>
      serious
        ? `緊急のお知らせです。${service}で重大な問題が発生しました。`
        : `お知らせです。${service}で問題が発生しました。`,
    title: (summary) => `インシデント、${summary}。`,
    now: (truth) => `現在の状況、${truth}。`,
    keys: '確認するには4、解決済みにするには6、エスカレートするには5、もう一度聞くには米印を押してください。',
    noSuchKey: 'そのキーは使えません。',
    sentence: (text) => `${text}。`,
    again: '記録できませんでした。もう一度キーを押してください。',
    expired: 'この通話は無効になりました。インシデントの画面をご確認ください。',
    goodbye: '失礼します。',
    notice: (service, change) => `${service}についてのお知らせです。${change}。`,
  },
  ko: {
    spokenIn: 'ko-KR',
    drill: '훈련입니다.',
    problem: (service, serious) =>
      serious
        ? `긴급 알림입니다. ${service} 서비스에 심각한 문제가 발생했습니다.`
        : `알림입니다. ${service} 서비스에 문제가 발생했습니다.`,
    title: (summary) => `인시던트: ${summary}.`,
    now: (truth) => `현재 상태: ${truth}.`,
    keys: '확인은 4번, 해결은 6번, 에스컬레이션은 5번, 다시 들으시려면 별표를 눌러 주세요.',
    noSuchKey: '사용할 수 없는 번호입니다.',
    sentence: (text) => `${text}.`,
    again: '기록하지 못했습니다. 다시 한 번 눌러 주세요.',
    expired: '더 이상 유효하지 않은 통화입니다. 인시던트를 직접 확인해 주세요.',
    goodbye: '통화를 마칩니다.',
    notice: (service, change) => `${service} 서비스 알림입니다. ${change}.`,
  },
  de: {
    spokenIn: 'de-DE',
    drill: 'Dies ist eine Übung.',
    problem: (service, serious) =>
      serious ? `Dringend: ernstes Problem mit dem Dienst ${service}.` : `Problem mit dem Dienst ${service}.`,
    title: (summary) => `Vorfall: ${summary}.`,
    now: (truth) => `Jetzt: ${truth}.`,
    keys: 'Drücken Sie 4 zum Bestätigen, 6 für behoben, 5 zum Eskalieren, oder Stern, um das noch einmal zu hören.',
    noSuchKey: 'Diese Taste ist nicht belegt.',
    sentence: (text) => `${capital(text)}.`,
    again: 'Das konnte nicht vermerkt werden. Bitte drücken Sie die Taste noch einmal.',
    expired: 'Dieser Anruf gilt nicht mehr. Bitte sehen Sie sich den Vorfall selbst an.',
    goodbye: 'Auf Wiederhören.',
    notice: (service, change) => `Nachricht vom Dienst ${service}: ${change}.`,
  },
};
