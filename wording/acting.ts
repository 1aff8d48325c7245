/** What a person is told of what they did on a channel: by phone, SMS, and chat. */
import type { ErrorCode } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';

export interface ActingWording {
  readonly acknowledged: string;
  readonly unacknowledged: string;
  readonly resolved: string;
  readonly escalated: string;
  readonly snoozed: string;
  readonly noted: string;
  /** It is safe, and nobody knows yet what came of it. */
  readonly recorded: string;
  readonly notFound: string;
  readonly notAllowed: string;
  /** Why it came too late, where the present truth does not say it by itself. */
  readonly tooLate: Readonly<Partial<Record<ErrorCode, string>>>;
}

export const ACTING: Readonly<Record<Language, ActingWording>> = {
  en: {
    acknowledged: 'acknowledged',
    unacknowledged: 'acknowledgement taken back',
    resolved: 'resolved',
    escalated: 'escalated',
    snoozed: 'snoozed',
    noted: 'noted in the timeline',
    recorded: 'noted, not yet confirmed',
    notFound: 'there is no such incident any more',
    notAllowed: 'you may not do this',
    tooLate: {
      MOVED_ON: 'the incident has moved on',
      DIRECTLY_ASSIGNED: 'it is assigned to people directly, and does not escalate',
      TOLD_JUST_NOW: 'the last resort was told less than a minute ago',
      NOBODY_LEFT: 'there is nobody left to escalate to',
      NOT_ACKNOWLEDGED: 'you have not acknowledged it',
    },
  },
  'zh-CN': {
    acknowledged: '已认领',
    unacknowledged: '已取消认领',
    resolved: '已解决',
    escalated: '已升级',
    snoozed: '已暂停提醒',
    noted: '已记入时间线',
    recorded: '已记录，尚未确认',
    notFound: '该事件已不存在',
    notAllowed: '您没有权限执行此操作',
    tooLate: {
      MOVED_ON: '事件状态已发生变化',
      DIRECTLY_ASSIGNED: '该事件已直接指派给人员，不再升级',
      TOLD_JUST_NOW: '最后的联系人在一分钟之内刚收到通知',
      NOBODY_LEFT: '没有可以升级的对象了',
      NOT_ACKNOWLEDGED: '您没有认领该事件',
    },
  },
  ja: {
    acknowledged: '確認しました',
    unacknowledged: '確認を取り消しました',
    resolved: '解決しました',
    escalated: 'エスカレートしました',
    snoozed: 'スヌーズしました',
    noted: 'タイムラインに記録しました',
    recorded: '受け付けましたが、まだ確定していません',
    notFound: 'このインシデントはもうありません',
    notAllowed: 'この操作を行う権限がありません',
    tooLate: {
      MOVED_ON: 'インシデントの状況が変わりました',
      DIRECTLY_ASSIGNED: '担当者に直接割り当てられているため、エスカレーションできません',
      TOLD_JUST_NOW: '最終連絡先には一分以内に通知したばかりです',
      NOBODY_LEFT: 'エスカレーション先がありません',
      NOT_ACKNOWLEDGED: 'あなたはこのインシデントを確認していません',
    },
  },
  ko: {
    acknowledged: '확인했습니다',
    unacknowledged: '확인을 취소했습니다',
    resolved: '해결했습니다',
    escalated: '에스컬레이션했습니다',
    snoozed: '알림을 일시 중지했습니다',
    noted: '타임라인에 기록했습니다',
    recorded: '접수했으며 아직 확정되지 않았습니다',
    notFound: '해당 인시던트가 더 이상 없습니다',
    notAllowed: '이 작업을 수행할 권한이 없습니다',
    tooLate: {
      MOVED_ON: '인시던트 상황이 바뀌었습니다',
      DIRECTLY_ASSIGNED: '담당자에게 직접 할당되어 에스컬레이션하지 않습니다',
      TOLD_JUST_NOW: '최종 연락처에 1분 이내에 이미 알렸습니다',
      NOBODY_LEFT: '더 이상 에스컬레이션할 대상이 없습니다',
      NOT_ACKNOWLEDGED: '이 인시던트를 확인하지 않으셨습니다',
    },
  },
  de: {
    acknowledged: 'bestätigt',
    unacknowledged: 'Bestätigung zurückgenommen',
    resolved: 'behoben',
    escalated: 'eskaliert',
    snoozed: 'zurückgestellt',
    noted: 'im Verlauf vermerkt',
    recorded: 'notiert, noch nicht bestätigt',
    notFound: 'diesen Vorfall gibt es nicht mehr',
    notAllowed: 'das dürfen Sie nicht',
    tooLate: {
      MOVED_ON: 'der Vorfall ist inzwischen weiter',
      DIRECTLY_ASSIGNED: 'er ist direkt zugewiesen und wird nicht eskaliert',
      TOLD_JUST_NOW: 'die letzte Instanz wurde vor weniger als einer Minute benachrichtigt',
      NOBODY_LEFT: 'es ist niemand mehr da, an den eskaliert werden könnte',
      NOT_ACKNOWLEDGED: 'Sie haben ihn nicht bestätigt',
    },
  },
};
