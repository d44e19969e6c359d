import fc from 'fast-check';
import { expect, it } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { intersectionsOf } from '../../src/storage/inclusion.ts';
import { type Leaf, leavesOf, normalForm, type Term } from '../../src/storage/normal-form.ts';
import { combinedOf } from '../support/generators.ts';
import { attributeOf, filterOf } from './fixtures.ts';

/** The sum of the filter, in words. */
function told(text: string): string {
  return intersectionsOf(normalForm(filterOf(USER_TYPE, text)))
    .map(({ times, leaves }) => `${times} ${leaves.map(wordOf).join('') || 'all'}`)
    .sort()
    .join(', ');
}

function wordOf(leaf: Leaf): string {
  return leaf.kind === 'compare' ? String(leaf.value) : '';
}

it.each([
  ['title eq "a"', '1 a'],
  ['not (title eq "a")', '-1 a, 1 all'],
  ['title eq "a" and userType eq "b"', '1 ab'],
  ['title eq "a" or userType eq "b"', '-1 ab, 1 a, 1 b'],
  ['title eq "a" and userType ne "b"', '-1 ab, 1 a'],
  ['title eq "a" or userType ne "b"', '-1 b, 1 ab, 1 all'],
  ['not (title eq "a" or userType eq "b")', '-1 a, -1 b, 1 ab, 1 all'],
  ['(title eq "a" or userType eq "b") and nickName ne "c"', '-1 ab, -1 ac, -1 bc, 1 a, 1 abc, 1 b'],
])('%s: %s', (filter, expected) => {
  expect(told(filter)).toBe(expected);
});

it('counts each that the term selects once, and nothing else', () => {
  const leaf = fc.nat(3).map((value) => ({ kind: 'compare', path: TITLE, operator: 'eq', value: `${value}` }) as const);
  fc.assert(
    fc.property(combinedOf(leaf), fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (filter, truths) => {
      const term = normalForm(filter);
      const leaves = leavesOf(term);
      fc.pre(leaves.length <= 10);
      const holds = (one: Leaf) => truths[leaves.indexOf(one)] === true;
      const counted = intersectionsOf(term).filter((one) => one.leaves.every(holds));
      expect(counted.reduce((sum, { times }) => sum + times, 0)).toBe(Number(isTrue(term, holds)));
    }),
  );
});

const TITLE = attributeOf(USER_TYPE, 'title');

function isTrue(term: Term, holds: (leaf: Leaf) => boolean): boolean {
  if (term.kind === 'leaf') return holds(term.leaf) !== term.negated;
  return term.kind === 'and'
    ? term.terms.every((one) => isTrue(one, holds))
    : term.terms.some((one) => isTrue(one, holds));
}
