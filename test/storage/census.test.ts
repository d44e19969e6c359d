import fc from 'fast-check';
import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { evaluateFilter } from '../../src/protocol/filter/evaluate.ts';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { uuidBytes } from '../../src/storage/binary-rows.ts';
import { attributeNumber } from '../../src/storage/catalog.ts';
import { Census, CensusError, HOLDERS_SIZE, MOST_LATE, MOST_VALUES } from '../../src/storage/census.ts';
import { CHUNK } from '../../src/storage/census-bits.ts';
import { attributesAsked, type CensusQuestion, MOST_ASKED, questionOf } from '../../src/storage/census-question.ts';
import { indexValues } from '../../src/storage/index-values.ts';
import { normalForm } from '../../src/storage/normal-form.ts';
import { checkedFilterFor, samplesOf, served } from '../support/generators.ts';
import { SAMPLE_TYPE } from '../support/sample-type.ts';
import { filterOf, locations, typeNames } from './fixtures.ts';

const scopeOf = (type: typeof USER_TYPE) => ({
  tenantId: v7(),
  type,
  location: locations(1),
  locations,
  typeNames,
  memberTypes: [1],
});
const question = (filter: string) => questionOf(normalForm(filterOf(USER_TYPE, filter)), scopeOf(USER_TYPE));
const asked = (filter: string): CensusQuestion => question(filter) ?? expect.fail(`no question: ${filter}`);
const leavesIn = (asked: CensusQuestion): CensusQuestion[] =>
  asked.kind === 'value' ? [asked] : asked.questions.flatMap(leavesIn);
const TITLE = attributeNumber('User', 'title');

const bytesOf = (ids: readonly string[]) => Buffer.concat(ids.map((id) => uuidBytes(id)));
const idAt = (place: number) => `00000000-0000-7000-8000-${place.toString(16).padStart(12, '0')}`;
const idsFrom = (begin: number, count: number) => Array.from({ length: count }, (_, index) => idAt(begin + index));

function censusOf(ids: readonly string[], attributes: readonly number[] = [TITLE]): Census {
  const census = new Census();
  census.add(bytesOf(ids));
  for (const attribute of attributes) census.addColumn(attribute);
  return census;
}

