import fc from 'fast-check';
import { v7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import type { CheckedFilter, CompareOperator } from '../../src/protocol/filter/ast.ts';
import { evaluateFilter } from '../../src/protocol/filter/evaluate.ts';
import type { JsonObject } from '../../src/schema/json.ts';
import type { ResourceTypeDefinition } from '../../src/schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import type { Database, Storage } from '../../src/storage/database.ts';
import { membersOf } from '../../src/storage/members.ts';
import { searchResources } from '../../src/storage/search.ts';
import {
  addMembers,
  attributeOf,
  groupsOf,
  insertGroup,
  insertUser,
  locations,
  searchOf,
  typeNames,
} from '../storage/fixtures.ts';
import { describeEachDatabase } from '../support/database.ts';
import { combinedOf } from '../support/generators.ts';

const USERS = [
  { userName: 'Ann' },
  { userName: 'b', displayName: 'Bob' },
  { userName: 'c', displayName: '' },
  { userName: 'd' },
];
const GROUPS = ['One', 'Two', 'Three'];
const OPERATORS: readonly CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

/** Who is in which group: an index into users and groups. Groups may contain each other in circles. */
const directories = fc.record({
  edges: fc.array(fc.record({ group: fc.nat(GROUPS.length - 1), member: fc.nat(USERS.length + GROUPS.length - 1) }), {
    maxLength: 12,
  }),
});

/** A filter whose needles name resources by their place; the ids are known once they are stored. */
type Pick = (ids: readonly string[]) => CheckedFilter;

function leafOf(type: ResourceTypeDefinition, parent: string): fc.Arbitrary<Pick> {
  const operator = fc.constantFrom(...OPERATORS);
  const place = fc.nat(USERS.length + GROUPS.length - 1);
  const compare = (sub: string, needle: (id: string) => string) =>
    fc.tuple(operator, place).map(
      ([op, at]): Pick =>
        (ids) => ({
          kind: 'compare',
          path: attributeOf(type, `${parent}.${sub}`),
          operator: op,
          value: needle(ids[at] ?? ''),
        }),
    );
  const compareText = (sub: string, needles: readonly string[]) =>
    fc.tuple(operator, fc.constantFrom(...needles)).map(
      ([op, value]): Pick =>
        () => ({ kind: 'compare', path: attributeOf(type, `${parent}.${sub}`), operator: op, value }),
    );
  const present = fc.constantFrom(parent, `${parent}.value`, `${parent}.display`, `${parent}.type`).map(
    (path): Pick =>
      () => ({ kind: 'present', path: attributeOf(type, path) }),
  );
  return fc.oneof(
    compare('value', (id) => id),
    compare('$ref', (id) => locations(USER_TYPE.number) + id),
    compare('$ref', (id) => locations(GROUP_TYPE.number) + id),
    compareText('display', ['ann', 'BOB', 'o', '', 'one', 'Three']),
    compareText('type', ['direct', 'INDIRECT', 'User', 'group', 'r']),
    present,
  );
}

/** Combinations of leaves, outside and inside of value paths. */
function pickFor(type: ResourceTypeDefinition, parent: string): fc.Arbitrary<Pick> {
  const plain = leafOf(type, parent);
  const inside = combined(plain, 2).map(
    (inner): Pick =>
      (ids) => ({ kind: 'valuePath', path: attributeOf(type, parent), filter: inner(ids) }),
  );
  return combined(fc.oneof(plain, inside), 2);
}

function combined(leaf: fc.Arbitrary<Pick>, depth: number): fc.Arbitrary<Pick> {
  // `combinedOf` knows the shapes of filters; its leaves stand for ours until the ids are known.
  return fc.tuple(fc.array(leaf, { minLength: 8, maxLength: 8 }), combinedOf<number>(placeholder, depth)).map(
    ([leaves, shape]): Pick =>
      (ids) =>
        fill(shape, (index) => leaves[index]?.(ids)),
  );
}

const placeholder = fc.nat(7).map((path) => ({ kind: 'present', path }) as const);

function fill(
  shape: ReturnType<typeof combinedOf<number>> extends fc.Arbitrary<infer S> ? S : never,
  leaf: (index: number) => CheckedFilter | undefined,
): CheckedFilter {
  switch (shape.kind) {
    case 'and':
    case 'or':
      return { kind: shape.kind, terms: shape.terms.map((term) => fill(term, leaf)) };
    case 'not':
      return { kind: 'not', term: fill(shape.term, leaf) };
    default: {
      const found = leaf(shape.path);
      if (!found) throw new Error('no leaf');
      return found;
    }
  }
}

describeEachDatabase('a filter over memberships in SQL selects what it selects in memory', (open) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });

  const cases = [
    { type: USER_TYPE, parent: 'groups' },
    { type: GROUP_TYPE, parent: 'members' },
  ];
  it.each(cases)('over $parent', { timeout: 120_000 }, async ({ type, parent }) => {
    const filters = fc.array(pickFor(type, parent), { minLength: 5, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(directories, filters, async ({ edges }, picks) => {
        const tenantId = v7();
        const ids = await insertDirectory(storage.db, tenantId, edges);
        const served = await servedResources(storage.db, tenantId, type, ids);
        for (const pick of picks) {
          const filter = pick(ids);
          const expected = served.filter((resource) => evaluateFilter(filter, resource)).map(({ id }) => id);
          const { rows, total } = await searchResources(storage.db, ...searchOf(tenantId, type, { filter }));
          expect(rows.map(({ id }) => id)).toEqual(expected);
          expect(total).toBe(expected.length);
        }
      }),
      { numRuns: 40 },
    );
  });
});

async function insertDirectory(db: Database, tenantId: string, edges: readonly { group: number; member: number }[]) {
  const users: string[] = [];
  for (const user of USERS) users.push(await insertUser(db, tenantId, user));
  const groups: string[] = [];
  for (const name of GROUPS) groups.push(await insertGroup(db, tenantId, name));
  const ids = [...users, ...groups];
  for (const { group, member } of edges) {
    const [groupId = '', memberId = ''] = [groups[group], ids[member]];
    if (groupId !== memberId) await addMembers(db, tenantId, groupId, [memberId]);
  }
  return ids;
}

async function servedResources(db: Database, tenantId: string, type: ResourceTypeDefinition, ids: readonly string[]) {
  const users = ids.slice(0, USERS.length);
  if (type === USER_TYPE) {
    const groups = await groupsOf(db, tenantId, users);
    return users.map((id): JsonObject => {
      const list = (groups.get(id) ?? []).map((group) => ({
        value: group.id,
        $ref: locations(GROUP_TYPE.number) + group.id,
        display: group.display,
        type: group.direct ? 'direct' : 'indirect',
      }));
      return { id, groups: list };
    });
  }
  const groups = ids.slice(USERS.length);
  const members = await membersOf(db, tenantId, groups);
  return groups.map((id): JsonObject => {
    const list = (members.get(id) ?? []).map((member) => ({
      value: member.id,
      $ref: locations(member.type) + member.id,
      display: member.display,
      type: typeNames(member.type),
    }));
    return { id, members: list };
  });
}
