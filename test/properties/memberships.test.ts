import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { computedResults } from '../../src/directory/computed-results.ts';
import { readMembershipAt, searchMemberships } from '../../src/directory/memberships.ts';
import { COMMAND_LINE } from '../../src/directory/operator.ts';
import { systemContext } from '../../src/directory/system-context.ts';
import { createTenant } from '../../src/directory/tenants.ts';
import { dialectOf } from '../../src/profiles/resolve.ts';
import { RFC } from '../../src/profiles/rfc.ts';
import { checkFilter } from '../../src/protocol/filter/check.ts';
import { evaluateFilter } from '../../src/protocol/filter/evaluate.ts';
import { parseFilter } from '../../src/protocol/filter/parse.ts';
import { projectionOf } from '../../src/protocol/projection.ts';
import { GROUP_MEMBERSHIP_TYPE } from '../../src/schema/group-membership.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import { resolveAttribute } from '../../src/schema/registry.ts';
import type { Position } from '../../src/storage/cursor-page.ts';
import type { Storage } from '../../src/storage/database.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, group, user } from '../support/directory.ts';

const SORT_BY = ['id', 'group', 'group.display', 'member.value', 'member.type', 'member.display', 'member.$ref'];
const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const PATHS = ['id', 'group.value', 'group.display', 'group.$ref', 'member.value', 'member.type', 'member.display'];
const MORE_PATHS = ['externalId', 'meta.location', 'meta.version', 'meta.resourceType', 'schemas', 'group', 'member'];

/** Filters over memberships whose literals are values of these memberships, or parts of them. */
function filters(all: readonly JsonObject[]): fc.Arbitrary<string> {
  const literals = all.flatMap(({ id, group: ofGroup, member, meta }) =>
    [{ id }, ofGroup, member, meta].flatMap((part) => Object.values(part as JsonObject).map(String)),
  );
  const literal = fc.tuple(fc.constantFrom(...literals), fc.nat(8), fc.nat(60)).map(([text, start, length]) =>
    JSON.stringify(
      Array.from(text)
        .slice(start > 4 ? 0 : start, start > 4 ? 100 : start + length + 1)
        .join(''),
    ),
  );
  const compare = fc
    .tuple(fc.constantFrom(...PATHS, ...MORE_PATHS), fc.constantFrom(...OPERATORS), literal)
    .map(([path, operator, value]) => `${path} ${operator} ${value}`);
  const present = fc.constantFrom(...PATHS, ...MORE_PATHS, 'meta', 'meta.created').map((path) => `${path} pr`);
  const within = fc
    .tuple(
      fc.constantFrom('group', 'member'),
      fc.constantFrom('value', 'display', '$ref'),
      fc.constantFrom(...OPERATORS),
      literal,
    )
    .map(
      ([parent, sub, operator, value]) =>
        `${parent}[${sub} ${operator} ${value} and not (display pr and value eq "x")]`,
    );
  const { filter } = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      compare,
      present,
      within,
      fc
        .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
        .map(([a, word, b]) => `(${a}) ${word} (${b})`),
      tie('filter').map((inner) => `not (${inner})`),
    ),
  }));
  return filter;
}

describeEachDatabase('searches over memberships', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  it('find in SQL what the filter means in memory, in the same order and on the same pages', async () => {
    const dialect = dialectOf(RFC, 'strict', { roles: [], features: ['group-memberships'] });
    const slug = `t-${randomUUID()}`;
    const { id: tenantId } = await createTenant(systemContext(storage.db), COMMAND_LINE, { slug, profile: 'rfc' });
    const directory = directoryOn(storage, { scope: { dialect, tenantId } });
    const { context, scope } = directory;
    const names = ['ada', 'Bob', 'ännchen', 'z'.repeat(300)];
    const users = await Promise.all(names.map((name) => directory.create('User', user(name))));
    const shown = await directory.create('User', user('five', { displayName: `Five ${'🙂'.repeat(600)}` }));
    const ids = [...users, shown].map(({ id }) => id);
    const staff = await directory.create('Group', group('Staff', ids));
    await directory.create('Group', group('Everyone', [staff.id, ...ids.slice(1, 3)]));
    const search = (query: object) => searchMemberships(context, scope, query);
    const whole = (await search({})).Resources as JsonObject[];
    expect(whole).toHaveLength(8);
    const projection = projectionOf(GROUP_MEMBERSHIP_TYPE, {});
    for (const one of whole) {
      expect((await readMembershipAt(context, scope, String(one.id), projection)).body).toEqual(one);
    }

    const options = { quotedBooleans: false, numbersAsStrings: false, searchExtensions: false };
    const leniencies = { unquotedValues: false, keywordCase: false, rawBackslash: false };
    const question = fc.record({
      filter: filters(whole),
      sortBy: fc.constantFrom(...SORT_BY, undefined),
      descending: fc.boolean(),
      count: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ filter, sortBy, descending, count }) => {
        const checked = checkFilter(parseFilter(filter, leniencies), GROUP_MEMBERSHIP_TYPE, options);
        const selected = whole.filter((one) => evaluateFilter(checked, one));
        const by =
          sortBy === undefined
            ? undefined
            : resolveAttribute(GROUP_MEMBERSHIP_TYPE, sortBy === 'group' ? 'group.value' : sortBy);
        const expected = computedResults(selected, by, descending);
        const query = {
          filter,
          count,
          ...(sortBy ? { sortBy, sortOrder: descending ? 'descending' : 'ascending' } : {}),
        };
        const idsIn = (list: readonly unknown[]) => list.map((one) => (one as JsonObject).id);

        const byIndex = await search({ ...query, startIndex: 2 });
        const page = await expected.page({ offset: 1, limit: count });
        expect([byIndex.totalResults, idsIn(byIndex.Resources as JsonObject[])]).toEqual([
          page.total,
          idsIn(page.rows),
        ]);

        let position: Position | undefined;
        let cursor: unknown = '';
        do {
          const found: JsonObject = await search({ ...query, cursor });
          const there = await expected.from(position, count);
          expect(idsIn(found.Resources as JsonObject[])).toEqual(idsIn(there.rows));
          expect([found.nextCursor !== undefined, found.previousCursor !== undefined]).toEqual([
            there.next !== undefined,
            there.previous !== undefined,
          ]);
          [position, cursor] = [there.next, found.nextCursor];
        } while (cursor !== undefined);
      }),
      { numRuns: 60 },
    );
  });
});
