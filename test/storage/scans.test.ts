import { expect, it } from 'vitest';
import { USER_TYPE } from '../../src/schema/resource-types.ts';
import { scans } from '../../src/storage/scans.ts';
import { filterOf } from './fixtures.ts';

const isScan = (filter: string) => scans(filterOf(USER_TYPE, filter));

it.each([
  'userName eq "a"',
  'userName sw "a"',
  'emails[type eq "work" and value eq "a"]',
  'userName eq "a" and not (title co "b")',
  'userName eq "a" or emails.value eq "a"',
  'not (userName ne "a")',
  'active eq true and userName eq "a"',
])('%s is looked up', (filter) => {
  expect(isScan(filter)).toBe(false);
});

it.each([
  'userName co "a"',
  'userName ew "a"',
  'userName ne "a"',
  'userName pr',
  'userName sw ""',
  'userName gt "a"',
  'active eq true',
  'not (userName eq "a")',
  'userName eq "a" or title co "b"',
  'emails[value co "a"]',
])('%s may look at everything', (filter) => {
  expect(isScan(filter)).toBe(true);
});
