/** What text messages say, and what is said to replies to them, in each language. */
import type { Language } from '../domain/language.ts';

interface SmsWording {
  /** The last line, where replies are taken. */
  readonly reply: string;
  /** To what is one: `incident` and its summary, and what came of it, without a full stop. */
  readonly answer: (incident: string, said: string) => string;
  /** To what is none of the replies that are understood. */
  readonly help: string;
  /** `incident`: `#12`. */
  readonly unknownIncident: (incident: string) => string;
  readonly notTexted: (incident: string) => string;
  readonly nothingOpen: string;
  readonly notNow: string;
}

export const SMS: Readonly<Record<Language, SmsWording>> = {
  en: {
    reply: 'Reply 4 ack, 6 resolve, 5 escalate',
    answer: (incident, said) => `${incident}: ${said}.`,
    help: 'Not understood, and nothing was done. Reply 4 to acknowledge, 6 to resolve, 5 to escalate; with a number for another incident: 4 12.',
    unknownIncident: (incident) => `There is no incident ${incident}. Nothing was done.`,
    notTexted: (incident) => `This phone was not told of ${incident}. Nothing was done.`,
    nothingOpen: 'No incident that this phone was told of is open. Nothing was done.',
    notNow: 'That could not be done now. Use the link of the message, or try again.',
  },
  'zh-CN': {
    reply: '回复4认领,6解决,5升级',
    answer: (incident, said) => `${incident}: ${said}。`,
    help: '无法识别,未执行任何操作。回复4认领,6解决,5升级;其他事件请加编号,如:4 12。',
    unknownIncident: (incident) => `没有事件${incident},未执行任何操作。`,
    notTexted: (incident) => `本号码未收到过事件${incident}的通知,未执行任何操作。`,
    nothingOpen: '本号码收到过通知的事件均已结束,未执行任何操作。',
    notNow: '暂时无法执行,请使用短信中的链接或稍后再试。',
  },
  ja: {
    reply: '返信 4:確認 6:解決 5:エスカレート',
    answer: (incident, said) => `${incident}: ${said}。`,
    help: '内容を理解できず、何も行いませんでした。4で確認、6で解決、5でエスカレート。別のインシデントは番号を付けてください(例: 4 12)。',
    unknownIncident: (incident) => `インシデント${incident}はありません。何も行いませんでした。`,
    notTexted: (incident) => `この番号には${incident}を通知していません。何も行いませんでした。`,
    nothingOpen: 'この番号に通知したインシデントで未解決のものはありません。何も行いませんでした。',
    notNow: '今は実行できません。メッセージのリンクを使うか、もう一度お試しください。',
  },
  ko: {
    reply: '회신 4 확인, 6 해결, 5 에스컬레이션',
    answer: (incident, said) => `${incident}: ${said}.`,
    help: '이해할 수 없어 아무 것도 하지 않았습니다. 4 확인, 6 해결, 5 에스컬레이션으로 회신하세요. 다른 인시던트는 번호를 붙이세요(예: 4 12).',
    unknownIncident: (incident) => `인시던트 ${incident}이(가) 없습니다. 아무 것도 하지 않았습니다.`,
    notTexted: (incident) => `이 번호로 ${incident}을(를) 알린 적이 없습니다. 아무 것도 하지 않았습니다.`,
    nothingOpen: '이 번호로 알린 인시던트 중 열려 있는 것이 없습니다. 아무 것도 하지 않았습니다.',
    notNow: '지금은 처리할 수 없습니다. 메시지의 링크를 쓰거나 다시 시도하세요.',
  },
  de: {
    reply: 'Antwort 4 bestätigen, 6 beheben, 5 eskalieren',
    answer: (incident, said) => `${incident}: ${said}.`,
    help: 'Nicht verstanden, nichts wurde getan. Antworten Sie mit 4 zum Bestätigen, 6 zum Beheben, 5 zum Eskalieren; für einen anderen Vorfall mit dessen Nummer: 4 12.',
    unknownIncident: (incident) => `Es gibt keinen Vorfall ${incident}. Nichts wurde getan.`,
    notTexted: (incident) => `Dieses Telefon wurde über ${incident} nicht benachrichtigt. Nichts wurde getan.`,
    nothingOpen: 'Kein Vorfall, über den dieses Telefon benachrichtigt wurde, ist offen. Nichts wurde getan.',
    notNow: 'Das ist jetzt nicht möglich. Nutzen Sie den Link der Nachricht, oder versuchen Sie es noch einmal.',
  },
};
