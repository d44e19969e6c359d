import { ExactNumber } from '../../schema/number.ts';
import { isTooLong } from '../json.ts';
import { MAX_NUMBER_DIGITS, MAX_NUMBER_EXPONENT } from '../limits.ts';
import type { QuirkWatch } from '../quirks/quirks.ts';
import type { FilterValue } from './ast.ts';
import type { Cursor } from './cursor.ts';

/** What of a filter's values may deviate from JSON. */
export interface LiteralLeniencies {
  /** Values without quotes are strings. */
  readonly unquotedValues: boolean;
  /** `True` and `NULL` are keywords. */
  readonly keywordCase: boolean;
  /** A backslash that starts no JSON escape stands for itself. */
  readonly rawBackslash: boolean;
  /** Hears which of these a value needed. */
  readonly took?: QuirkWatch | undefined;
}

const BARE = /[^\s\x00-\x1f"()[\]]+/y;
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?$/i;
const KEYWORDS: ReadonlyMap<string, FilterValue> = new Map<string, FilterValue>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-f]{4})/iy;
// No database text can hold U+0000, and a lone surrogate is no character.
const NO_CHARACTER = /[\0\p{Cs}]/u;

/** The compValue of RFC 7644 Figure 1 at the cursor: a JSON string, number, `true`, `false` or `null`. */
export function readLiteral(cursor: Cursor, leniencies: LiteralLeniencies): FilterValue {
  const start = cursor.at;
  const value = cursor.here === '"' ? readString(cursor, leniencies) : readBare(cursor, leniencies);
  if (typeof value === 'string' && NO_CHARACTER.test(value)) {
    throw cursor.failure('the value holds U+0000 or half of a surrogate pair', start);
  }
  return value;
}

function readBare(cursor: Cursor, leniencies: LiteralLeniencies): FilterValue {
  const start = cursor.at;
  const text = cursor.take(BARE);
  if (text === undefined) throw cursor.expected('a value in double quotes, a number, true, false or null');
  const keyword = KEYWORDS.get(leniencies.keywordCase ? text.toLowerCase() : text);
  if (keyword !== undefined) {
    if (!KEYWORDS.has(text)) leniencies.took?.('filterKeywordCase');
    return keyword;
  }
  if (NUMBER.test(text)) {
    const number = String(Number(text)) === text ? Number(text) : new ExactNumber(text);
    if (!isTooLong(number)) return number;
    // Text without quotes may be digits throughout.
    if (leniencies.unquotedValues) return unquoted(text, leniencies);
    throw cursor.failure(
      `a number has at most ${MAX_NUMBER_DIGITS} digits, exponent within ±${MAX_NUMBER_EXPONENT}`,
      start,
    );
  }
  if (leniencies.unquotedValues) return unquoted(text, leniencies);
  throw cursor.expected('a value in double quotes, a number, true, false or null', start);
}

function unquoted(text: string, { took }: LiteralLeniencies): string {
  took?.('unquotedFilterValue');
  return text;
}

function readString(cursor: Cursor, leniencies: LiteralLeniencies): string {
  const start = cursor.at;
  const end = closingQuote(cursor.text, start);
  if (end === undefined) throw cursor.failure('the string is not closed by a double quote', start);
  cursor.at = end + 1;
  const literal = cursor.text.slice(start, end + 1);
  try {
    const escaped = leniencies.rawBackslash ? withRawBackslashes(literal) : literal;
    const value = JSON.parse(escaped) as string;
    if (escaped !== literal) leniencies.took?.('rawBackslash');
    return value;
  } catch {
    throw cursor.failure('the string has a control character or a backslash that starts no JSON escape', start);
  }
}

function closingQuote(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at += 1;
  }
  return undefined;
}

function withRawBackslashes(literal: string): string {
  let doubled = '';
  let kept = 0;
  for (let at = literal.indexOf('\\'); at !== -1; at = literal.indexOf('\\', at)) {
    ESCAPE.lastIndex = at;
    const found = ESCAPE.exec(literal)?.[0];
    at += found?.length ?? 1;
    if (found !== undefined) continue;
    doubled += `${literal.slice(kept, at)}\\`;
    kept = at;
  }
  return doubled + literal.slice(kept);
}
