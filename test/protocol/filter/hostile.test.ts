import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScimError } from '../../../src/protocol/errors.ts';
import { MAX_FILTER_LENGTH } from '../../../src/protocol/filter/limits.ts';
import { parseFilter } from '../../../src/protocol/filter/parse.ts';
import { parsePatchPath } from '../../../src/protocol/path.ts';
import { LENIENT, STRICT } from './leniencies.ts';

// Far above what any input takes, far below what backtracking would.
const MILLISECONDS = 500;

function elapsed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function onlyScimErrors(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
  }
}

function readEverywhere(text: string): void {
  for (const leniencies of [LENIENT, STRICT]) {
    onlyScimErrors(() => parseFilter(text, leniencies));
    onlyScimErrors(() => parsePatchPath(text, leniencies));
    onlyScimErrors(() => parsePatchPath(`a[${text}`, leniencies));
  }
}

const full = (part: string, before = '') =>
  before + part.repeat(Math.floor((MAX_FILTER_LENGTH - before.length) / part.length));

describe('hostile text is refused at once', () => {
  test.each([
    ['an unterminated string of 40 newlines', `x eq "${'\n'.repeat(40)}`],
    ['an unterminated string of newlines', full('\n', 'x eq "')],
    ['an unterminated string of backslashes', full('\\', 'x eq "')],
    ['an unterminated string of escaped quotes', full('\\"', 'x eq "')],
    ['5,000 nested parentheses', '('.repeat(5000)],
    ['5,000 nested brackets', full('a[', '')],
    ['nested not', full('not (')],
    ['bare not', full('not ')],
    ['not and spaces', full(' ', 'not')],
    ['spaces', full(' ')],
    ['a chain of or', full('a pr or ')],
    ['alternating and, or', full('a pr or b pr and ')],
    ['a chain of comparisons', full('a eq 1 and ')],
    ['a name', full('a')],
    ['a name with dots', full('a.')],
    ['a URN', full(':', 'urn:')],
    ['a URN of parentheses', full('()', 'urn:ex:')],
    ['digits', full('1', 'a eq ')],
    ['digits with exponents', full('1e1', 'a eq ')],
    ['raw backslashes', `a eq "${'\\d'.repeat(4000)}"`],
    ['half escapes', `a eq "${'\\u12'.repeat(2000)}"`],
    ['closing brackets', full(')', 'a pr')],
    ['value paths in a row', full('a[b pr] ')],
    ['value paths with sub-attributes', full('a[b pr].c pr and ')],
  ])('%s', (_, text) => {
    expect(elapsed(() => readEverywhere(text))).toBeLessThan(MILLISECONDS);
  });
});

test('any text gives a filter or a ScimError', () => {
  const fragments = [
    ...['a', 'emails', 'not', 'and', 'or', 'pr', 'eq', 'co', 'urn:ex:a(b):c', '$ref', 'constructor', '__proto__'],
    ...[
      '(',
      ')',
      '[',
      ']',
      '.',
      ' ',
      '  ',
      '"x"',
      '"',
      '\\',
      '\n',
      '\t',
      '\0',
      '\ud800',
      '😀',
      '-',
      '1',
      '1e5',
      'true',
    ],
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fc.constantFrom(...fragments), { maxLength: 40 }).map((parts) => parts.join('')),
    fc.array(fc.constantFrom(...fragments), { maxLength: 40 }).map((parts) => parts.join(' ')),
  );
  fc.assert(fc.property(text, readEverywhere), { numRuns: 3000 });
});
