/** A drill is told from an incident wherever its summary stands. */
import type { Language } from '../domain/language.ts';
import type { Wording } from './wording.ts';

/** `DRILL: ` and the text, where the incident is one. */
export const marked = (
  { drill }: { readonly summary: string; readonly drill?: boolean },
  text: string,
  { line, labels }: Wording,
): string => (drill === true ? line(labels.drill, text) : text);

/** The summary of a drill that was given none, by the name of its service. */
export const DRILL_SUMMARY: Readonly<Record<Language, (service: string) => string>> = {
  en: (service) => `nothing is wrong with ${service}; this is to see who is told`,
  'zh-CN': (service) => `${service} 没有故障，仅为演练通知流程`,
  ja: (service) => `${service} に障害はありません。通知先を確かめるためのものです`,
  ko: (service) => `${service}에 장애가 없습니다. 알림이 누구에게 가는지 확인하기 위한 것입니다`,
  de: (service) => `mit ${service} ist alles in Ordnung; hier zeigt sich nur, wer benachrichtigt wird`,
};
