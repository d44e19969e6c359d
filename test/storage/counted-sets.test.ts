import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { countedOf, MOST_PARTS } from '../../src/storage/counted-sets.ts';
import { normalForm } from '../../src/storage/normal-form.ts';
import { readyQuery } from '../../src/storage/statement-text.ts';
import { filterOf, locations, typeNames } from './fixtures.ts';

const scope = { tenantId: v7(), type: USER_TYPE, location: locations(1), locations, typeNames, memberTypes: [1] };

/** From where it is counted, each part, and of what. */
function counted(filter: string) {
  const { parts, of } = countedOf(normalForm(filterOf(USER_TYPE, filter)), scope);
  const tableOf = (part: (typeof parts)[number]) => readyQuery(part).text.split(' ')[0];
  return { parts: parts.map(tableOf), of: of && tableOf(of) };
}

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

  it('counts a long "or" as a whole', () => {
    const terms = (count: number) => Array.from({ length: count }, (_, index) => `title eq "${index}"`).join(' or ');
    expect(counted(terms(MOST_PARTS)).parts).toHaveLength(MOST_PARTS);
    expect(counted(terms(MOST_PARTS + 1))).toEqual({ parts: ['resources'], of: undefined });
  });
});
