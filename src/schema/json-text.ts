import { emptyObject, isObject, type JsonObject, type JsonValue } from './json.ts';
import { ExactNumber, numberOf } from './number.ts';

// What may stand for a number that JavaScript would round or write with an exponent: 16 digits, or an exponent. It may also
// be found inside a string, which costs time and nothing else. Nothing in it is tried twice.
const LONG_NUMBER = /(?:^|[:,[\s])-?\d(?:[\d.]{15}|[\d.]{0,14}[eE])/;
const TOKEN = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const MARK = '"\\u0000';

/** Whether the JSON text may hold a number that `JSON.parse` would not keep as it is. */
export function mayHoldExactNumbers(text: string): boolean {
  return LONG_NUMBER.test(text);
}

/** The value of a JSON text, its numbers exact. */
export function parseJson(text: string): JsonValue {
  return mayHoldExactNumbers(text) ? parseExactly(text) : (JSON.parse(text) as JsonValue);
}

/** The same for a text that is known to be JSON, and not nested deeply. */
export function parseExactly(text: string): JsonValue {
  return new Reader(text).value();
}

/** The JSON text of a value; exact numbers are written as they are. */
export function jsonTextOf(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.includes(MARK) ? exactText(value) : text;
}

function exactText(value: JsonValue): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(exactText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${exactText(member)}`).join(',')}}`;
}

/** Reads a text that `JSON.parse` takes, so nothing is checked here. */
class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(): JsonValue {
    this.space();
    switch (this.text[this.at]) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return numberOf(this.take(TOKEN));
    }
  }

  private object(): JsonObject {
    const object = emptyObject();
    for (this.at += 1; !this.closes('}'); ) {
      const key = this.string();
      this.space();
      this.at += 1;
      object[key] = this.value();
    }
    return object;
  }

  private array(): JsonValue[] {
    const array: JsonValue[] = [];
    for (this.at += 1; !this.closes(']'); ) array.push(this.value());
    return array;
  }

  /** Steps over a comma, or over the bracket that ends the list. */
  private closes(bracket: string): boolean {
    this.space();
    if (this.text[this.at] === ',') this.at += 1;
    this.space();
    if (this.text[this.at] !== bracket) return false;
    this.at += 1;
    return true;
  }

  private string(): string {
    const start = this.at;
    let end = start + 1;
    while (this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    this.at = end + 1;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  private word<T>(word: string, value: T): T {
    this.at += word.length;
    return value;
  }

  private space(): void {
    this.take(SPACE);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.text) ?? [];
    this.at += found.length;
    return found;
  }
}
