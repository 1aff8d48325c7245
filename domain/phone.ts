/** Phone numbers in E.164, `+` and 7 to 15 digits, as the configuration has them. */

/** Countries and networks whose calling codes have two digits; ITU-T E.164, list of assigned country codes (annex to Operational Bulletin 1114). */
const TWO_DIGITS = new Set(
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  ),
);

/**
 * The calling code and the rest of a number, without `+`. No code begins another: those of zones 1 and 7 have one digit,
 * those listed two, and all others three, assigned or not.
 */
export function splitNumber(number: string): { readonly callingCode: string; readonly national: string } {
  const digits = number.slice(1);
  const length = digits.startsWith('1') || digits.startsWith('7') ? 1 : TWO_DIGITS.has(digits.slice(0, 2)) ? 2 : 3;
  return { callingCode: digits.slice(0, length), national: digits.slice(length) };
}

/** Whether it is a number of mainland China: providers there keep such messages apart from all others. */
export const isMainlandChinese = (number: string): boolean => splitNumber(number).callingCode === '86';

/** As it may stand where not everybody should know it: `+86138…00`. */
export const maskedNumber = (number: string): string => `${number.slice(0, 6)}…${number.slice(-2)}`;
