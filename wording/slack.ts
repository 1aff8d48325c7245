/** What only a message in Slack says. */
import type { Language } from '../domain/language.ts';

export interface SlackWording {
  readonly snoozeAnHour: string;
  /** Stands in a message that another one, further down, takes the place of. */
  readonly continuesBelow: string;
  /** What was pressed or written could not be done just now, and is not noted. */
  readonly failed: string;
}

export const SLACK: Readonly<Record<Language, SlackWording>> = {
  en: {
    snoozeAnHour: 'Snooze 1 h',
    continuesBelow: 'The incident goes on in a later message, below',
    failed: 'Tocsin could not do that just now, and has not noted it. Try again',
  },
  'zh-CN': {
    snoozeAnHour: '暂停提醒 1 小时',
    continuesBelow: '该事件的后续请见下方较新的消息',
    failed: 'Tocsin 暂时无法执行此操作，也未作记录，请重试',
  },
  ja: {
    snoozeAnHour: '1 時間スヌーズ',
    continuesBelow: 'このインシデントの続きは、下の新しいメッセージをご覧ください',
    failed: 'Tocsin は現在この操作を実行できず、記録もされていません。もう一度お試しください',
  },
  ko: {
    snoozeAnHour: '1시간 일시 중지',
    continuesBelow: '이 인시던트의 이후 내용은 아래의 새 메시지에 있습니다',
    failed: '지금은 Tocsin이 이 작업을 수행할 수 없으며 기록되지도 않았습니다. 다시 시도해 주세요',
  },
  de: {
    snoozeAnHour: '1 Stunde zurückstellen',
    continuesBelow: 'Wie es mit dem Vorfall weitergeht, steht in einer späteren Nachricht weiter unten',
    failed: 'Tocsin konnte das gerade nicht ausführen und hat es nicht vermerkt. Bitte noch einmal versuchen',
  },
};
