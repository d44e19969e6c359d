import { sql } from 'drizzle-orm';
import { v4, v7 } from 'uuid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/schema/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/schema/resource-types.ts';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../src/schema/urns.ts';
import { attributeNumber } from '../../src/storage/catalog.ts';
import { inTransaction, rows, type Storage } from '../../src/storage/database.ts';
import { deleteResources } from '../../src/storage/delete-resources.ts';
import { uniqueViolation } from '../../src/storage/errors.ts';
import { resourceNamed } from '../../src/storage/look-up.ts';
import { membersOf } from '../../src/storage/members.ts';
import {
  DOCUMENT_ONLY,
  findResource,
  holdersOfUniqueKeys,
  idByUniqueKey,
  idsByExternalId,
  idsByExternalIds,
  lockResource,
  lockResources,
} from '../../src/storage/resources.ts';
import { insertResources, updateResources } from '../../src/storage/write-resources.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';
import { type Statements, watchStatements } from '../support/statements.ts';
import { AT, idsWhere, insertGroup, insertUser } from './fixtures.ts';

const LATER = new Date('2026-11-22T00:00:00.000Z');

describeEachDatabase('resources', (open) => {
  let storage: Storage;
  let tenantId: string;
  beforeAll(async () => {
    storage = await open();
  });
  beforeEach(() => {
    tenantId = v7();
  });

  const documentOf = (id: string, attributes: JsonObject): JsonObject => ({
    schemas: [USER_SCHEMA],
    id,
    ...attributes,
  });
  const update = (id: string, version: number, before: JsonObject, after: JsonObject, passwordHash?: string | null) =>
    updateResources(storage.db, tenantId, [
      {
        type: USER_TYPE,
        id,
        version,
        at: LATER,
        before: documentOf(id, before),
        after: documentOf(id, after),
        ...(passwordHash === undefined ? {} : { passwordHash }),
      },
    ]);
  const indexed = (id: string) =>
    rows<{ attribute: number; value: string; element: number; tag: string | null; full: string | null }>(
      storage.db,
      sql`select attribute, value, element, tag, full_value as "full" from attribute_values
        where tenant_id = ${tenantId}::uuid and resource_id = ${id}::uuid`,
    );
  const password = async (id: string) =>
    (await rows(storage.db, sql`select password_hash as hash from resources where id = ${id}::uuid`))[0];

  it('gives back what was stored', async () => {
    const id = await insertUser(storage.db, tenantId, { userName: 'jdoe', title: 'Ünïcode "quoted" \\ 😀' });
    expect(await findResource(storage.db, tenantId, USER_TYPE.number, id)).toEqual({
      id,
      version: 1,
      created: '2026-11-21T10:00:00.123Z',
      lastModified: '2026-11-21T10:00:00.123Z',
      doc: JSON.stringify(documentOf(id, { userName: 'jdoe', title: 'Ünïcode "quoted" \\ 😀' })),
    });
  });

  it('finds by tenant, type and exact id only', async () => {
    const id = await insertUser(storage.db, tenantId, { userName: 'jdoe' });
    for (const find of [findResource, lockResource]) {
      expect(await find(storage.db, tenantId, USER_TYPE.number, id)).toBeDefined();
      expect(await find(storage.db, v7(), USER_TYPE.number, id)).toBeUndefined();
      expect(await find(storage.db, tenantId, GROUP_TYPE.number, id)).toBeUndefined();
      expect(await find(storage.db, tenantId, USER_TYPE.number, v4())).toBeUndefined();
      expect(await find(storage.db, tenantId, USER_TYPE.number, id.toUpperCase())).toBeUndefined();
      expect(await find(storage.db, tenantId, USER_TYPE.number, `{${id}}`)).toBeUndefined();
      expect(await find(storage.db, tenantId, USER_TYPE.number, 'no uuid')).toBeUndefined();
    }
  });

  it('finds by folded unique key', async () => {
    const id = await insertUser(storage.db, tenantId, { userName: 'Straße@Example.com' });
    expect(await idByUniqueKey(storage.db, tenantId, USER_TYPE.number, 'strasse@example.com')).toBe(id);
    expect(await idByUniqueKey(storage.db, tenantId, GROUP_TYPE.number, 'strasse@example.com')).toBeUndefined();
    expect(await idByUniqueKey(storage.db, v7(), USER_TYPE.number, 'strasse@example.com')).toBeUndefined();
    expect(await idByUniqueKey(storage.db, tenantId, USER_TYPE.number, 'a\0b')).toBeUndefined();
  });

  it('finds by exact externalId, two at most', async () => {
    const ids: string[] = [];
    for (const userName of ['a', 'b', 'c']) {
      ids.push(await insertUser(storage.db, tenantId, { userName, externalId: 'X-1' }));
    }
    expect(await idsByExternalId(storage.db, tenantId, USER_TYPE.number, 'X-1')).toEqual(ids.slice(0, 2));
    expect(await idsByExternalId(storage.db, tenantId, USER_TYPE.number, 'x-1')).toEqual([]);
    expect(await idsByExternalId(storage.db, tenantId, USER_TYPE.number, 'a\0b')).toEqual([]);
  });

  it('refuses a second resource of the type with the same unique key', async () => {
    const first = await insertUser(storage.db, tenantId, { userName: 'jdoe' });
    const second = await insertUser(storage.db, tenantId, { userName: 'other' });
    const id = v7();
    const again = { type: USER_TYPE, id, at: AT, document: documentOf(id, { userName: 'JDOE', title: 'Dr' }) };
    expect(await insertResources(storage.db, tenantId, [again])).toEqual(new Set());
    expect(await findResource(storage.db, tenantId, USER_TYPE.number, id)).toBeUndefined();
    expect(await indexed(id)).toEqual([]);
    const updated = await update(second, 2, { userName: 'other' }, { userName: 'jDoe' }).catch(uniqueViolation);
    expect(updated).toBe('resources_unique_key');
    // Another tenant, another type, and the resource itself may have it.
    await insertUser(storage.db, v7(), { userName: 'jdoe' });
    await insertGroup(storage.db, tenantId, 'jdoe');
    await update(first, 2, { userName: 'jdoe' }, { userName: 'JDoe' });
  });

  it('writes of the indexed values only the difference', async () => {
    const before: JsonObject = {
      userName: 'jdoe',
      title: 'Dr',
      nickName: 'Jo',
      emails: [
        { value: 'a@example.com', type: 'work' },
        { value: 'b@example.com', type: 'home' },
      ],
    };
    const after: JsonObject = {
      userName: 'jdoe',
      title: 'Prof',
      emails: [
        { value: 'a@example.com', type: 'other' },
        { value: 'b@example.com', type: 'home' },
      ],
    };
    const id = await insertUser(storage.db, tenantId, before);
    await storage.db.execute(sql`update attribute_values set tag = 'untouched'
      where resource_id = ${id}::uuid and element = 1`);
    await update(id, 2, before, after);
    const fresh = v7();
    await insertResources(storage.db, v7(), [
      { type: USER_TYPE, id: fresh, at: AT, document: documentOf(fresh, after) },
    ]);
    const untouched = (await indexed(id)).filter(({ tag }) => tag === 'untouched');
    expect(untouched).toHaveLength(2);
    const others = await indexed(id);
    expect(others.find(({ value }) => value === 'a@example.com')?.tag).toBe('other');
    expect(others.map(({ value, element }) => `${element} ${value}`).toSorted()).toEqual(
      [
        `0 ${USER_SCHEMA.toLowerCase()}`,
        '0 a@example.com',
        '0 other',
        '0 prof',
        '1 b@example.com',
        '1 home',
      ].toSorted(),
    );
    expect(await findResource(storage.db, tenantId, USER_TYPE.number, id)).toMatchObject({
      version: 2,
      created: AT.toISOString(),
      lastModified: LATER.toISOString(),
      doc: JSON.stringify(documentOf(id, after)),
    });
  });

  it('indexes what is new where nothing was, and removes all there was', async () => {
    const bare: JsonObject = { userName: 'jdoe' };
    const full: JsonObject = { userName: 'jdoe', active: true, name: { familyName: 'Doe' } };
    const id = await insertUser(storage.db, tenantId, bare);
    await update(id, 2, bare, full);
    expect(await idsWhere(storage.db, tenantId, USER_TYPE, 'active eq true and name.familyName eq "DOE"')).toEqual([
      id,
    ]);
    await update(id, 3, full, bare);
    expect(await indexed(id)).toHaveLength(1);
    await update(id, 4, bare, bare);
    expect(await findResource(storage.db, tenantId, USER_TYPE.number, id)).toMatchObject({ version: 4 });
  });

  it.each([499, 500, 501])('keeps a value of %i characters whole in the index', async (length) => {
    const title = `${'T'.repeat(length - 1)}😀`;
    const id = await insertUser(storage.db, tenantId, { userName: 'jdoe', title });
    const row = (await indexed(id)).find(({ attribute }) => attribute === attributeNumber('User', 'title'));
    expect(row?.full ?? row?.value).toBe(title.toLowerCase());
    expect(row?.full === null).toBe(length <= 500);
    expect(await idsWhere(storage.db, tenantId, USER_TYPE, `title eq "${title}"`)).toEqual([id]);
    expect(await idsWhere(storage.db, tenantId, USER_TYPE, `title eq "${title}x"`)).toEqual([]);
    expect(await idsWhere(storage.db, tenantId, USER_TYPE, `title ew "t😀"`)).toEqual([id]);
    // A long value that was changed behind what the index holds of it.
    await update(id, 2, { userName: 'jdoe', title }, { userName: 'jdoe', title: `${title}!` });
    expect(await idsWhere(storage.db, tenantId, USER_TYPE, `title eq "${title}"`)).toEqual([]);
    expect(await idsWhere(storage.db, tenantId, USER_TYPE, `title eq "${title}!"`)).toEqual([id]);
  });

  it('keeps the password hash out of the document, and changes it only when asked', shows('7643-9.2-1'), async () => {
    const id = v7();
    const document = documentOf(id, { userName: 'jdoe' });
    await insertResources(storage.db, tenantId, [{ type: USER_TYPE, id, at: AT, document, passwordHash: 'hash-1' }]);
    expect(await password(id)).toEqual({ hash: 'hash-1' });
    await update(id, 2, { userName: 'jdoe' }, { userName: 'jdoe', title: 'x' });
    expect(await password(id)).toEqual({ hash: 'hash-1' });
    await update(id, 3, { userName: 'jdoe', title: 'x' }, { userName: 'jdoe', title: 'x' }, 'hash-2');
    expect(await password(id)).toEqual({ hash: 'hash-2' });
    await update(id, 4, { userName: 'jdoe', title: 'x' }, { userName: 'jdoe', title: 'x' }, null);
    expect(await password(id)).toEqual({ hash: null });
    expect((await findResource(storage.db, tenantId, USER_TYPE.number, id))?.doc).not.toContain('hash');
  });

  it('deletes the row, its values and its memberships in both directions', async () => {
    const user = await insertUser(storage.db, tenantId, { userName: 'jdoe' });
    const inner = await insertGroup(storage.db, tenantId, 'inner', [user]);
    const outer = await insertGroup(storage.db, tenantId, 'outer', [inner, user]);
    expect(await deleteResources(storage.db, tenantId, [inner])).toEqual({
      ids: new Set([inner]),
      lost: [{ group: outer, member: inner }],
    });
    expect(await findResource(storage.db, tenantId, GROUP_TYPE.number, inner)).toBeUndefined();
    expect(await indexed(inner)).toEqual([]);
    const left = await membersOf(storage.db, tenantId, [outer, inner]);
    expect(left.get(outer)?.map(({ id }) => id)).toEqual([user]);
    expect(left.get(inner)).toEqual([]);
  });

  it('leaves other tenants alone', async () => {
    const id = await insertUser(storage.db, tenantId, { userName: 'jdoe' });
    await deleteResources(storage.db, v7(), [id]);
    expect(await findResource(storage.db, tenantId, USER_TYPE.number, id)).toBeDefined();
    expect(await idsWhere(storage.db, v7(), USER_TYPE, 'userName pr')).toEqual([]);
    expect(await idsWhere(storage.db, v7(), USER_TYPE, 'not (title pr)')).toEqual([]);
  });

  it('queues those who lock one resource', async () => {
    const id = await insertUser(storage.db, tenantId, { userName: 'jdoe' });
    const bump = () =>
      inTransaction(storage.db, async (tx) => {
        const row = await lockResource(tx, tenantId, USER_TYPE.number, id);
        const document = documentOf(id, { userName: 'jdoe' });
        const version = (row?.version ?? 0) + 1;
        const change = { type: USER_TYPE, id, version, at: LATER, before: document, after: document };
        await updateResources(tx, tenantId, [change]);
      });
    await Promise.all(Array.from({ length: 20 }, bump));
    expect(await findResource(storage.db, tenantId, USER_TYPE.number, id)).toMatchObject({ version: 21 });
  });

  it('indexes extension attributes under their URN', async () => {
    const extension = { department: 'Tools', manager: { value: '26' } };
    const id = await insertUser(storage.db, tenantId, { userName: 'jdoe', [ENTERPRISE_USER_SCHEMA]: extension });
    const where = (text: string) => idsWhere(storage.db, tenantId, USER_TYPE, text);
    expect(await where(`${ENTERPRISE_USER_SCHEMA}:department eq "tools"`)).toEqual([id]);
    expect(await where(`${ENTERPRISE_USER_SCHEMA}:manager.value eq "26"`)).toEqual([id]);
    expect(await where(`${ENTERPRISE_USER_SCHEMA}:manager.value eq "27"`)).toEqual([]);
  });

  describe('by requests that come at the same time', () => {
    const MANY = 20;
    const newUser = (userName: string) => {
      const id = v7();
      return { type: USER_TYPE, id, at: AT, document: documentOf(id, { userName }) };
    };
    const atOnce = <T>(ask: (index: number) => Promise<T>) =>
      Promise.all(Array.from({ length: MANY }, (_, index) => ask(index)));
    let statements: Statements;
    beforeAll(() => {
      statements = watchStatements(storage);
    });
    beforeEach(() => statements.taken());

    it('are stored by one statement, changed by one, read by one and found by name by one', async () => {
      const list = Array.from({ length: MANY }, (_, index) => newUser(`user${index}`));
      const idAt = (index: number) => list[index]?.id ?? '';
      const stored = await atOnce((index) => insertResources(storage.db, tenantId, list.slice(index, index + 1)));
      expect(stored).toEqual(list.map(({ id }) => new Set([id])));
      const taken = statements.taken();
      // The embedded engine takes it apart, in a transaction of its own.
      const texts =
        storage.kind === 'postgres' ? taken : new Set(taken.filter((text) => !/^(begin|commit)$/.test(text)));
      expect([...texts]).toHaveLength(1);
      const title = (index: number) => ({ title: `title ${index}`, userName: `user${index}` });
      const changed = await atOnce((index) => update(idAt(index), 2, { userName: `user${index}` }, title(index)));
      expect(changed).toEqual(stored);
      expect(statements.taken()).toHaveLength(1);
      const read = await atOnce((index) => findResource(storage.db, tenantId, USER_TYPE.number, idAt(index)));
      expect(read.map((row) => JSON.parse(row?.doc ?? '').title)).toEqual(list.map((_, index) => title(index).title));
      expect(statements.taken()).toHaveLength(1);
      const named = await atOnce((index) =>
        resourceNamed(
          storage.db,
          tenantId,
          { typeNumber: USER_TYPE.number, key: `user${index === 3 ? 'nobody' : index}` },
          DOCUMENT_ONLY,
        ),
      );
      expect(named.map((row) => row?.id)).toEqual(list.map(({ id }, index) => (index === 3 ? undefined : id)));
      expect(statements.taken()).toHaveLength(1);
    });

    it('are written over the version that each was made of, once', async () => {
      const resource = newUser('one');
      const other = newUser('other');
      await insertResources(storage.db, tenantId, [resource, other]);
      const to = (id: string, userName: string, title: string) => update(id, 2, { userName }, { userName, title });
      const changed = await Promise.all([
        to(resource.id, 'one', 'first'),
        to(resource.id, 'one', 'second'),
        to(other.id, 'other', 'first'),
      ]);
      expect(changed).toEqual([new Set([resource.id]), new Set(), new Set([other.id])]);
      expect(await idsWhere(storage.db, tenantId, USER_TYPE, 'title eq "second"')).toEqual([]);
      expect(await findResource(storage.db, tenantId, USER_TYPE.number, resource.id)).toMatchObject({ version: 2 });
    });
  });

  describe('many at once', () => {
    const newUser = (attributes: JsonObject) => {
      const id = v7();
      return { type: USER_TYPE, id, at: AT, document: documentOf(id, attributes) };
    };

    it('stores all but those whose name is taken, by a stored one or an earlier one of the list', async () => {
      await insertUser(storage.db, tenantId, { userName: 'taken' });
      const list = ['zoe', 'TAKEN', 'Bob', 'bob', 'ann'].map((userName) => newUser({ userName, title: userName }));
      const stored = await insertResources(storage.db, tenantId, list);
      const expected = [list[0], list[2], list[4]].map((resource) => resource?.id);
      expect([...stored].toSorted()).toEqual(expected.toSorted());
      expect(await idsWhere(storage.db, tenantId, USER_TYPE, 'title pr')).toEqual(expected);
      expect(await insertResources(storage.db, tenantId, [])).toEqual(new Set());
    });

    it('changes each by its own difference', async () => {
      const list = [newUser({ userName: 'a', title: 'x' }), newUser({ userName: 'b', title: 'x' })];
      await insertResources(
        storage.db,
        tenantId,
        list.map((resource, index) => ({ ...resource, passwordHash: `hash-${index}` })),
      );
      const [a, b] = list.map(({ id }) => id) as [string, string];
      const changes = list.map(({ id, document }, index) => ({
        type: USER_TYPE,
        id,
        version: 2,
        at: LATER,
        before: document,
        after: documentOf(id, index === 0 ? { userName: 'a', title: 'y' } : { userName: 'c', nickName: 'n' }),
        ...(index === 0 ? { passwordHash: null } : {}),
      }));
      await updateResources(storage.db, tenantId, changes);
      expect(await idsWhere(storage.db, tenantId, USER_TYPE, 'title eq "y"')).toEqual([a]);
      expect(await idsWhere(storage.db, tenantId, USER_TYPE, 'title eq "x"')).toEqual([]);
      expect(await idsWhere(storage.db, tenantId, USER_TYPE, 'nickName eq "n" and userName eq "c"')).toEqual([b]);
      expect([await password(a), await password(b)]).toEqual([{ hash: null }, { hash: 'hash-1' }]);
      const locked = await inTransaction(storage.db, (tx) => lockResources(tx, tenantId, [b, a, v7(), 'no uuid']));
      expect([...locked].map(([id, row]) => [id, row.version, row.type])).toEqual([
        [a, 2, USER_TYPE.number],
        [b, 2, USER_TYPE.number],
      ]);
    });

    it('deletes all of them, and tells which other groups lost whom', async () => {
      const [ann, bob] = [
        await insertUser(storage.db, tenantId, { userName: 'ann' }),
        await insertUser(storage.db, tenantId, { userName: 'bob' }),
      ];
      const gone = await insertGroup(storage.db, tenantId, 'gone', [ann]);
      const left = await insertGroup(storage.db, tenantId, 'left', [ann, bob]);
      const { ids, lost } = await deleteResources(storage.db, tenantId, [ann, bob, gone]);
      expect(ids).toEqual(new Set([ann, bob, gone]));
      expect(lost.toSorted((a, b) => (a.member < b.member ? -1 : 1))).toEqual([
        { group: left, member: ann },
        { group: left, member: bob },
      ]);
      expect((await membersOf(storage.db, tenantId, [left])).get(left)).toEqual([]);
      expect(await indexed(ann)).toEqual([]);
    });

    it('finds who has which name', async () => {
      const ann = await insertUser(storage.db, tenantId, { userName: 'ann', externalId: 'x' });
      const bob = await insertUser(storage.db, tenantId, { userName: 'bob', externalId: 'x' });
      const typeNumber = USER_TYPE.number;
      const named = (...names: string[]) => names.map((name) => ({ typeNumber, name }));
      expect(await idsByExternalIds(storage.db, tenantId, named('y', 'x', 'a\0b'))).toEqual([[], [ann, bob], []]);
      expect(await holdersOfUniqueKeys(storage.db, tenantId, named('bob', 'a\0b', 'carl', 'ann'))).toEqual([
        bob,
        undefined,
        undefined,
        ann,
      ]);
    });
  });
});
