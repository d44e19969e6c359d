/** A number as JSON writes it, whose value or spelling no JavaScript number would give back. Never changed once made. */
export class ExactNumber {
  /** The number in the grammar of RFC 8259 §6. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** What `JSON.stringify` writes in its place: no stored string holds U+0000, so `jsonTextOf` can tell it from all others. */
  toJSON(): string {
    return `\0${this.text}`;
  }
}

/** The value of a number: `±d.ddd × 10^exponent`, with neither leading nor trailing zeros; no digits for zero. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const ZERO: Decimal = { negative: false, digits: '', exponent: 0 };
// Exponents within ±5000 become four digits when shifted; the limits on what is taken are far below.
const EXPONENT_SHIFT = 5000;

/** The value of a number; undefined for text that is none, NaN and the infinities. */
export function decimalOf(number: number | ExactNumber): Decimal | undefined {
  const match = NUMBER.exec(number instanceof ExactNumber ? number.text : String(number));
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const all = whole + fraction;
  let start = 0;
  while (all[start] === '0') start += 1;
  if (start === all.length) return ZERO;
  let end = all.length;
  while (all[end - 1] === '0') end -= 1;
  return {
    negative: sign === '-',
    digits: all.slice(start, end),
    exponent: whole.length - 1 - start + Number(exponent),
  };
}

/** The number of that text: a JavaScript number where that has the same value and, for plain digits, is written so too. */
export function numberOf(text: string): number | ExactNumber {
  const number = Number(text);
  const exact = new ExactNumber(text);
  const written = String(number);
  if (written.includes('e') && /^-?\d+$/.test(text)) return exact;
  return sameNumber(number, exact) ? number : exact;
}

/** Whether two numbers have the same value, however they are written. */
export function sameNumber(a: number | ExactNumber, b: number | ExactNumber): boolean {
  const [one, other] = [decimalOf(a), decimalOf(b)];
  return (
    one !== undefined &&
    one.negative === other?.negative &&
    one.digits === other.digits &&
    one.exponent === other.exponent
  );
}

/** The whole number in plain digits (RFC 7643 §2.3.4: neither fraction nor exponent), or undefined when it is not whole. */
export function wholeNumber(number: number | ExactNumber): number | ExactNumber | undefined {
  if (Number.isSafeInteger(number)) return number;
  const decimal = decimalOf(number);
  if (!decimal || decimal.digits.length > decimal.exponent + 1) return undefined;
  return numberOf((decimal.negative ? '-' : '') + (decimal.digits.padEnd(decimal.exponent + 1, '0') || '0'));
}

/** A text for the number that orders as numbers do: sign, exponent, digits; negative ones mirrored. */
export function orderedNumber(number: number | ExactNumber): string | undefined {
  const decimal = decimalOf(number);
  if (!decimal) return undefined;
  if (decimal.digits === '') return '1';
  const magnitude = String(decimal.exponent + EXPONENT_SHIFT).padStart(4, '0') + decimal.digits;
  if (!decimal.negative) return `2${magnitude}`;
  // Nines' complement, closed by a character above all digits: more digits mean a smaller negative number.
  return `0${magnitude.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}
