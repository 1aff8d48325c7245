/** The languages that people are told in (interfaces §3). */
export const LANGUAGES = ['en', 'zh-CN', 'ja', 'ko', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];
