import { v4, v7 } from 'uuid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScimError } from '../../src/protocol/errors.ts';
import { checkElementFilter } from '../../src/protocol/filter/check.ts';
import { parseFilter } from '../../src/protocol/filter/parse.ts';
import type { MembershipStep } from '../../src/protocol/patch/membership.ts';
import { GROUP_TYPE } from '../../src/schema/resource-types.ts';
import { inTransaction, type Storage } from '../../src/storage/database.ts';
import { deleteResources } from '../../src/storage/delete-resources.ts';
import { applyMembership, membersOf } from '../../src/storage/members.ts';
import { lockResource } from '../../src/storage/resources.ts';
import { databases, describeEachDatabase } from '../support/database.ts';
import { attributeOf, insertGroup, insertUser, locations, membershipOf } from './fixtures.ts';

const PARALLEL_ADDS = 50;

describeEachDatabase('applyMembership', (open) => {
  let storage: Storage;
  let tenantId: string;
  let ann: string;
  let bob: string;
  let inner: string;
  let group: string;
  beforeAll(async () => {
    storage = await open();
  });
  beforeEach(async () => {
    tenantId = v7();
    ann = await insertUser(storage.db, tenantId, { userName: 'ann', displayName: 'Ann Ärmel' });
    bob = await insertUser(storage.db, tenantId, { userName: 'Bob' });
    inner = await insertGroup(storage.db, tenantId, 'Inner');
    group = await insertGroup(storage.db, tenantId, 'Group', [ann, bob, inner]);
  });

  const members = (...ids: string[]) => ids.map((value) => ({ value }));
  const apply = (steps: readonly MembershipStep[], skipUnknown = false) =>
    inTransaction(storage.db, (tx) => applyMembership(tx, membershipOf(tenantId, group, skipUnknown), steps));
  const ids = async () => (await membersOf(storage.db, tenantId, [group])).get(group)?.map(({ id }) => id);
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => (error instanceof ScimError ? error.scimType : error),
    );
  const where = (text: string) =>
    checkElementFilter(
      parseFilter(text, { unquotedValues: false, keywordCase: false, rawBackslash: false }),
      attributeOf(GROUP_TYPE, 'members'),
      { quotedBooleans: false, numbersAsStrings: false, searchExtensions: false },
    );

  it('adds those that are not there yet', async () => {
    const carl = await insertUser(storage.db, tenantId, { userName: 'carl' });
    expect(await apply([{ kind: 'add', members: members(ann, carl, carl) }])).toBe(true);
    expect(await ids()).toEqual([ann, bob, inner, carl]);
    expect(await apply([{ kind: 'add', members: members(ann, carl) }])).toBe(false);
    expect(await apply([{ kind: 'add', members: [] }])).toBe(false);
  });

  it('removes those that are named', async () => {
    expect(await apply([{ kind: 'remove', members: members(ann, v4(), 'no id', ann.toUpperCase()) }])).toBe(true);
    expect(await ids()).toEqual([bob, inner]);
    expect(await apply([{ kind: 'remove', members: members(ann, bob.toUpperCase()) }])).toBe(false);
  });

  it('removes all', async () => {
    expect(await apply([{ kind: 'removeAll' }])).toBe(true);
    expect(await ids()).toEqual([]);
    expect(await apply([{ kind: 'removeAll' }])).toBe(false);
  });

  it('replaces, and knows when that changes nothing', async () => {
    const carl = await insertUser(storage.db, tenantId, { userName: 'carl' });
    expect(await apply([{ kind: 'replace', members: members(inner, ann, bob) }])).toBe(false);
    expect(await apply([{ kind: 'replace', members: members(bob, carl) }])).toBe(true);
    expect(await ids()).toEqual([bob, carl]);
    expect(await apply([{ kind: 'replace', members: [] }])).toBe(true);
    expect(await ids()).toEqual([]);
  });

  it('carries steps out in order', async () => {
    await apply([{ kind: 'removeAll' }, { kind: 'add', members: members(bob) }]);
    expect(await ids()).toEqual([bob]);
    await apply([{ kind: 'add', members: members(ann) }, { kind: 'removeAll' }]);
    expect(await ids()).toEqual([]);
  });

  it('counts steps as a change that end where they began', async () => {
    const again = [{ kind: 'remove', members: members(ann) } as const, { kind: 'add', members: members(ann) } as const];
    expect(await apply(again)).toBe(true);
    expect(new Set(await ids())).toEqual(new Set([ann, bob, inner]));
  });

  it.each([
    ['value eq "ANN"', () => [ann, bob, inner]],
    ['type eq "group"', () => [ann, bob]],
    ['type eq "User" and not (display sw "ANN Ä")', () => [ann, inner]],
    ['display eq "bob"', () => [ann, inner]],
    ['display eq "INNER"', () => [ann, bob]],
    ['display pr', () => []],
    ['$ref ew "/nobody" or type ne "User"', () => [ann, bob]],
    ['value pr', () => []],
  ])('removes where %s', async (text, left) => {
    const before = await ids();
    expect(await apply([{ kind: 'removeWhere', filter: where(text) }])).toBe(left().length < (before?.length ?? 0));
    expect(await ids()).toEqual(left());
  });

  it('removes by id and by $ref', async () => {
    await apply([{ kind: 'removeWhere', filter: where(`value eq "${ann.toUpperCase()}"`) }]);
    expect(await ids()).toEqual([bob, inner]);
    await apply([{ kind: 'removeWhere', filter: where(`$ref eq "${locations(GROUP_TYPE.number)}${inner}"`) }]);
    expect(await ids()).toEqual([bob]);
  });

  it('replaces where the filter selects', async () => {
    const carl = await insertUser(storage.db, tenantId, { userName: 'carl' });
    const step = (text: string, whenNone: 'noTarget' | 'add', ...given: string[]): MembershipStep[] => [
      { kind: 'replaceWhere', filter: where(text), members: members(...given), whenNone },
    ];
    expect(await apply(step(`value eq "${ann}"`, 'noTarget', ann))).toBe(false);
    expect(await apply(step(`value eq "${ann}"`, 'noTarget', carl))).toBe(true);
    expect(await ids()).toEqual([bob, inner, carl]);
    expect(await refusal(apply(step(`value eq "${ann}"`, 'noTarget', ann)))).toBe('noTarget');
    expect(await apply(step(`value eq "${ann}"`, 'add', ann))).toBe(true);
    expect(await ids()).toEqual([ann, bob, inner, carl]);
  });

  describe('members that there are not', () => {
    it('are refused by name, and nothing is changed', async () => {
      const unknown = v7();
      for (const id of [unknown, 'no id', bob.toUpperCase()]) {
        const error = await apply([{ kind: 'replace', members: members(id) }]).catch((caught: unknown) => caught);
        expect(error).toMatchObject({ status: 400, scimType: 'invalidValue', refusedInput: true });
        expect((error as ScimError).detail).toContain(id);
      }
      expect(await ids()).toEqual([ann, bob, inner]);
    });

    it('are left out where that is asked for', async () => {
      const carl = await insertUser(storage.db, tenantId, { userName: 'carl' });
      expect(await apply([{ kind: 'add', members: members(v7(), 'no id', carl) }], true)).toBe(true);
      expect(await ids()).toEqual([ann, bob, inner, carl]);
    });

    it('are those of other tenants, too', async () => {
      const foreign = await insertUser(storage.db, v7(), { userName: 'foreign' });
      expect(await refusal(apply([{ kind: 'add', members: members(foreign) }]))).toBe('invalidValue');
    });
  });

  it('keeps a group out of itself', async () => {
    expect(await refusal(apply([{ kind: 'add', members: members(group) }]))).toBe('invalidValue');
    expect(await apply([{ kind: 'add', members: members(group) }], true)).toBe(false);
    expect(await ids()).toEqual([ann, bob, inner]);
  });

  it('loses none of many that are added at once', async () => {
    const users = await Promise.all(
      Array.from({ length: PARALLEL_ADDS }, (_, index) =>
        insertUser(storage.db, tenantId, { userName: `user-${index}` }),
      ),
    );
    await Promise.all(
      users.map((user) =>
        inTransaction(storage.db, async (tx) => {
          await lockResource(tx, tenantId, GROUP_TYPE.number, group);
          await applyMembership(tx, membershipOf(tenantId, group), [{ kind: 'add', members: members(user) }]);
        }),
      ),
    );
    expect((await ids())?.toSorted()).toEqual([ann, bob, inner, ...users].toSorted());
  });
});

const postgres = databases().find(({ name }) => name === 'postgres');

describe.skipIf(postgres?.skip !== undefined)('a member that is deleted while it is added', () => {
  it('leaves no membership behind, whoever comes first', async () => {
    const storage = await postgres?.open();
    if (!storage) throw new Error('no PostgreSQL');
    const tenantId = v7();
    for (let round = 0; round < 20; round++) {
      const user = await insertUser(storage.db, tenantId, { userName: `user-${round}` });
      const group = await insertGroup(storage.db, tenantId, `group-${round}`);
      const add = inTransaction(storage.db, async (tx) => {
        await lockResource(tx, tenantId, GROUP_TYPE.number, group);
        const step: MembershipStep = { kind: 'add', members: [{ value: user }] };
        return applyMembership(tx, membershipOf(tenantId, group, true), [step]);
      });
      const removal = inTransaction(storage.db, (tx) => deleteResources(tx, tenantId, [user]));
      const [added, { lost }] = await Promise.all([add, removal]);
      expect(lost).toEqual(added ? [{ group, member: user }] : []);
      expect((await membersOf(storage.db, tenantId, [group])).get(group)).toEqual([]);
    }
    await storage.close();
  });
});
