import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { rows } from '../../src/storage/database.ts';
import { shows } from '../support/conformance.ts';
import { describeEachDatabase } from '../support/database.ts';
import { directoryOn, group, statusOf, user } from '../support/directory.ts';

describeEachDatabase('creating', (open) => {
  it('answers the stored resource with id, meta and ETag', async () => {
    const directory = directoryOn(await open());
    const created = await directory.create('User', user('Ada@Example.com', { id: 'mine', meta: { created: 'never' } }));
    expect(created.body).toMatchObject({ userName: 'Ada@Example.com', active: true, id: created.id });
    expect(created.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(created.body.meta).toEqual({
      resourceType: 'User',
      created: '2026-01-01T00:00:01.000Z',
      lastModified: '2026-01-01T00:00:01.000Z',
      location: `https://scim.example/scim/v2/Users/${created.id}`,
      version: 'W/"1"',
    });
    expect(created.etag).toBe('W/"1"');
    expect((await directory.read('User', created.id)).body).toEqual(created.body);
  });

  it('refuses a userName that is taken in another letter case, and a group name too', async () => {
    const directory = directoryOn(await open());
    await directory.create('User', user('Straße'));
    await expect(directory.create('User', user('STRASSE'))).rejects.toMatchObject({
      status: 409,
      scimType: 'uniqueness',
    });
    await directory.create('Group', group('Everyone'));
    await expect(directory.create('Group', group('EVERYONE'))).rejects.toMatchObject({ status: 409 });
    const other = directoryOn(await open());
    expect((await other.create('User', user('Straße'))).etag).toBe('W/"1"');
  });

  it('lets one of two parallel creates of one userName win', shows('7643-4.1.1-2', '7643-7-20'), async () => {
    const directory = directoryOn(await open());
    const outcomes = await Promise.all([
      statusOf(directory.create('User', user('twin'))),
      statusOf(directory.create('User', user('TWIN'))),
    ]);
    expect(outcomes.filter((outcome) => outcome === 409)).toHaveLength(1);
    expect(await directory.search('User', {})).toMatchObject({ totalResults: 1 });
  });

  describe('passwords', () => {
    const stored = async (directory: ReturnType<typeof directoryOn>, id: string) => {
      const [row] = await rows<{ hash: string; doc: string }>(
        directory.context.db,
        sql`select password_hash as hash, doc from resources where tenant_id = ${directory.scope.tenantId}::uuid
          and id = ${id}::uuid`,
      );
      return row;
    };

    it(
      'keeps a chosen password as a slow hash only, and never shows it',
      shows('7643-9.2-1', '7644-7.7-1'),
      async () => {
        const directory = directoryOn(await open());
        const created = await directory.create('User', user('pw', { password: 'correct horse' }), {
          attributes: 'password',
        });
        expect(created.body).not.toHaveProperty('password');
        const row = await stored(directory, created.id);
        expect(row?.hash).toBe('hash of correct horse');
        expect(row?.doc).not.toContain('correct horse');
      },
    );

    it('generates one when none is sent, without the slow hash', shows('7644-3.3-2'), async () => {
      const directory = directoryOn(await open(), { hashPassword: () => Promise.reject(new Error('slow hash used')) });
      const one = await stored(directory, (await directory.create('User', user('a'))).id);
      const two = await stored(directory, (await directory.create('User', user('b'))).id);
      expect(one?.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(one?.hash).not.toBe(two?.hash);
    });
  });

  it('puts members into the group and shows the group on each', shows('7643-4.2-4'), async () => {
    const directory = directoryOn(await open());
    const ada = await directory.create('User', user('ada', { displayName: 'Ada' }));
    const inner = await directory.create('Group', group('inner', [ada.id]));
    expect(inner.body.members).toEqual([
      { value: ada.id, $ref: `https://scim.example/scim/v2/Users/${ada.id}`, display: 'Ada', type: 'User' },
    ]);
    const outer = await directory.create('Group', group('outer', [inner.id]));
    const { groups } = (await directory.read('User', ada.id)).body;
    expect(groups).toEqual([
      { value: inner.id, $ref: `https://scim.example/scim/v2/Groups/${inner.id}`, display: 'inner', type: 'direct' },
      { value: outer.id, $ref: `https://scim.example/scim/v2/Groups/${outer.id}`, display: 'outer', type: 'indirect' },
    ]);
  });

  it('leaves out unknown members where the dialect says so, else refuses and creates nothing', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    const lenient = directoryOn(await open());
    expect((await lenient.create('Group', group('g', [nobody, 'no-uuid']))).body).not.toHaveProperty('members');
    const strict = directoryOn(await open(), { grade: 'strict' });
    await expect(strict.create('Group', group('g', [nobody]))).rejects.toMatchObject({
      status: 400,
      scimType: 'invalidValue',
      detail: expect.stringContaining(nobody),
    });
    expect(await strict.search('Group', {})).toMatchObject({ totalResults: 0 });
  });
});
