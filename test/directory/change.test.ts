import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { MEMBERS_IN_PATCH_RESPONSE } from '../../src/directory/patch.ts';
import { rows } from '../../src/storage/database.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, group, statusOf, user } from '../support/directory.ts';

const setName = (displayName: string) => [{ op: 'replace', path: 'displayName', value: displayName }];

async function eventsOf(directory: ReturnType<typeof directoryOn>, id: string) {
  return rows<{ kind: string; version: number; attributes: string[]; actor: string }>(
    directory.context.db,
    sql`select kind, version, attributes, actor from events where tenant_id = ${directory.scope.tenantId}::uuid
      and resource_id = ${id}::uuid order by id`,
  );
}

describeEachDatabase('changing', (open) => {
  it(
    'moves version and lastModified with a change, and neither without one',
    shows('7643-3.1-17', '7644-3.5.2.1-4'),
    async () => {
      const directory = directoryOn(await open());
      const { id } = await directory.create('User', user('ada', { displayName: 'Ada' }));
      const same = await directory.patch('User', id, setName('Ada'));
      expect(same.body?.meta).toMatchObject({ version: 'W/"1"', lastModified: '2026-01-01T00:00:01.000Z' });
      const changed = await directory.patch('User', id, setName('Countess'));
      expect(changed.body?.meta).toMatchObject({ version: 'W/"2"', created: '2026-01-01T00:00:01.000Z' });
      expect(changed.body?.meta).not.toMatchObject({ lastModified: '2026-01-01T00:00:01.000Z' });
      const put = await directory.replace('User', id, user('ada', { displayName: 'Countess' }));
      expect(put.etag).toBe('W/"2"');
    },
  );

  it('checks conditions against the version under the lock', async () => {
    const directory = directoryOn(await open());
    const { id } = await directory.create('User', user('ada'));
    await expect(directory.patch('User', id, setName('x'), { ifMatch: 'W/"7"' })).rejects.toMatchObject({
      status: 412,
    });
    await expect(directory.delete('User', id, { ifMatch: '"2"' })).rejects.toMatchObject({ status: 412 });
    const outcomes = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => statusOf(directory.patch('User', id, setName(name), { ifMatch: 'W/"1"' }))),
    );
    expect(outcomes.filter((outcome) => outcome === 412)).toHaveLength(3);
    expect((await directory.read('User', id)).etag).toBe('W/"2"');
    expect((await directory.patch('User', id, setName('e'), { ifMatch: '"1", W/"2"' })).etag).toBe('W/"3"');
  });

  it(
    'is atomic: a failing operation leaves everything as it was',
    shows('7644-3.5.2-13', '7644-3.5.2-14'),
    async () => {
      const directory = directoryOn(await open());
      const ada = await directory.create('User', user('ada'));
      const { id } = await directory.create('Group', group('g', [ada.id]));
      const before = (await directory.read('Group', id)).body;
      await expect(
        directory.patch('Group', id, [
          { op: 'remove', path: 'members' },
          ...setName('h'),
          { op: 'add', path: 'nope', value: 1 },
        ]),
      ).rejects.toMatchObject({ status: 400, scimType: 'invalidPath' });
      await expect(
        directory.patch('Group', id, [
          { op: 'remove', path: 'members' },
          { op: 'remove', path: 'displayName' },
        ]),
      ).rejects.toMatchObject({ status: 400, scimType: 'mutability' });
      expect((await directory.read('Group', id)).body).toEqual(before);
    },
  );

  it('refuses a rename to a name that is taken, and keeps the old one', async () => {
    const directory = directoryOn(await open());
    await directory.create('User', user('ada'));
    const { id } = await directory.create('User', user('bob'));
    const rename = [{ op: 'replace', path: 'userName', value: 'ADA' }];
    await expect(directory.patch('User', id, rename)).rejects.toMatchObject({ status: 409, scimType: 'uniqueness' });
    await expect(directory.replace('User', id, user('Ada'))).rejects.toMatchObject({ status: 409 });
    expect((await directory.read('User', id)).body.userName).toBe('bob');
  });

  it('loses none of fifty members added in parallel', async () => {
    const directory = directoryOn(await open());
    const { id } = await directory.create('Group', group('crowd'));
    const people = await Promise.all(
      Array.from({ length: 50 }, (_, index) => directory.create('User', user(`member-${index}`))),
    );
    await Promise.all(
      people.map((person) =>
        directory.patch('Group', id, [{ op: 'add', path: 'members', value: [{ value: person.id }] }]),
      ),
    );
    const { body, etag } = await directory.read('Group', id);
    expect(new Set((body.members as { value: string }[]).map((member) => member.value))).toEqual(
      new Set(people.map((person) => person.id)),
    );
    expect(etag).toBe('W/"51"');
  });

  it('leaves version and events alone when a member is added twice or one removed that is not there', async () => {
    const directory = directoryOn(await open());
    const ada = await directory.create('User', user('ada'));
    const { id } = await directory.create('Group', group('g', [ada.id]));
    const again = await directory.patch('Group', id, [{ op: 'add', path: 'members', value: [{ value: ada.id }] }]);
    expect(again.etag).toBe('W/"1"');
    expect((await directory.patch('Group', id, [{ op: 'remove', path: 'members[value eq "gone"]' }])).etag).toBe(
      'W/"1"',
    );
    expect(await eventsOf(directory, id)).toHaveLength(1);
  });

  it(
    'answers the PATCH of a group without a body once the group is too large to show',
    shows('7644-3.5.2-16', '7644-3.5.2-17'),
    async () => {
      const directory = directoryOn(await open());
      const { db } = directory.context;
      const { id } = await directory.create('Group', group('large'));
      const add = (count: number) =>
        db.execute(sql`insert into members (tenant_id, group_id, member_id, type)
        select ${directory.scope.tenantId}::uuid, ${id}::uuid, gen_random_uuid(), 1 from generate_series(1, ${count}::int)`);
      await add(MEMBERS_IN_PATCH_RESPONSE);
      expect((await directory.patch('Group', id, setName('a'))).body?.displayName).toBe('a');
      await add(1);
      expect(await directory.patch('Group', id, setName('b'))).toEqual({
        id,
        etag: 'W/"3"',
        location: `https://scim.example/scim/v2/Groups/${id}`,
      });
      const asked = await directory.patch('Group', id, setName('c'), {}, { excludedAttributes: 'members' });
      expect(asked.body?.displayName).toBe('c');
    },
  );

  it('records who changed what, and tells a suspension from a removal', async () => {
    const directory = directoryOn(await open());
    const { id } = await directory.create('User', user('ada', { password: 'x' }));
    await directory.patch('User', id, [{ op: 'replace', value: { active: false, title: 'Countess' } }]);
    await directory.patch('User', id, [{ op: 'replace', value: { password: 'secret' } }]);
    await directory.replace('User', id, user('ada', { active: true }));
    await directory.delete('User', id);
    const actor = 'credential:test';
    expect(await eventsOf(directory, id)).toEqual([
      { kind: 'create', version: 1, attributes: ['userName', 'active'], actor },
      { kind: 'patch', version: 2, attributes: ['title', 'active'], actor },
      { kind: 'deactivate', version: 2, attributes: ['title', 'active'], actor },
      { kind: 'patch', version: 3, attributes: ['password'], actor },
      { kind: 'put', version: 4, attributes: ['title', 'active'], actor },
      { kind: 'activate', version: 4, attributes: ['title', 'active'], actor },
      { kind: 'delete', version: 4, attributes: ['userName', 'active'], actor },
    ]);
  });

  describe('deleting', () => {
    it('takes the user out of every group, moves those on, and frees the name', async () => {
      const directory = directoryOn(await open());
      const ada = await directory.create('User', user('ada'));
      const { id } = await directory.create('Group', group('g', [ada.id]));
      await directory.delete('User', ada.id);
      const { body, etag } = await directory.read('Group', id);
      expect(body).not.toHaveProperty('members');
      expect(etag).toBe('W/"2"');
      expect((await eventsOf(directory, id)).map((event) => event.kind)).toEqual(['create', 'patch']);
      await expect(directory.read('User', ada.id)).rejects.toMatchObject({ status: 404 });
      await expect(directory.patch('User', ada.id, setName('x'))).rejects.toMatchObject({ status: 404 });
      await expect(directory.delete('User', ada.id)).rejects.toMatchObject({ status: 404 });
      const again = await directory.create('User', user('ada'));
      expect(again.id).not.toBe(ada.id);
      expect(again.body).not.toHaveProperty('groups');
    });

    it('survives deletes beside additions to the same group', async () => {
      const directory = directoryOn(await open());
      const { id } = await directory.create('Group', group('busy'));
      const people = await Promise.all(
        Array.from({ length: 20 }, (_, index) => directory.create('User', user(`p${index}`))),
      );
      await Promise.all(
        people.flatMap(({ id: value }, index) => [
          directory.patch('Group', id, [{ op: 'add', path: 'members', value: [{ value }] }]),
          ...(index % 2 === 0 ? [directory.delete('User', value)] : []),
        ]),
      );
      const { body } = await directory.read('Group', id);
      const left = people.filter((_, index) => index % 2 === 1).map((person) => person.id);
      expect((body.members as { value: string }[]).map((member) => member.value).sort()).toEqual(left.sort());
    });
  });
});