describe('a census', () => {
  it('counts what filters select', async () => {
    const filters = fc.array(checkedFilterFor(SAMPLE_TYPE), { minLength: 20, maxLength: 20 });
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(samplesOf(SAMPLE_TYPE), filters, fc.boolean(), async (samples, tried, leavesFirst) => {
        const ids = samples.map(({ document }) => String(document.id)).sort();
        for (const filter of tried) {
          const found = questionOf(normalForm(filter), scopeOf(SAMPLE_TYPE));
          if (!found) continue;
          answered += 1;
          const census = censusOf(ids, [...attributesAsked(found)]);
          for (const { document } of samples) {
            for (const { attribute, value } of indexValues(SAMPLE_TYPE, document)) {
              census.tell(attribute, value, bytesOf([String(document.id)]));
            }
          }
          // Who has a value is known from then on.
          if (leavesFirst) for (const leaf of leavesIn(found)) await census.count(leaf);
          const expected = samples.filter((sample) => evaluateFilter(filter, served(SAMPLE_TYPE, sample))).length;
          expect(await census.count(found)).toBe(expected);
        }
      }),
      { numRuns: 200 },
    );
    expect(answered).toBeGreaterThan(100);
  });

  it('counts across chunks', async () => {
    const ids = idsFrom(0, 2 * CHUNK + 1);
    const census = censusOf(ids);
    const titled = [CHUNK - 1, CHUNK, 2 * CHUNK - 1, 2 * CHUNK].map(idAt);
    census.tell(TITLE, 'a', bytesOf(titled));
    expect(census.size).toBe(ids.length);
    expect(await census.count(undefined)).toBe(ids.length);
    expect(await census.count(asked('title eq "a"'))).toBe(4);
    expect(await census.count(asked('not (title eq "a")'))).toBe(ids.length - 4);
    expect(await census.count(asked('not (title pr) or title eq "A"'))).toBe(ids.length);
    expect(await census.count({ kind: 'value', attribute: TITLE, needle: null, negated: false })).toBe(0);
    expect(await census.count(asked('title ne "a" and title eq "a"'))).toBe(0);
  });

  it('finds ids in whatever order they are told, and none that it does not have', async () => {
    const census = censusOf(idsFrom(0, 1000).filter((_, index) => index % 2 === 0));
    census.tell(TITLE, 'a', bytesOf(idsFrom(0, 1000).toReversed()));
    census.tell(TITLE, 'b', bytesOf([idAt(0), idAt(998), idAt(997), idAt(2), idAt(2)]));
    expect(await census.count(asked('title eq "b"'))).toBe(3);
    expect(await census.count(asked('title eq "a"'))).toBe(497);
  });

  it('learns what has changed', async () => {
    const census = censusOf(idsFrom(0, 3));
    census.tell(TITLE, 'a', bytesOf(idsFrom(0, 3)));
    const count = async () => [
      census.size,
      await census.count(asked('title eq "a"')),
      await census.count(asked('title eq "b"')),
    ];
    expect(await count()).toEqual([3, 3, 0]);
    // One is changed, one has no title any more, one is gone; one is new, and one came and went.
    const changed = [idAt(0), idAt(1), idAt(2), idAt(9), idAt(10)];
    const values = [
      { id: idAt(0), attribute: TITLE, value: 'b' },
      { id: idAt(1), attribute: null, value: null },
      { id: idAt(9), attribute: TITLE, value: 'b' },
    ];
    census.learn(changed, values);
    expect(await count()).toEqual([3, 0, 2]);
    census.learn(changed, values);
    expect(await count()).toEqual([3, 0, 2]);
    census.learn([idAt(2), idAt(9)], [{ id: idAt(2), attribute: TITLE, value: 'a' }]);
    expect(await count()).toEqual([3, 1, 1]);
    census.removeColumn(TITLE);
    census.addColumn(TITLE);
    census.tell(TITLE, 'a', bytesOf([idAt(9), idAt(0)]));
    expect(await count()).toEqual([3, 1, 0]);
    census.learn([idAt(9)], [{ id: idAt(9), attribute: TITLE, value: 'a' }]);
    expect(await count()).toEqual([4, 2, 0]);
  });

  it('takes ids in their order alone', () => {
    const census = censusOf(idsFrom(5, 2));
    expect(() => census.add(bytesOf([idAt(6)]))).toThrow(CensusError);
    expect(() => census.add(bytesOf([idAt(4)]))).toThrow(CensusError);
    expect(census.size).toBe(2);
  });

  it(`tells ${MOST_VALUES} values of an attribute apart, and no more`, async () => {
    const census = censusOf(idsFrom(0, 2));
    for (let value = 0; value < MOST_VALUES - 1; value++) census.tell(TITLE, `${value}`, bytesOf([idAt(0)]));
    census.tell(TITLE, 'last', bytesOf([idAt(1)]));
    expect(await census.count(asked('title eq "last"'))).toBe(1);
    expect(() => census.tell(TITLE, 'one more', bytesOf([idAt(0)]))).toThrow(CensusError);
  });

  it('takes more memory for more values, and for longer ones', () => {
    const census = censusOf([idAt(0)]);
    const bytesFor = (value: string) => {
      const before = census.bytes;
      census.tell(TITLE, value, bytesOf([idAt(0)]));
      return census.bytes - before;
    };
    expect(bytesFor('a')).toBeGreaterThan(0);
    expect(bytesFor('a')).toBe(0);
    expect(bytesFor('b'.repeat(500))).toBeGreaterThan(1000);
    const before = census.bytes;
    census.removeColumn(TITLE);
    expect(census.bytes).toBeLessThan(before - 1000);
  });

  it('remembers for a few values who has them, and tells those of any', async () => {
    const census = censusOf(idsFrom(0, 100));
    for (let value = 0; value < 100; value++) census.tell(TITLE, `${value}`, bytesOf([idAt(value)]));
    const before = census.bytes;
    for (let round = 0; round < 2; round++) {
      for (let value = 0; value < 100; value++) {
        expect(await census.count(asked(`title eq "${value}" or title eq "0"`))).toBe(value === 0 ? 1 : 2);
      }
    }
    expect(census.bytes).toBe(before + HOLDERS_SIZE * (CHUNK / 8));
    census.learn([idAt(0)], [{ id: idAt(0), attribute: TITLE, value: '1' }]);
    expect(census.bytes).toBe(before);
    expect(await census.count(asked('title eq "1"'))).toBe(2);
  });

  it(`learns of ${MOST_LATE} new ones, and no more`, () => {
    const census = censusOf([idAt(0)]);
    const many = idsFrom(1, MOST_LATE);
    const valuesOf = (ids: readonly string[]) => ids.map((id) => ({ id, attribute: null, value: null }));
    census.learn(many, valuesOf(many));
    expect(census.size).toBe(MOST_LATE + 1);
    const another = idsFrom(MOST_LATE + 1, 1);
    expect(() => census.learn(another, valuesOf(another))).toThrow(CensusError);
  });
});

describe('a question', () => {
  it.each(['userName eq "a"', 'emails.value eq "a"', 'emails pr', 'name pr', 'meta.created gt "2026-01-01T00:00:00Z"'])(
    'is none where an attribute does not have one value: %s',
    (filter) => expect(question(filter)).toBeUndefined(),
  );

  it.each(['co', 'ew', 'sw', 'gt', 'ge', 'lt', 'le'])('is none where not one value is equal: %s', (operator) => {
    expect(question(`title ${operator} "a"`)).toBeUndefined();
    expect(question(`title eq "a" or title ${operator} "a"`)).toBeUndefined();
  });

  it(`has up to ${MOST_ASKED} leaves`, () => {
    const leaves = (count: number) => Array.from({ length: count }, (_, index) => `title eq "${index}"`).join(' or ');
    expect(question(leaves(MOST_ASKED))).toBeDefined();
    expect(question(leaves(MOST_ASKED + 1))).toBeUndefined();
  });

  it('is none about more of a long value than its beginning', () => {
    expect(question(`title eq "${'a'.repeat(499)}"`)).toBeDefined();
    expect(question(`title eq "${'a'.repeat(500)}"`)).toBeUndefined();
  });
});
