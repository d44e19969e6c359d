import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CompareOperator, Filter, FilterValue, ParsedFilter } from '../../../src/protocol/filter/ast.ts';
import { parseFilter } from '../../../src/protocol/filter/parse.ts';
import { printFilter } from '../../../src/protocol/filter/print.ts';
import { combinedOf, filterTextFor, SAMPLE_TYPE } from '../../support/generators.ts';
import { LENIENT, STRICT } from './leniencies.ts';

const NAMES = ['userName', 'a', 'x-y_2', '$ref', 'not', 'and', 'OR', 'eq', 'pr', 'true', 'constructor', 'urn'];
const name = fc.constantFrom(...NAMES);
const path = fc
  .tuple(
    fc.constantFrom('', 'urn:ietf:params:scim:schemas:core:2.0:User:', 'urn:ex:a+b(c)!$,=@;*:'),
    name,
    fc.option(name),
  )
  .map(([urn, first, second]) => urn + (second === null ? first : `${first}.${second}`));
const value = fc.oneof<fc.Arbitrary<FilterValue>[]>(
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  fc.constantFrom('\\', '"', 'a\\', '\\"', 'not (', '\n', '\u2028', '"0"', 'p0'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.integer(),
  fc.constantFrom(true, false, null),
);
const operator = fc.constantFrom<CompareOperator>('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
const expression = fc.oneof(
  path.map((one): ParsedFilter => ({ kind: 'present', path: one })),
  fc.record({ path, operator, value }).map((given): ParsedFilter => ({ kind: 'compare', ...given })),
);
const valuePath = fc
  .record({ path, filter: combinedOf<string>(expression, 2) })
  .map((given): Filter<string> => ({ kind: 'valuePath', ...given }));

test('a printed filter is parsed as what it was', () => {
  fc.assert(
    fc.property(combinedOf<string>(fc.oneof(expression, valuePath)), (filter) => {
      expect(parseFilter(printFilter(filter), STRICT)).toEqual(filter);
      expect(parseFilter(printFilter(filter), LENIENT)).toEqual(filter);
    }),
    { numRuns: 1000 },
  );
});

test('text that was printed is printed the same again', () => {
  fc.assert(
    fc.property(filterTextFor(SAMPLE_TYPE), (text) => {
      fc.pre(text.length <= 8192);
      expect(printFilter(parseFilter(text, STRICT))).toBe(text);
    }),
  );
});

test('parentheses stand only where precedence needs them', () => {
  const text = (written: string) => printFilter(parseFilter(written, STRICT));
  expect(text('((a pr) and (b pr)) or (c pr and (d pr or (e pr)))')).toBe('a pr and b pr or c pr and (d pr or e pr)');
  expect(text('NOT((A pr)) AND (B[(c EQ -0)])')).toBe('not (A pr) and B[c eq -0]');
  expect(text('emails[type eq "work"].value eq "x"')).toBe('emails[type eq "work" and value eq "x"]');
});
