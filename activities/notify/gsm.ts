/** How long a text message is on the air: 3GPP TS 23.038 §6.2.1 (the alphabets), TS 23.040 §9.2.3.24.1 (messages in parts). */

/** One septet each. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Two each: an escape, and one. */
const EXTENSION = new Set('\f^{}\\[~]|€');

/** What writers of alerts use for signs of the GSM alphabet: one of them would make the whole message twice as long. */
const DOUBLES: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201C': '"',
  '\u201D': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '...',
  '\u2022': '*',
  '\u00A0': ' ',
  '\t': ' ',
  '`': "'",
};

const isGsm = (text: string): boolean => Array.from(text).every((sign) => BASIC.has(sign) || EXTENSION.has(sign));

/** The text with typographic signs as plain ones where it then fits the GSM alphabet; else as it came. */
export function plainer(text: string): string {
  const plain = Array.from(text, (sign) => DOUBLES[sign] ?? sign).join('');
  return isGsm(plain) ? plain : text;
}

/** How many messages it is sent as: 160 septets or 70 UTF-16 units in one, 153 or 67 in each of several. A sign is never parted. */
export function segmentsOf(text: string): number {
  const gsm = isGsm(text);
  const sizes = Array.from(text, (sign) => (gsm ? (EXTENSION.has(sign) ? 2 : 1) : sign.length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= (gsm ? 160 : 70)) return 1;
  const limit = gsm ? 153 : 67;
  let segments = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > limit) {
      segments += 1;
      filled = 0;
    }
    filled += size;
  }
  return segments;
}
