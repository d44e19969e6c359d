import { v4, v7 } from 'uuid';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { inTransaction, type Storage } from '../../src/storage/database.ts';
import { hasMoreMembersThan, membersOf, touchGroups } from '../../src/storage/members.ts';
import { findResource } from '../../src/storage/resources.ts';
import { describeEachDatabase } from '../support/database.ts';
import { addMembers, groupsOf, insertGroup, insertUser } from './fixtures.ts';

const LATER = new Date('2026-11-22T00:00:00.000Z');

describeEachDatabase('members', (open) => {
  let storage: Storage;
  let tenantId: string;
  beforeAll(async () => {
    storage = await open();
  });
  beforeEach(() => {
    tenantId = v7();
  });

  it('shows members with type and display, by id', async () => {
    const named = await insertUser(storage.db, tenantId, { userName: 'a', displayName: 'Ann' });
    const plain = await insertUser(storage.db, tenantId, { userName: 'Bob' });
    const inner = await insertGroup(storage.db, tenantId, 'Inner');
    const outer = await insertGroup(storage.db, tenantId, 'Outer', [inner, plain, named]);
    const empty = v7();
    expect(await membersOf(storage.db, tenantId, [outer, inner, empty])).toEqual(
      new Map([
        [
          outer,
          [
            { id: named, type: USER_TYPE.number, display: 'Ann' },
            { id: plain, type: USER_TYPE.number, display: 'Bob' },
            { id: inner, type: GROUP_TYPE.number, display: 'Inner' },
          ],
        ],
        [inner, []],
        [empty, []],
      ]),
    );
    expect((await membersOf(storage.db, v7(), [outer])).get(outer)).toEqual([]);
    expect(await membersOf(storage.db, tenantId, [])).toEqual(new Map());
  });

  it('tells whether there are more members than that', async () => {
    const users = [];
    for (const userName of ['a', 'b', 'c']) users.push(await insertUser(storage.db, tenantId, { userName }));
    const group = await insertGroup(storage.db, tenantId, 'Three', users);
    expect(await hasMoreMembersThan(storage.db, tenantId, group, 2)).toBe(true);
    expect(await hasMoreMembersThan(storage.db, tenantId, group, 3)).toBe(false);
    expect(await hasMoreMembersThan(storage.db, v7(), group, 0)).toBe(false);
  });

  it('finds groups through nested groups', async () => {
    const user = await insertUser(storage.db, tenantId, { userName: 'a' });
    const other = await insertUser(storage.db, tenantId, { userName: 'b' });
    const inner = await insertGroup(storage.db, tenantId, 'Inner', [user]);
    const middle = await insertGroup(storage.db, tenantId, 'Middle', [inner]);
    const outer = await insertGroup(storage.db, tenantId, 'Outer', [middle, user]);
    await insertGroup(storage.db, tenantId, 'Elsewhere', [other]);
    const groups = await groupsOf(storage.db, tenantId, [user]);
    expect(groups).toEqual(
      new Map([
        [
          user,
          [
            { id: inner, display: 'Inner', direct: true },
            { id: middle, display: 'Middle', direct: false },
            // Both ways: direct wins.
            { id: outer, display: 'Outer', direct: true },
          ],
        ],
      ]),
    );
    expect((await groupsOf(storage.db, v7(), [user])).get(user)).toEqual([]);
  });

  it('is not held up by groups that contain each other', async () => {
    const user = await insertUser(storage.db, tenantId, { userName: 'a' });
    const one = await insertGroup(storage.db, tenantId, 'One', [user]);
    const two = await insertGroup(storage.db, tenantId, 'Two', [one]);
    const three = await insertGroup(storage.db, tenantId, 'Three', [two]);
    await addMembers(storage.db, tenantId, one, [three]);
    const groups = (await groupsOf(storage.db, tenantId, [user])).get(user);
    expect(groups?.map(({ display, direct }) => [display, direct])).toEqual([
      ['One', true],
      ['Two', false],
      ['Three', false],
    ]);
  });

  it('gives touched groups a new version, those of the tenant only', async () => {
    const first = await insertGroup(storage.db, tenantId, 'First');
    const second = await insertGroup(storage.db, tenantId, 'Second');
    const foreign = await insertGroup(storage.db, v7(), 'Foreign');
    const touched = await inTransaction(storage.db, (tx) => touchGroups(tx, tenantId, [second, first, foreign], LATER));
    expect(touched).toEqual([
      { id: first, version: 2 },
      { id: second, version: 2 },
    ]);
    expect(await findResource(storage.db, tenantId, GROUP_TYPE.number, first)).toMatchObject({
      version: 2,
      lastModified: LATER.toISOString(),
    });
    const again = await touchGroups(storage.db, tenantId, [first, second, first], LATER);
    expect(again.map(({ version }) => version)).toEqual([4, 3]);
    expect(await touchGroups(storage.db, tenantId, [], LATER)).toEqual([]);
    expect(await touchGroups(storage.db, tenantId, [v4()], LATER)).toEqual([]);
  });
});
