import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { countedOf, MOST_PARTS } from '../../src/storage/counted-sets.ts';
import { normalForm } from '../../src/storage/normal-form.ts';
import type { SizeOf } from '../../src/storage/ranks.ts';
import { readyQuery } from '../../src/storage/statement-text.ts';
import { filterOf, locations, typeNames } from './fixtures.ts';

const scope = { tenantId: v7(), type: USER_TYPE, location: locations(1), locations, typeNames, memberTypes: [1] };

/** From where it is counted, each part, and of what. */
function counted(filter: string, sizeOf?: SizeOf) {
  const { parts, less = [], of } = countedOf(normalForm(filterOf(USER_TYPE, filter)), scope, sizeOf);
  const tableOf = (part: (typeof parts)[number]) => readyQuery(part).text.split(' ')[0];
  return { parts: parts.map(tableOf), ...(less.length > 0 ? { less: less.map(tableOf) } : {}), of: of && tableOf(of) };
}

const broad: SizeOf = () => Number.POSITIVE_INFINITY;
const few: SizeOf = () => 3;

describe('countedOf', () => {
  it.each([
    ['title eq "a"', 1],
    ['title eq "a" and not (active eq true)', 1],
    ['title eq "a" and emails.value eq "b"', 1],
    ['title eq "a" or userType eq "b"', 2],
    ['title eq "a" or (userType eq "b" and active eq true) or nickName sw "c"', 3],
  ])('counts values alone: %s', (filter, parts) => {
    expect(counted(filter)).toEqual({ parts: Array(parts).fill('attribute_values'), of: undefined });
  });

  it.each([
    ['not (title eq "a")', 1],
    ['not (title eq "a" or userType eq "b")', 2],
    ['not (title eq "a") or userType eq "b"', 1],
  ])('counts what is missing: %s', (filter, parts) => {
    expect(counted(filter)).toEqual({ parts: Array(parts).fill('attribute_values'), of: 'resources' });
  });

  it.each([
    'userName eq "a"',
    'emails.value eq "a"',
    'title eq "a" and externalId pr',
    'emails.value eq "a" or title eq "b"',
  ])('counts resources where values do not have each once: %s', (filter) => {
    expect(counted(filter)).toEqual({ parts: ['resources'], of: undefined });
  });

  it.each([
    ['title eq "a" and userType eq "b"', 1, 0],
    ['title eq "a" or userType eq "b"', 2, 1],
    ['title eq "a" and userType ne "b"', 1, 1],
    ['title eq "a" and emails.value ne "b"', 1, 1],
    ['title eq "a" and userType eq "b" and emails.value ne "c"', 1, 1],
    ['title eq "a" or userType eq "b" or nickName eq "c"', 4, 3],
  ])('counts intersections where a leaf has much: %s', (filter, parts, less) => {
    const values = (count: number) => (count > 0 ? Array(count).fill('attribute_values') : undefined);
    expect(counted(filter, broad)).toEqual({ parts: values(parts), less: values(less), of: undefined });
  });

  it('counts less of what is missing, where that is an intersection', () => {
    const missing = { parts: Array(2).fill('attribute_values'), less: ['attribute_values'], of: 'resources' };
    expect(counted('not (title eq "a" or userType eq "b")', broad)).toEqual(missing);
  });

  it.each([
    ['title eq "a" or userType eq "b"', few],
    ['title eq "a" or userType sw "b"', broad],
    ['title eq "a" or userType eq "b" or nickName eq "c" or displayName eq "d"', broad],
  ])('counts each part without those before it else: %s', (filter, sizeOf) => {
    expect(counted(filter, sizeOf)).not.toHaveProperty('less');
  });

  it('counts a long "or" as a whole', () => {
    const terms = (count: number) => Array.from({ length: count }, (_, index) => `title eq "${index}"`).join(' or ');
    expect(counted(terms(MOST_PARTS)).parts).toHaveLength(MOST_PARTS);
    expect(counted(terms(MOST_PARTS + 1))).toEqual({ parts: ['resources'], of: undefined });
  });
});
