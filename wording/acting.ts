/** What a person is told of what they did on a channel: by phone, SMS, and chat. */
import type { Language } from '../domain/language.ts';

export interface ActingWording {
  readonly acknowledged: string;
  readonly unacknowledged: string;
  readonly resolved: string;
  readonly reopened: string;
  readonly escalated: string;
  readonly snoozed: string;
  readonly noted: string;
  readonly prioritySet: string;
  /** It is safe, and nobody knows yet what came of it. */
  readonly recorded: string;
  readonly notFound: string;
  readonly notAllowed: string;
  /** To whom no user can be found by the account or number that they act from. */
  readonly notKnown: string;
  /** Why it came too late, and what is the case now. */
  readonly tooLate: (why: string, truth: string) => string;
}

const tooLate = (why: string, truth: string): string => `${why}; ${truth}`;
const tooLateInFullWidth = (why: string, truth: string): string => `${why}；${truth}`;

export const ACTING: Readonly<Record<Language, ActingWording>> = {
  en: {
    acknowledged: 'acknowledged',
    unacknowledged: 'acknowledgement taken back',
    resolved: 'resolved',
    reopened: 'reopened',
    escalated: 'escalated',
    snoozed: 'snoozed',
    noted: 'noted in the timeline',
    prioritySet: 'priority set',
    recorded: 'noted, not yet confirmed',
    notFound: 'there is no such incident any more',
    notAllowed: 'you may not do this',
    notKnown: 'nothing was done: this account or number is no contact method of a user of Tocsin',
    tooLate,
  },
  'zh-CN': {
    acknowledged: '已认领',
    unacknowledged: '已撤回认领',
    resolved: '已解决',
    reopened: '已重新打开',
    escalated: '已升级',
    snoozed: '已暂停提醒',
    noted: '已记入时间线',
    prioritySet: '已设置优先级',
    recorded: '已记下，尚未生效',
    notFound: '该事件已不存在',
    notAllowed: '您没有权限执行此操作',
    notKnown: '未执行任何操作：此账号或号码不属于 Tocsin 的任何用户',
    tooLate: tooLateInFullWidth,
  },
  ja: {
    acknowledged: '確認しました',
    unacknowledged: '確認を取り消しました',
    resolved: '解決しました',
    reopened: '再開しました',
    escalated: 'エスカレートしました',
    snoozed: 'スヌーズしました',
    noted: 'タイムラインに記録しました',
    prioritySet: '優先度を設定しました',
    recorded: '受け付けましたが、まだ確定していません',
    notFound: 'このインシデントはもうありません',
    notAllowed: 'この操作を行う権限がありません',
    notKnown: 'このアカウントまたは番号は Tocsin のどのユーザーの連絡先でもないため、何も行いませんでした',
    tooLate: tooLateInFullWidth,
  },
  ko: {
    acknowledged: '확인했습니다',
    unacknowledged: '확인을 취소했습니다',
    resolved: '해결했습니다',
    reopened: '다시 열었습니다',
    escalated: '에스컬레이션했습니다',
    snoozed: '일시 중지했습니다',
    noted: '타임라인에 기록했습니다',
    prioritySet: '우선순위를 설정했습니다',
    recorded: '접수했지만 아직 확정되지 않았습니다',
    notFound: '해당 인시던트가 더 이상 없습니다',
    notAllowed: '이 작업을 수행할 권한이 없습니다',
    notKnown: '이 계정이나 번호는 Tocsin 사용자의 연락처가 아니므로 아무 것도 하지 않았습니다',
    tooLate,
  },
  de: {
    acknowledged: 'bestätigt',
    unacknowledged: 'Bestätigung zurückgenommen',
    resolved: 'behoben',
    reopened: 'wieder geöffnet',
    escalated: 'eskaliert',
    snoozed: 'zurückgestellt',
    noted: 'im Verlauf vermerkt',
    prioritySet: 'Priorität gesetzt',
    recorded: 'vermerkt, noch nicht bestätigt',
    notFound: 'diesen Vorfall gibt es nicht mehr',
    notAllowed: 'das dürfen Sie nicht',
    notKnown: 'nichts wurde getan: dieses Konto oder diese Nummer gehört zu keinem Kontaktweg in Tocsin',
    tooLate,
  },
};
