import type { CompareOperator, FilterValue } from './ast.ts';
import { readAttributePath, readName } from './attribute-path.ts';
import type { Cursor } from './cursor.ts';
import { MAX_FILTER_DEPTH, MAX_FILTER_TOKENS } from './limits.ts';
import { type LiteralLeniencies, readLiteral } from './literal.ts';

/** A filter with its grammar proved and everything that a sender chose taken out of it. */
export interface Canonical {
  /** The filter, each path written `p0`, `p1`, …, each value `"0"`, `"1"`, …: numbers into the two lists. */
  readonly text: string;
  readonly paths: readonly string[];
  readonly values: readonly FilterValue[];
}

const COMPARE: ReadonlySet<string> = new Set<CompareOperator>(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);
const OPERATORS = 'an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr)';
// Erratum 7319: a space may stand before the parenthesis, which is required.
const NOT = /not(?= *\()/iy;
const WORD = /[a-z]+/iy;

/** Reads a whole filter. */
export function canonicalFilter(cursor: Cursor, leniencies: LiteralLeniencies): Canonical {
  return new Scanner(cursor, leniencies, false).scan();
}

/** Reads a value filter whose opening bracket is read, its closing bracket included. */
export function canonicalValueFilter(cursor: Cursor, leniencies: LiteralLeniencies): Canonical {
  return new Scanner(cursor, leniencies, true).scan();
}

/**
 * Reads a filter from left to right and refuses what RFC 7644 Figure 1 does not allow. What is grouped how is left to the
 * parser that reads the canonical text, so the only state is the stack of open brackets.
 */
class Scanner {
  private readonly cursor: Cursor;
  private readonly leniencies: LiteralLeniencies;
  /** Whether the text began inside a value path. */
  private readonly within: boolean;
  private readonly open: ('(' | '[')[] = [];
  private readonly parts: string[] = [];
  private readonly paths: string[] = [];
  private readonly values: FilterValue[] = [];
  private tokens = 0;

  constructor(cursor: Cursor, leniencies: LiteralLeniencies, within: boolean) {
    this.cursor = cursor;
    this.leniencies = leniencies;
    this.within = within;
  }

  scan(): Canonical {
    do this.term();
    while (this.joined());
    return { text: this.parts.join(' '), paths: this.paths, values: this.values };
  }

  /** Everything up to and including one attribute expression: opening parentheses, `not`, the beginning of a value path. */
  private term(): void {
    let path: string | undefined;
    while (path === undefined) path = this.opening() ? undefined : this.pathOrBracket();
    this.expression(path);
  }

  /** Whether a parenthesis opened here, perhaps behind `not`. */
  private opening(): boolean {
    const cursor = this.cursor;
    cursor.skipSpaces();
    if (cursor.take(NOT) !== undefined) {
      this.push('not');
      cursor.skipSpaces();
    }
    const start = cursor.at;
    if (!cursor.takeCharacter('(')) return false;
    this.opened('(', start);
    this.push('(');
    return true;
  }

  /** The path here; undefined when it began a value path, so that another one follows. */
  private pathOrBracket(): string | undefined {
    const cursor = this.cursor;
    const start = cursor.at;
    const path = readAttributePath(cursor);
    if (!cursor.takeCharacter('[')) return path;
    if (this.within || this.open.includes('[')) throw cursor.failure('value paths cannot be nested', start);
    this.opened('[', cursor.at - 1);
    // The inner parentheses make room for what may follow the bracket, see closed().
    this.push(`${this.numbered(path)} [ (`, 2);
    return undefined;
  }

  /** The operator and the value after a path. */
  private expression(path: string): void {
    const cursor = this.cursor;
    if (!cursor.skipSpaces()) throw cursor.expected('a space and an operator');
    const start = cursor.at;
    const operator = cursor.take(WORD)?.toLowerCase() ?? '';
    if (operator === 'pr') {
      this.push(`${this.numbered(path)} pr`, 2);
    } else if (COMPARE.has(operator)) {
      this.push(`${this.numbered(path)} ${operator} ${this.value()}`, 3);
    } else {
      throw cursor.expected(path.toLowerCase() === 'not' ? "'(' after not" : OPERATORS, start);
    }
  }

  private value(): string {
    const spaced = this.cursor.skipSpaces();
    // `value eq"x"` is no sentence of the grammar, yet RFC 7644 §3.5.2.2 has it in an example.
    if (!spaced && !(this.leniencies.unquotedValues && this.cursor.here === '"')) {
      throw this.cursor.expected('a space and a value');
    }
    return `"${this.values.push(readLiteral(this.cursor, this.leniencies)) - 1}"`;
  }

  /** Closing brackets, then whether a joiner says that another term follows. */
  private joined(): boolean {
    const cursor = this.cursor;
    for (;;) {
      const spaced = cursor.skipSpaces();
      const start = cursor.at;
      const innermost = this.open.at(-1);
      if (cursor.atEnd && !this.within && innermost === undefined) return false;
      if (cursor.here === ')' && innermost === '(') {
        cursor.at += 1;
        this.open.pop();
        this.push(')');
      } else if (cursor.here === ']' && innermost === '[') {
        cursor.at += 1;
        this.open.pop();
        this.closed();
      } else if (cursor.here === ']' && innermost === undefined && this.within) {
        cursor.at += 1;
        return false;
      } else {
        this.joiner(start, spaced, innermost);
        return true;
      }
    }
  }

  private joiner(start: number, spaced: boolean, innermost: '(' | '[' | undefined): void {
    const word = spaced ? this.cursor.take(WORD)?.toLowerCase() : undefined;
    if ((word !== 'and' && word !== 'or') || !(this.cursor.here === ' ' || this.cursor.atEnd)) {
      const closing = innermost === '(' ? ", or ')'" : innermost === '[' || this.within ? ", or ']'" : '';
      throw this.cursor.expected(`'and' or 'or' between spaces${closing}`, start);
    }
    this.push(word);
  }

  /**
   * The end of a value path. `emails[type eq "work"].value eq "x"` is in no grammar, but clients send it and mean one
   * element: it is read as `emails[(type eq "work") and value eq "x"]`.
   */
  private closed(): void {
    this.push(')');
    if (this.cursor.takeCharacter('.')) {
      this.parts.push('and');
      this.expression(readName(this.cursor));
    }
    this.parts.push(']');
  }

  private opened(bracket: '(' | '[', at: number): void {
    this.open.push(bracket);
    if (this.open.length > MAX_FILTER_DEPTH) {
      throw this.cursor.failure(`more than ${MAX_FILTER_DEPTH} brackets are open`, at);
    }
  }

  private numbered(path: string): string {
    return `p${this.paths.push(path) - 1}`;
  }

  private push(part: string, tokens = 1): void {
    this.tokens += tokens;
    if (this.tokens > MAX_FILTER_TOKENS) throw this.cursor.failure(`it has more than ${MAX_FILTER_TOKENS} tokens`);
    this.parts.push(part);
  }
}
