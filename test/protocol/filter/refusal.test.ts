import { describe, expect, test } from 'vitest';
import { ScimError } from '../../../src/protocol/errors.ts';
import { MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, MAX_FILTER_TOKENS } from '../../../src/protocol/filter/limits.ts';
import { parseFilter } from '../../../src/protocol/filter/parse.ts';
import { LENIENT, STRICT } from './leniencies.ts';

function refusal(text: string, leniencies = LENIENT): ScimError {
  try {
    parseFilter(text, leniencies);
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text.slice(0, 100)}`);
}

describe('what is no filter', () => {
  const malformed = [
    '',
    '   ',
    'userName',
    'userName ',
    'userName eq',
    'userName eq ',
    'userName "x"',
    'eq "x"',
    '"x" eq userName',
    'userName regex "x"',
    'userName eq "x" userType eq "y"',
    'userName eq "x" and',
    'userName eq "x" or or b pr',
    'and a pr',
    'a pr xor b pr',
    'a pr AND b',
    'a prx',
    'a pr"x"',
    'a eq "x"b',
    'a eq "x"and b pr',
    'a pr and(b pr)',
    'a eq jdoe smith',
    'a eq x(y)',
    'a eq x"y',
    // Brackets.
    '(',
    '()',
    'a[]',
    'not ()',
    '(a pr',
    'a pr)',
    '(a pr]',
    'a[b pr)',
    'a[b pr',
    'a b pr]',
    '[a pr]',
    'a[b pr]]',
    '(a[b pr)]',
    // `not` needs parentheses.
    'not userName eq "a"',
    'not not (a pr)',
    'not',
    'not a[b pr]',
    // Value paths.
    'emails[a[b eq "c"]]',
    'emails[(a[b pr])]',
    'emails[type eq "work"].',
    'emails[type eq "work"]. value pr',
    'emails[type eq "work"].value',
    'emails[type eq "work"].value.x pr',
    'emails[type eq "work"].value[a pr]',
    'emails[type eq "work"]value pr',
    'emails [type eq "work"]',
    // Names.
    '2fa pr',
    '_x pr',
    '__proto__ pr',
    '$x pr',
    'a.b.c pr',
    'a. pr',
    'a..b pr',
    '.a pr',
    'urn:x: pr',
    'urn:x pr',
    'urn::name pr',
    'urn:ex:name. pr',
    'a/b pr',
    'a%b pr',
    'émail pr',
    // Keys of an object's prototype.
    'a pr constructor b pr',
    'a pr __proto__ b pr',
    'a toString "x"',
    'a __proto__ "x"',
    // Only spaces separate.
    'a\tpr',
    'a pr\nand b pr',
    'a eq\t"x"',
    'a\u00a0pr',
    // Values.
    'a eq "x',
    'a eq "x\\"',
    'a eq "a\nb"',
    'a eq "a\tb"',
    'a eq "\\u0000"',
    'a eq "\\ud800"',
    'a eq "\\udc00\\ud800"',
    'a eq \ud800',
    'a eq "x\ud800"',
    'a eq \u0000',
    '\u0000 pr',
  ];
  test.each(['1e1000', '-1e1000', '1e-1000', '1'.repeat(101), `0.${'1'.repeat(101)}`])(
    'a number as long as %s',
    (number) => {
      expect(refusal(`a eq ${number}`, STRICT).scimType).toBe('invalidFilter');
    },
  );

  test.each(malformed)('%j', (text) => {
    for (const leniencies of [LENIENT, STRICT]) {
      const error = refusal(text, leniencies);
      expect(error.status).toBe(400);
      expect(error.scimType).toBe('invalidFilter');
    }
  });

  test('the error names the place and what was expected', () => {
    expect(refusal('userName regex "x"').detail).toMatch(/at character 10: expected an operator \(eq, .*found 'regex'/);
    expect(refusal('(a pr').detail).toMatch(/at character 6: .*'\)' but found the end/);
    expect(refusal('not a pr').detail).toMatch(/at character 5: expected '\(' after not/);
    expect(refusal('a eq x', STRICT).detail).toMatch(/at character 6: expected a value in double quotes/);
    expect(refusal(`a ${'x'.repeat(5000)}`).detail.length).toBeLessThan(200);
    expect(refusal('a pr \ud800\u0007').detail).toMatch(/found '\?\?'/);
  });
});

describe('limits', () => {
  test('length', () => {
    const filter = (length: number) => `a eq "${'x'.repeat(length - 7)}"`;
    expect(parseFilter(filter(MAX_FILTER_LENGTH), STRICT).kind).toBe('compare');
    expect(refusal(filter(MAX_FILTER_LENGTH + 1)).detail).toMatch(/8193 characters; at most 8192/);
  });

  test('tokens', () => {
    // Three tokens a term but for the last joiner, and one more for the value of each comparison.
    const filter = (compared: number) =>
      Array.from({ length: 333 }, (_, index) => (index < compared ? 'a eq 1' : 'a pr')).join(' or ');
    expect(MAX_FILTER_TOKENS).toBe(1000);
    expect(parseFilter(filter(2), STRICT)).toMatchObject({ kind: 'or' });
    expect(refusal(filter(3)).detail).toMatch(/more than 1000 tokens/);
  });

  test.each([
    ['parentheses', (depth: number) => `${'('.repeat(depth)}a pr${')'.repeat(depth)}`],
    ['not', (depth: number) => `${'not ('.repeat(depth)}a pr${')'.repeat(depth)}`],
    ['inside brackets', (depth: number) => `a[${'('.repeat(depth - 1)}b pr${')'.repeat(depth - 1)}]`],
  ])('depth of %s', (_, filter) => {
    expect(() => parseFilter(filter(MAX_FILTER_DEPTH), STRICT)).not.toThrow();
    expect(refusal(filter(MAX_FILTER_DEPTH + 1)).detail).toMatch(/more than 32 brackets are open/);
  });
});
